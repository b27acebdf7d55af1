"""The structure of the code in figures, as a table, for the checkout that this file is in.

    python bench/structure.py [--way FILE]

The way of a request is traced on the running bot (request_trace.py says how); changes of module are
counted in the order of first visits. `--way` writes the steps to a file. The targets were
set for a count made by reading the code, which gave 152 / 69 / 120 at ddae17d.
"""

import argparse
import ast
import asyncio
from collections import Counter
from pathlib import Path

from request_trace import Function, Way, figures, methods, trace
from world import ROOT

# At ddae17d, by these same definitions, and the targets.
BEFORE_AND_GOAL = {
    "modules flat in `bot/`, `__init__` counted": ("91", "≤ 6"),
    "modules in the largest package of `bot/`, `__init__` not counted": ("90 (`bot`)", "≤ 16"),
    "modules in `cogs/`, `__init__` not counted": ("30", ""),
    "way of one `/imagine`: steps / modules / changes of module": (
        "165 / 64 / 131",
        "≤ 110 / ≤ 45 / ≤ 70",
    ),
    "way of one `/imagine`: all functions that ran / modules / changes": ("435 / 105 / 270", ""),
    "reads of the server's rules per request": ("8", "1"),
    "public functions and classes defined more than once, `setup` apart": ("62", "≤ 30"),
    "lines of `bot` and `cogs`": ("32,262", "≤ 31,000"),
    "helper modules of the tests outside `tests/support`, `conftest.py` apart": ("35", "0"),
}
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def packages() -> Counter[str]:
    """Modules by package of `bot`, without `__init__`."""
    found = (path for path in sources("bot") if path.stem != "__init__")
    return Counter(str(path.parent.relative_to(ROOT)) for path in found)


def repeated_names() -> dict[str, int]:
    """Public top-level functions and classes that are defined in several modules."""
    defined = (
        node.name
        for path in sources("bot", "cogs")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, Definition) and not node.name.startswith("_")
    )
    counts = Counter(defined)
    del counts["setup"]  # discord.py asks every cog for one
    return {name: count for name, count in counts.items() if count > 1}


def rule_reads() -> set[Function]:
    """The coroutines of the storage that give a server's rules."""
    return {
        Function(module, name)
        for module, name, node in methods("bot/storage", "bot/store")
        if isinstance(node, ast.AsyncFunctionDef) and node.returns is not None
        if ast.unparse(node.returns) == "GuildSettings" and not node.name.startswith("_")
    }


def test_helpers() -> list[Path]:
    return [
        path
        for path in sources("tests")
        if not path.name.startswith("test_")
        if path.name not in {"__init__.py", "conftest.py"}
        if "support" not in path.parts
    ]


def measured(way: Way) -> dict[str, str]:
    """All figures, in the order of the table."""
    largest, size = packages().most_common(1)[0]
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in sources("bot", "cogs"))
    cogs = [path for path in (ROOT / "cogs").glob("*.py") if path.stem != "__init__"]
    values = (
        str(len(list((ROOT / "bot").glob("*.py")))),
        f"{size} (`{largest}`)",
        str(len(cogs)),
        " / ".join(map(str, figures(way.steps))),
        " / ".join(map(str, figures(way.functions))),
        str(way.count(rule_reads())),
        str(len(repeated_names())),
        f"{lines:,}",
        str(len(test_helpers())),
    )
    return dict(zip(BEFORE_AND_GOAL, values, strict=True))


def listing(way: Way) -> str:
    """The steps one a line, an arrow at each change of module, and what ran in each module."""
    lines, last = list[str](), ""
    for number, (module, name) in enumerate(way.steps, start=1):
        lines.append(f"{number:4} {'  ' if module == last else '->'} {module} {name}")
        last = module
    ran = Counter(module for module, _ in way.functions)
    lines += ["", "functions that ran, by module:"]
    lines += [f"{count:4} {module}" for module, count in sorted(ran.items())]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--way", type=Path, help="where to write the steps of the request")
    chosen = parser.parse_args()
    way = asyncio.run(trace())
    if chosen.way:
        chosen.way.write_text(listing(way), "utf-8")
    print("| figure | ddae17d | to reach | now |")
    print("| --- | --: | --: | --: |")
    for figure, now in measured(way).items():
        before, goal = BEFORE_AND_GOAL[figure]
        print(f"| {figure} | {before} | {goal} | {now} |")


if __name__ == "__main__":
    main()
