"""docs/security.md promises tests: they are there, and every test of this folder is on the page."""

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT
from tests.support.source_files import functions_in

SECURITY_PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TABLE_ROWS = [
    line for line in SECURITY_PAGE.splitlines() if line.startswith("| ") and "---" not in line
]
NAMED_TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", SECURITY_PAGE)))


def test_every_row_names_what_tries_it() -> None:
    rows = [row for row in TABLE_ROWS if not row.startswith("| protected | measure |")]
    assert len(rows) > 20
    for row in rows:
        assert re.search(r"\| (`(tests/|\.ci/)[^`]+`(, )?)+ \|$", row), row


@pytest.mark.parametrize(
    ("file", "name"), NAMED_TESTS, ids=[f"{file}:{name}" for file, name in NAMED_TESTS]
)
def test_what_a_row_names_is_there(file: str, name: str) -> None:
    found = functions_in(ROOT / file)
    assert name in found if name else any(one.startswith("test_") for one in found)


def test_every_file_of_this_folder_is_on_the_page() -> None:
    here = {f"tests/security/{file.name}" for file in Path(__file__).parent.glob("test_*.py")}
    assert here - {file for file, _ in NAMED_TESTS} <= {"tests/security/test_chat_page.py"}
