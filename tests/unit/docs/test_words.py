"""The retired words of docs/glossary.md do not come back."""

import ast
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.support.paths import ROOT

GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
PROSE = ("bot", "cogs", "sandbox", "tests", "bench", "docs")  # docstrings and comments
NAMES = ("bot", "cogs", "sandbox")
DOCUMENTATION = (ROOT / "config.example.toml", *ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"))
PAGE_FILES = frozenset({".html", ".js", ".css"})
MESSAGES = tuple(  # the messages of the other packages are rewritten when they are translated
    f"bot/{name}"
    for name in (
        "accounts",
        "aio",
        "backends",
        "cards",
        "catalog",
        "cli",
        "client",
        "domain",
        "http",
        "monitoring",
        "parameters",
        "pictures",
        "pipeline",
        "rules",
        "services",
        "settings",
        "storage",
        "ui/account",
        "ui/actions",
        "ui/browse",
        "ui/characters",
        "ui/chat",
        "ui/components",
        "ui/delivery",
        "ui/history",
        "ui/operator",
        "ui/server",
        "ui/styles",
        "ui/workers",
    )
)


def retired() -> tuple[str, ...]:
    """The words of the first column of the last table."""
    table = GLOSSARY.split("## Retired words")[1]
    rows = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return tuple(word for row in rows for word in re.findall(r"`([^`]+)`", row))


WORDS = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, retired()))})(?:'s)?(?!\w)", re.IGNORECASE)
ANYWHERE = re.compile("|".join(map(re.escape, retired())), re.IGNORECASE)
SINGLE = frozenset(word for word in retired() if " " not in word)


def words_of(page: Path) -> str:
    """The text of a page; of the glossary without its table of retired words."""
    return page.read_text(encoding="utf-8").split("## Retired words\n")[0]


def files(*folders: str) -> list[Path]:
    """Files with a retired word in them, so that few have to be parsed."""
    paths = (ROOT / folder for folder in folders)
    found = (each for path in paths for each in ([path] if path.is_file() else path.rglob("*.py")))
    return sorted(path for path in found if ANYWHERE.search(path.read_text(encoding="utf-8")))


@cache
def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def docstrings(path: Path) -> Iterator[ast.Constant]:
    """Docstrings, without descriptions of commands, which are messages."""
    for node in nodes(path):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            first = node.body[0] if node.body else None
            decorators = getattr(node, "decorator_list", ())
            if any("command" in ast.unparse(each) for each in decorators):
                continue
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value


def prose(path: Path) -> list[str]:
    """Docstrings and comments of a file."""
    with path.open("rb") as file:
        tokens = list(tokenize.tokenize(file.readline))
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return [str(each.value) for each in docstrings(path)] + comments


def names(path: Path) -> set[str]:
    """Names that a file defines: classes, functions, parameters, variables, attributes."""
    found: set[str] = set()
    for node in nodes(path):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.arg():
                found.add(node.arg)
            case ast.Name(ctx=ast.Store()):
                found.add(node.id)
            case ast.Attribute(ctx=ast.Store()):
                found.add(node.attr)
            case _:
                pass
    return found


def parts(name: str) -> set[str]:
    return {part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


def messages(path: Path) -> list[str]:
    """Strings of a file that are not docstrings."""
    documented = {ast.dump(each) for each in docstrings(path)}
    constants = [node for node in nodes(path) if isinstance(node, ast.Constant)]
    texts = [node for node in constants if isinstance(node.value, str)]
    return [str(node.value) for node in texts if ast.dump(node) not in documented]


def in_files(found: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: words for name, words in found.items() if words}


def test_the_glossary_retires_words() -> None:
    assert {"nobody", "courier", "leave away"} <= set(retired())
    assert WORDS.search("Nobody's request")
    assert not WORDS.search("a nobodyish house1")


def test_docstrings_and_comments_use_no_retired_word() -> None:
    found = {str(p.relative_to(ROOT)): WORDS.findall("\n".join(prose(p))) for p in files(*PROSE)}
    assert in_files(found) == {}


def test_documentation_uses_no_retired_word() -> None:
    found = {str(p.relative_to(ROOT)): WORDS.findall(words_of(p)) for p in DOCUMENTATION}
    assert in_files(found) == {}
    assert "`nobody`" not in words_of(ROOT / "docs" / "glossary.md")


def test_trial_page_uses_no_retired_word() -> None:
    pages = (p for p in (ROOT / "sandbox" / "page").rglob("*") if p.suffix in PAGE_FILES)
    texts = {str(p.relative_to(ROOT)): p.read_text(encoding="utf-8") for p in pages}
    assert len(texts) > 30
    assert in_files({name: WORDS.findall(text) for name, text in texts.items()}) == {}


def test_names_use_no_retired_word() -> None:
    found = {
        str(path.relative_to(ROOT)): [name for name in names(path) if parts(name) & SINGLE]
        for path in files(*NAMES)
    }
    assert in_files(found) == {}


def test_messages_of_rewritten_packages_use_no_retired_word() -> None:
    found = {
        str(p.relative_to(ROOT)): WORDS.findall("\n".join(messages(p)))
        for p in files("cogs", *MESSAGES)
    }
    assert in_files(found) == {}


@pytest.mark.parametrize("name", ["NobodyHere", "ask_nobody", "NOBODY"])
def test_a_name_is_split_into_words(name: str) -> None:
    assert "nobody" in parts(name)


def test_every_word_of_the_architecture_is_in_the_glossary() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.split("| term | meaning |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| ([a-z, ]+) \|", table, re.MULTILINE)
    terms = {term for row in rows for term in row.split(", ")}
    assert {
        term for term in terms if not re.search(rf"^\| {term}\b", GLOSSARY, re.MULTILINE)
    } == set()
