""""""

import re
import string

import pytest

from bot.cards import details, formatting, labels, progress, request_card
from bot.cards.results import alchemy_result, image_result, text_result
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.domain.results import Phase
from tests.support.paths import ROOT

TABLES = (
    labels.PAYERS,
    labels.PHASES,
    progress.DOING,
    request_card.TITLES,
    request_card.REASONS,
)
MODULES = (labels, request_card, progress, details, image_result, text_result, alchemy_result)


def sentences() -> list[str]:
    found = [text for table in TABLES for text in table.values()]
    return found + [
        text
        for module in MODULES
        for name, text in vars(module).items()
        if name.isupper() and isinstance(text, str) and text.strip(" ·")
    ]


def test_every_state_and_payer_has_words() -> None:
    assert set(labels.PHASES) == set(Phase)
    assert set(labels.PAYERS) == set(Payer)
    assert set(progress.DOING) == set(Kind)
    assert len({formatting.count(2, kind) for kind in Kind}) == len(Kind)
    ends = {phase for phase in Phase if not phase.is_open}
    failures = ends - {Phase.DONE, Phase.PARTIAL, Phase.HELD}
    assert set(request_card.TITLES) == set(request_card.REASONS) == failures


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
    assert formatting.ordinal(number) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        *((-3, "0 s"), (0.4, "0 s"), (14, "14 s"), (59.6, "1 min"), (125, "2 min 5 s")),
        *((3_780, "1 h 3 min"), (7_200, "2 h"), (200_000, "2 days")),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert formatting.duration(seconds).replace(formatting.NBSP, " ") == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        *((16.4, "16 kudos"), (0.42, "0.4 kudos"), (12_345.6, "12,346 kudos")),
        *((-50.0, "-50 kudos"), (-0.42, "-0.4 kudos")),
    ],
)
def test_kudos(amount: float, said: str) -> None:
    assert formatting.kudos(amount).replace(formatting.NBSP, " ") == said


def test_lists_and_counts() -> None:
    assert formatting.listed(["1"]) == "1"
    assert formatting.listed(["1", "2", "4"]) == "1, 2 and 4"
    assert formatting.either(["1", "2", "4"]) == "1, 2 or 4"
    assert formatting.numbers([3]) == "3"
    assert formatting.numbers([1, 2, 4, 5, 6, 9]) == "1, 2, 4 to 6 and 9"
    assert formatting.count(1, Kind.IMAGE) == "1 image"
    assert formatting.count(4, Kind.TEXT) == "4 texts"


def test_a_backend_has_a_name_people_know() -> None:
    assert formatting.backend("horde") == "AI Horde"
    assert formatting.backend("aipg") == "aipg"
