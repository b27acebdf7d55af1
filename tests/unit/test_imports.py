"""Import rules that import-linter has no contract for; the others are in pyproject.toml."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("file", python_files("bot", "cogs", "sandbox"), ids=str)
def test_no_import_for_type_checkers_only(file: Path) -> None:
    assert "TYPE_CHECKING" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", python_files("bot", "cogs"), ids=str)
def test_imports_are_absolute(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.lstrip().startswith("from .")]
