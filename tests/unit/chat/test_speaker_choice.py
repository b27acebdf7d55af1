"""Which character answers."""

import pytest

from bot.chat.speaker_choice import next_speaker
from bot.domain.chat.conversations import Answering

CAST = (1, 2, 3)
NAMES = {1: ("Alice", "Alice Liddell"), 2: ("Bo",), 3: ("Mad Hatter",)}


@pytest.mark.parametrize(
    ("line", "last", "speaker"),
    [
        ("Hello, Alice!", 2, 1),
        ("hello, mad hatter and Alice", 1, 3),
        ("Hatter, more tea", 1, 3),
        ("Bo?", 1, 2),
        ("Liddell?", 2, 1),
        ("About bosses", 3, 3),
        ("Hello", 2, 2),
        ("Hello", 0, 1),
        ("Hello", 9, 1),
    ],
)
def test_mentioned_character_answers(line: str, last: int, speaker: int) -> None:
    assert next_speaker(CAST, NAMES, line, last, Answering.MENTIONED) == speaker


@pytest.mark.parametrize(("last", "speaker"), [(0, 1), (1, 2), (3, 1), (9, 1)])
def test_characters_answer_in_turn(last: int, speaker: int) -> None:
    assert next_speaker(CAST, NAMES, "Alice", last, Answering.IN_TURN) == speaker


def test_first_character_answers_when_it_is_chosen() -> None:
    assert next_speaker(CAST, NAMES, "Bo", 2, Answering.CHOSEN) == 1


def test_no_character_is_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        next_speaker((), {}, "Hello", 0, Answering.MENTIONED)
