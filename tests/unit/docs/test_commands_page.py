"""docs/commands.md is what docs/generate.py writes, and every example can be typed."""

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

import pytest
from discord import app_commands

import bot.cards
import bot.ui
import cogs
from bot.domain.capabilities import HORDE
from bot.ui.operator.help_topics import TOPICS
from docs import generate
from tests.support.commands_page import command_of, fits, options_of
from tests.support.paths import PAGES, ROOT

DISCORD_MAX = 4_000  # characters of a message's text
COMMAND_EXAMPLE = re.compile(r"`(/[^`\n]+)`")


@pytest.fixture(scope="module")
def tree() -> dict[str, generate.Command]:
    import asyncio  # noqa: PLC0415 - a loop of its own, for all tests of this file

    found = asyncio.run(generate.tree())
    return {c.qualified_name: c for c in found if isinstance(c, app_commands.Command)}


async def test_the_page_is_current() -> None:
    page = generate.page(await generate.tree())
    assert generate.PAGE.read_text(encoding="utf-8") == page, "run: python -m docs.generate"


def test_every_command_and_option_is_described(tree: dict[str, generate.Command]) -> None:
    page = generate.PAGE.read_text(encoding="utf-8")
    for name, command in tree.items():
        assert f"## /{name}\n\n{command.description}\n" in page
        assert 1 <= len(command.description) <= 100
        for option in command.parameters:
            assert f"| `{option.display_name}`" in page
            assert option.description != "…", f"/{name} {option.name} has no description"


def modules_of(*packages: ModuleType) -> Iterator[ModuleType]:
    for package in packages:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def examples() -> list[str]:
    texts = [topic.text_for(HORDE) for topic in TOPICS.values()]
    for module in modules_of(bot.cards, bot.ui, cogs):
        nodes = ast.walk(ast.parse(inspect.getsource(module)))
        constants = [one.value for one in nodes if isinstance(one, ast.Constant)]
        texts += [text for text in constants if isinstance(text, str)]
    texts += [page.read_text(encoding="utf-8") for page in PAGES]
    return sorted({found for text in texts for found in COMMAND_EXAMPLE.findall(text)})


@pytest.mark.parametrize("example", examples())
def test_every_example_can_be_typed(example: str, tree: dict[str, generate.Command]) -> None:
    is_whole = re.match(r"/[a-z]+( [a-z]+)?$", example)
    if is_whole and any(name.startswith(example[1:] + " ") for name in tree):
        return  # a group, named as a whole
    if re.match(r"/(healthz|metrics|ring|data|v1|api|dev|etc|home|opt)", example):
        return  # no command
    command = command_of(example, tree)
    assert command is not None, f"{example}: no such command"
    rest = example.removeprefix(f"/{command.qualified_name}").strip()
    if not rest:
        return  # the command is named, not used
    given = options_of(rest, command)
    for option in command.parameters:
        assert not option.required or option.name in given, f"{example}: {option.name} is missing"
    for name, value in given.items():
        assert fits(value, next(o for o in command.parameters if o.name == name)), (name, value)


@pytest.mark.parametrize("name", list(TOPICS))
def test_help_pages_fit(name: str) -> None:
    assert len(TOPICS[name].text_for(HORDE)) < DISCORD_MAX
    assert len(TOPICS[name].label) <= 100
    assert len(TOPICS) <= 25


def test_the_pages_are_the_ones_there_are() -> None:
    assert generate.PAGE in PAGES
    assert ROOT / "README.md" in PAGES
