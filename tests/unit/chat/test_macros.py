"""Macros of cards and lorebooks."""

import pytest
from hypothesis import given

from bot.chat.macros import MacroValues, expand
from tests.support.chat_prompts import NOW, TEXTS

VALUES = MacroValues("Alice", "Bob", NOW, original="DEFAULT", turn="7", lasting="1")


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("{{char}} and {{user}}", "Alice and Bob"),
        ("{{ CHAR }} and {{User}}", "Alice and Bob"),
        ("<BOT>, <user>, <Char>", "Alice, Bob, Alice"),
        ("{{original}}!", "DEFAULT!"),
        ("a{{// a comment about {{char}} }}b", "ab"),
        ("a{{comment: seen}}b", "ab"),
        ("a{{hidden_key:castle}}b", "ab"),
        ("{{reverse:Hello}}", "olleH"),
        ("{{reverse:{{char}}}}", "ecilA"),
        ("{{random:{{char}}}}", "Alice"),
        (r"{{pick:a\,b}}", "a,b"),
        ("{{random::one::one}}", "one"),
        ("{{roll:1}} {{roll:d1}} {{roll 3d1}}", "1 1 3"),
        ("{{roll:x}}{{roll:0}}", "{{roll:x}}{{roll:0}}"),
        ("{{time}} {{date}} {{weekday}}", "14:05 1 December 2026 Tuesday"),
        ("{{isotime}} {{isodate}}", "14:05 2026-12-01"),
        ("a{{newline}}b{{noop}}", "a\nb"),
        ("a\n\n{{trim}}\n\nb", "ab"),
        (
            "{{unknown}} {{unknown:x}} {{}} {{[INPUT]}}",
            "{{unknown}} {{unknown:x}} {{}} {{[INPUT]}}",
        ),
        ("{char} {{char", "{char} {{char"),
    ],
)
def test_macros(text: str, becomes: str) -> None:
    assert expand(text, VALUES) == becomes


def test_hidden_keys_are_shown_for_the_search_of_keys() -> None:
    text = "a{{hidden_key:castle}}{{// comment}}{{comment: x}}"
    assert expand(text, VALUES, keys=True) == "acastle"


def test_time_is_unknown_without_a_clock() -> None:
    assert expand("{{time}}", MacroValues("Alice", "Bob")) == "{{time}}"


def test_chance_is_the_same_for_a_repeat_and_another_for_the_next_turn() -> None:
    text = "{{random:a,b,c,d,e,f,g,h}} {{roll:1000}} {{pick:a,b,c,d,e,f,g,h}}"
    first = expand(text, VALUES)
    assert first == expand(text, VALUES)
    others = {expand(text, MacroValues("A", "B", turn=str(n), lasting="1")) for n in range(20)}
    assert len({other.split(" ")[0] for other in others}) > 1
    assert len({other.split(" ")[1] for other in others}) > 10
    assert len({other.split(" ")[2] for other in others}) == 1


def test_places_of_one_text_choose_for_themselves() -> None:
    assert len(set(expand("{{roll:1000}} " * 20, VALUES).split())) > 10


def test_dice_are_within_their_range() -> None:
    rolls = [int(expand("{{roll:d6}}", MacroValues("A", "B", turn=str(n)))) for n in range(60)]
    assert set(rolls) == {1, 2, 3, 4, 5, 6}


@given(TEXTS)
def test_any_text_is_expanded(text: str) -> None:
    assert expand(text, VALUES) == expand(text, VALUES)


def test_text_of_macros_alone_stays_bounded() -> None:
    assert (
        len(expand("{{original}}" * 3_000, MacroValues("A", "B", original="x" * 1_000))) <= 400_000
    )
