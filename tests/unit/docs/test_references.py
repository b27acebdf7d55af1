"""References from code and settings to documents lead to a page and to a heading of it."""

import re
from pathlib import Path

import pytest

from tests.support.pages import anchors
from tests.support.paths import ROOT

FOLDERS = ("bot", "cogs", "sandbox", "tests", "bench", "docs")
ENDINGS = frozenset({".py", ".sql", ".toml", ".yaml", ".yml"})
DOCUMENT_NAME = re.compile(r"\b(?<![/:.])((?:[\w-]+/)*[\w-]+\.md)\b(#[\w-]+)?")
FOREIGN = re.compile(  # names of documents that are not in the repository
    r"\bHORDE(?:\.md)? \d|\bHORDE: [a-z]|\bPRODUCT\b|\bARCHITECTURE\b|\bREDESIGN\b|\bHORDE-NEWER\b"
)


def files_with_references() -> list[Path]:
    """Every file of code or settings, without stored data of tests."""
    inside = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))
    found = [*inside, *ROOT.glob("*.toml"), *(ROOT / ".github").rglob("*")]
    this = Path(__file__)
    return sorted(p for p in found if p.suffix in ENDINGS and p.is_file() and p != this)


def broken(text: str) -> list[str]:
    """References of that text to pages or headings that do not exist."""
    wrong = FOREIGN.findall(text)
    for name, anchor in DOCUMENT_NAME.findall(text):
        page = ROOT / name if (ROOT / name).exists() else ROOT / "docs" / name
        if not page.exists():
            wrong.append(name)
        elif anchor and anchor[1:] not in anchors(page.read_text(encoding="utf-8")):
            wrong.append(name + anchor)
    return wrong


def test_every_reference_can_be_followed() -> None:
    found = {path: broken(path.read_text(encoding="utf-8")) for path in files_with_references()}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    "text",
    [
        "# HORDE 1.8: cached",
        "(HORDE.md 4.2)",
        "# PRODUCT: 300 characters",
        "# docs/horde-api.md#no-such-heading",
        "# docs/nowhere.md",
        "# nowhere.md",
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(text: str) -> None:
    assert broken(text) != []


def test_a_reference_to_a_heading_is_accepted() -> None:
    assert broken("# docs/horde-api.md#rate-limits") == []


def test_the_code_refers_to_the_description_of_the_api() -> None:
    files = (path for folder in ("bot", "cogs") for path in (ROOT / folder).rglob("*.py"))
    found = [DOCUMENT_NAME.findall(path.read_text(encoding="utf-8")) for path in files]
    assert sum(name == "docs/horde-api.md" for each in found for name, _ in each) > 30
