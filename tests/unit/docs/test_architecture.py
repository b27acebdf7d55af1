"""docs/architecture.md and docs/extending.md name modules, classes and functions that exist."""

import importlib
import re
from functools import reduce
from pathlib import Path

import pytest

from tests.support.paths import ROOT

ARCHITECTURE_PAGES = ("architecture.md", "extending.md")
DOTTED_NAME = re.compile(r"`((?:bot|cogs|sandbox)(?:\.\w+)+)(?:\(\.\.\.\))?`")
CONTRACT_LAYERS = re.compile(r"`(\w+)`")


def dotted_names(page: str) -> list[str]:
    """Every dotted name of the page's text."""
    return sorted(set(DOTTED_NAME.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))))


def named_object(name: str) -> object:
    """The module, class, function or attribute of that dotted name. Raises AttributeError."""
    parts = name.split(".")
    for size in range(len(parts), 0, -1):
        try:
            module = importlib.import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        return reduce(getattr, parts[size:], module)
    raise AttributeError(name)


@pytest.mark.parametrize(
    "name", [name for page in ARCHITECTURE_PAGES for name in dotted_names(page)]
)
def test_named_things_exist(name: str) -> None:
    assert named_object(name) is not None


def test_the_way_of_a_request_is_named_in_full() -> None:
    assert len(dotted_names("architecture.md")) > 25


def test_every_package_is_in_the_tree_and_in_a_layer() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    tree = page[page.index("```\nbot/") : page.index("```\n\nThe sandbox")]
    layers = page[page.index("| layer | packages |") : page.index("- Only `client`")]
    packages = {path.parent.name for path in Path(ROOT / "bot").glob("*/__init__.py")}
    assert {name for name in packages if f"  {name}/" not in tree} == set()
    assert packages - set(CONTRACT_LAYERS.findall(layers)) == set()
