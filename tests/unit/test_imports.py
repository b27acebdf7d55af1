"""Import rules that import-linter has no contract for; the others are in pyproject.toml."""

import ast
from pathlib import Path

import pytest

from tests.support.paths import ROOT


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("file", python_files("bot", "cogs", "sandbox"), ids=str)
def test_no_import_for_type_checkers_only(file: Path) -> None:
    assert "TYPE_CHECKING" not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", python_files("bot", "cogs"), ids=str)
def test_imports_are_absolute(file: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.lstrip().startswith("from .")]


@pytest.mark.parametrize("file", python_files("tests"), ids=str)
def test_nothing_is_imported_from_a_test_or_a_conftest(file: Path) -> None:
    """What two test modules need belongs into tests/support."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not [found for node in imported for found in _modules(node) if _is_test(found)]


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that a statement names, and the names that may be modules."""
    names = [alias.name for alias in node.names]
    if isinstance(node, ast.Import):
        return names
    return [f"{node.module}.{name}" for name in names]


def _is_test(name: str) -> bool:
    root, *parts = name.split(".")
    return root == "tests" and any(part == "conftest" or part.startswith("test_") for part in parts)
