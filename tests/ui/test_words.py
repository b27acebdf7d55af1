import re
import string
from pathlib import Path

import pytest

from bot.records import Payer
from bot.requests import Kind
from bot.results import Phase
from bot.ui import words

ROOT = Path(__file__).parents[2]


def sentences() -> list[str]:
    tables = (words.PAYERS, words.PHASES, words.DOING, words.TITLES, words.REASONS)
    found = [text for table in tables for text in table.values()]
    return found + [text for name, text in vars(words).items() if is_sentence(name, text)]


def is_sentence(name: str, value: object) -> bool:
    return name.isupper() and isinstance(value, str)


def test_every_state_and_payer_has_words() -> None:
    assert set(words.PHASES) == set(Phase)
    assert set(words.PAYERS) == set(Payer)
    assert set(words.THINGS) == set(words.DOING) == set(Kind)
    ends = {phase for phase in Phase if not phase.is_open}
    failures = ends - {Phase.DONE, Phase.PARTIAL, Phase.HELD}
    assert set(words.TITLES) == set(words.REASONS) == failures


def test_sentences_are_short_and_mention_nobody() -> None:
    assert len(sentences()) > 40
    for text in sentences():
        assert len(text) <= 160, text
        assert "@" not in text
        assert not text.startswith(" ")
        assert not text.endswith("!")  # warm, not loud


def test_placeholders_are_the_ones_that_are_filled() -> None:
    used = {name for text in sentences() for _, name, _, _ in string.Formatter().parse(text)}
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "bot").rglob("*.py"))
    code += "".join(file.read_text(encoding="utf-8") for file in (ROOT / "cogs").glob("*.py"))
    assert [name for name in used - {None} if not re.search(rf"\b{name}=", code)] == []


@pytest.mark.parametrize(
    ("number", "said"),
    [
        *((1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th")),
        *((13, "13th"), (21, "21st"), (102, "102nd"), (111, "111th"), (1_003, "1,003rd")),
    ],
)
def test_ordinals(number: int, said: str) -> None:
    assert words.ordinal(number) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        *((-3, "0 s"), (0.4, "0 s"), (14, "14 s"), (59.6, "1 min"), (125, "2 min 5 s")),
        *((3_780, "1 h 3 min"), (7_200, "2 h"), (200_000, "2 days")),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert words.duration(seconds).replace(words.NBSP, " ") == said


@pytest.mark.parametrize(
    ("amount", "said"), [(16.4, "16 kudos"), (0.42, "0.4 kudos"), (12_345.6, "12,346 kudos")]
)
def test_kudos(amount: float, said: str) -> None:
    assert words.kudos(amount).replace(words.NBSP, " ") == said


def test_lists_and_counts() -> None:
    assert words.listed(["1"]) == "1"
    assert words.listed(["1", "2", "4"]) == "1, 2 and 4"
    assert words.listed(["1", "2", "4"], "or") == "1, 2 or 4"
    assert words.numbers([3]) == "3"
    assert words.numbers([1, 2, 4, 5, 6, 9]) == "1, 2, 4 to 6 and 9"
    assert words.count(1, Kind.IMAGE) == "1 picture"
    assert words.count(4, Kind.TEXT) == "4 texts"


def test_a_backend_has_a_name_people_know() -> None:
    assert words.backend("horde") == "the Horde"
    assert words.backend("aipg") == "aipg"
