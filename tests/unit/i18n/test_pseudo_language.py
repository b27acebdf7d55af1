"""The pseudo-language of the whole-bot tests can be turned back and keeps what programs read."""

from hypothesis import given
from hypothesis import strategies as st

from tests.support.pseudo_language import KEPT, plain, pseudo

english = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=200)


@given(english)
def test_a_message_comes_back(message: str) -> None:
    assert plain({"a": [pseudo(message)]}) == {"a": [message]}


@given(english)
def test_a_message_is_longer_and_keeps_placeholders_and_commands(message: str) -> None:
    text = pseudo(message)
    assert len(text) >= 1.4 * len(message.rstrip())
    assert KEPT.findall(text) == KEPT.findall(message)


def test_letters_are_accented() -> None:
    assert (
        pseudo("Use {name} at `--seed` in /imagine")
        == "Ụṣẹ {name} ạṭ `--seed` ịṇ /imagine˙˙˙˙˙˙˙˙˙˙˙˙˙˙"
    )
