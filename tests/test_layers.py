"""Who may import whom: docs/architecture.md, checked by reading the imports."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _line(names: str) -> frozenset[str]:
    return frozenset(names.split())


LAYERS: tuple[frozenset[str], ...] = (
    # 0: values; no I/O, no clock, no discord
    _line(
        "alchemy blocklists budgets combinations errors forbidden house pace patterns "
        "policy records requests results rules settings shortage streaks timing turns vault"
    ),
    # 1: the world outside, minus Discord
    _line(
        "backends backup fitting horde keyfile lockfile logs marks metrics pictures sources "
        "spool store"
    ),
    # 2: what happens to a request
    _line(
        "admission allowances blocks broadcasts callers catalog composing departures "
        "discord_calls dispatcher doubts extra gate gather guilds insist kept keys lane "
        "locks logins looks measured memory moderation outcomes paying pipeline places prices "
        "privacy queue_cards remixing resume sending sequels service setbacks sharing "
        "standing steps thumbnails ticks tracker upfront watch weather webhook"
    ),
    # 3: the first that may import discord
    _line(
        "acking client drafts endpoint entrance gateway origin pulse registration repeats report"
    ),
    _line("ui"),
    _line("cogs"),
    _line("__main__ app check invite outside rotation trial"),
)
FIRST_WITH_DISCORD = 3
# discord.py's own web and JSON libraries are fine anywhere; these would do I/O among the values.
NOT_AMONG_VALUES = {"aiohttp", "aiosqlite", "asyncio", "discord", "socket", "sqlite3", "time"}


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def layer_of(module: str) -> int:
    """The layer of a dotted module of bot or cogs."""
    top, *rest = module.split(".")
    if module == "bot":  # only its version
        return 0
    name = "cogs" if top == "cogs" else rest[0]
    for number, names in enumerate(LAYERS):
        if name in names:
            return number
    raise AssertionError(f"{module} stands in no layer: give it one in {Path(__file__).name}")


def imports_of(file: Path) -> set[str]:
    """Every module that the file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:  # inside its own package; only the sandbox writes it so
                assert "sandbox" in file.parts, f"{file}: imports are absolute"
                continue
            found.add(node.module or "")
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def ours(modules: set[str]) -> set[str]:
    return {m for m in modules if m.split(".")[0] in {"bot", "cogs"}}


@pytest.mark.parametrize("file", python_files("bot", "cogs"), ids=module_of)
def test_imports_from_its_own_layer_or_below(file: Path) -> None:
    own = layer_of(module_of(file))
    for module in ours(imports_of(file)):
        if module.split(".")[0] == "bot" and not is_module(module):
            continue  # a name out of a module, which is in the set by itself
        assert layer_of(module) <= own, f"{module_of(file)} must not import {module}"


@pytest.mark.parametrize("name", sorted(frozenset[str]().union(*LAYERS)))
def test_every_layer_holds_what_there_is(name: str) -> None:
    assert is_module(name if name == "cogs" else f"bot.{name}")
    assert sum(name in names for names in LAYERS) == 1


def is_module(module: str) -> bool:
    path = ROOT / Path(*module.split("."))
    return path.with_suffix(".py").exists() or path.is_dir()


@pytest.mark.parametrize("file", python_files("bot", "cogs"), ids=module_of)
def test_discord_and_io_stay_out_of_the_lower_layers(file: Path) -> None:
    own, tops = layer_of(module_of(file)), {m.split(".")[0] for m in imports_of(file)}
    if own < FIRST_WITH_DISCORD:
        assert "discord" not in tops
    if own == 0:
        assert not tops & NOT_AMONG_VALUES


def test_no_import_cycles() -> None:
    graph = {
        module_of(file): {m for m in ours(imports_of(file)) if is_module(m)}
        for file in python_files("bot", "cogs")
    }
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module in done:
            return
        for imported in graph.get(module, ()):
            # A package's own __init__ may gather its parts.
            if imported != module and not module.startswith(f"{imported}."):
                visit(imported, (*path, module))
        done.add(module)

    for module in graph:
        visit(module, ())


@pytest.mark.parametrize("file", python_files("bot", "cogs", "sandbox"), ids=str)
def test_the_sandbox_and_the_bot_share_no_code(file: Path) -> None:
    folder, tops = file.relative_to(ROOT).parts[0], {m.split(".")[0] for m in imports_of(file)}
    if folder == "sandbox":
        assert not tops & {"bot", "cogs"}
    elif module_of(file) != "bot.trial":
        assert "sandbox" not in tops


def test_no_back_doors_for_types() -> None:
    for file in python_files("bot", "cogs", "sandbox"):
        assert "TYPE_CHECKING" not in file.read_text(encoding="utf-8"), file
