"""What of a model's text becomes the message of its character."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.chat.post_processing import clean_answer, whole_sentences
from bot.chat.templates import TEMPLATES, template_stops
from bot.domain.requests.chat_turn import ChatTurn

TURN = ChatTurn(
    conversation=1,
    name="Alice",
    template="ChatML",
    stops=("###", "\nBob:"),
    others=("Bob", "Carol Ann"),
)
PIECES = (
    *("Alice:", "Bob:", "\nBob:", "\n**Bob**:", "\n*Carol Ann:*", "\n[Bob]: ", "Bo", "\nB", "\nAl"),
    *(
        "###",
        "##",
        "#",
        "<|im_end|>",
        "<|im_",
        "\n",
        " ",
        "word ",
        "The end. ",
        "**",
        "*",
        ":",
        "\r\n",
    ),
)
ANY = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(PIECES), max_size=14).map("".join))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello.", "Hello."),
        (" Hello. \n", "Hello."),
        ("Alice: Hello.", "Hello."),
        ("alice : Hello.", "Hello."),
        ("**Alice:** Hello.", "Hello."),
        ("**Alice**: Hello.", "Hello."),
        ("*Alice:* Hello.", "Hello."),
        ('"Alice": Hello.', "Hello."),
        ("[Alice]: Hello.", "Hello."),
        ("Alice: Alice: Hello.", "Hello."),
        ("*Alice smiles.* Hello.", "*Alice smiles.* Hello."),
        ("Alice said: Hello.", "Alice said: Hello."),
        ("Hello.\nAlice: Again.", "Hello.\nAlice: Again."),
        ("Hello.\nBob: Hi.", "Hello."),
        ("Hello.\nbob: Hi.", "Hello."),
        ("Hello.\n\n**Bob:** Hi.", "Hello."),
        ("Hello.\n> Bob: Hi.", "Hello."),
        ("Hello.\nCarol Ann: Hi.", "Hello."),
        ("Hello.\nBob\uff1aHi.", "Hello."),
        ("Alice\uff1aHello.", "Hello."),
        ("Bob: Hi.", ""),
        ("Alice: Bob: Hi.", ""),
        ("Hello, Bob: sit down.", "Hello, Bob: sit down."),
        ("Hello.\nBobby: x", "Hello.\nBobby: x"),
        ("Hello.### Instruction", "Hello."),
        ("Hello.<|im_end|>\n<|im_start|>user", "Hello."),
        ("Hello.\r\nBob: Hi.", "Hello."),
        ("", ""),
    ],
)
def test_message_of_a_whole_text(text: str, message: str) -> None:
    assert clean_answer(text, TURN) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello.\n", "Hello."),
        ("Hello.\nBo", "Hello."),
        ("Hello.\n**Bo", "Hello."),
        ("Hello.\nBob", "Hello."),
        ("Hello.\nBobby", "Hello.\nBobby"),
        ("Hello.\nCarol A", "Hello."),
        ("Hello. ##", "Hello."),
        ("Hello. <|im_e", "Hello."),
        ("Ali", ""),
        ("**Ali", ""),
        ("Alice: He", "He"),
        ("Bo", ""),
        ("Hello. Bo", "Hello. Bo"),
    ],
)
def test_text_that_grows_holds_back_what_may_end_it(text: str, message: str) -> None:
    assert clean_answer(text, TURN, partial=True) == message


def test_continued_text_keeps_its_beginning() -> None:
    turn = TURN.model_copy(update={"continued": "Once"})
    assert clean_answer(" upon a time.", turn) == " upon a time."
    assert clean_answer("Alice: no", turn) == "Alice: no"


def test_turn_without_a_name_is_no_line() -> None:
    turn = ChatTurn(conversation=1, action="summary")
    assert clean_answer("Alice: They met.", turn) == "Alice: They met."


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("One. Two. Thr", "One. Two."),
        ("One! *She smiles.* And th", "One! *She smiles.*"),
        ('"One?" she', '"One?"'),
        ("第一。第二", "第一。"),
        ("Pi is 3.14 and", "Pi is 3.14 and"),
        ("no end", "no end"),
        ("One.", "One."),
        ("She waves. *and smiles*", "She waves. *and smiles*"),
        ("A list:\n- one\n- tw", "A list:\n- one"),
    ],
)
def test_unfinished_last_sentence(text: str, whole: str) -> None:
    assert whole_sentences(text) == whole
    assert clean_answer(text, TURN) == text
    assert clean_answer(text, TURN.model_copy(update={"whole_sentences": True})) == whole


@given(ANY, st.sampled_from(sorted(TEMPLATES)), st.booleans(), st.booleans())
def test_no_stop_and_no_line_of_another_side_is_shown(
    text: str, template: str, partial: bool, whole: bool
) -> None:
    turn = TURN.model_copy(update={"template": template, "whole_sentences": whole})
    shown = clean_answer(text, turn, partial=partial)
    assert not any(stop in shown for stop in (*turn.stops, *template_stops(template)))
    lines = [line.strip(' *_[]("“”>').casefold() for line in shown.split("\n")]
    assert not any(line.startswith(("bob:", "carol ann:")) for line in lines)


@given(ANY, ANY)
@example("Hello.\n", "Bob: x")
@example("Al", "ice: x")
@example("**Alice", ":** x")
@example("Alice:", "**x")
def test_growing_text_never_shows_more_than_the_whole_one(begun: str, rest: str) -> None:
    before = clean_answer(begun, TURN, partial=True)
    assert clean_answer(begun + rest, TURN).startswith(before)


@given(ANY)
def test_cleaned_text_is_clean(text: str) -> None:
    assert clean_answer(clean_answer(text, TURN), TURN) == clean_answer(text, TURN)
