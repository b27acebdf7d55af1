"""Texts for people go through gettext: a literal with words stands in `_`, `N_` or `ngettext`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

FOLDERS = (
    "bot/accounts",
    "bot/aio",
    "bot/backends",
    "bot/cards",
    "bot/catalog",
    "bot/chat/files",
    "bot/client",
    "bot/domain",
    "bot/parameters",
    "bot/pictures",
    "bot/pipeline",
    "bot/rules",
    "bot/services",
    "bot/ui/account",
    "bot/ui/actions",
    "bot/ui/browse",
    "bot/ui/characters",
    "bot/ui/chat",
    "bot/ui/components",
    "bot/ui/delivery",
    "bot/ui/history",
    "bot/ui/operator",
    "bot/ui/server",
    "bot/ui/styles",
    "bot/ui/workers",
    "cogs",
)
NAME_FILES = frozenset(  # their texts are the names of models and samplers
    {
        "bot/backends/a1111/sampling.py",
        "bot/catalog/baselines.py",
        "bot/catalog/image_defaults.py",
        "bot/catalog/model_reference/reference_index.py",
    }
)
PROMPT_FILES = frozenset(  # their texts are for language models, in English
    {
        "bot/chat/prompt_builder.py",
        "bot/chat/prompt_parts.py",
        "bot/chat/task_prompts.py",
        "bot/chat/template_choice.py",
        "bot/chat/templates.py",
    }
)
OPERATOR_FILES = frozenset(  # their messages are for operators, in English
    {
        "bot/accounts/encryption/key_file.py",
        "bot/accounts/encryption/key_rotation.py",
        "bot/client/api_endpoint.py",
        "bot/client/gateway.py",
    }
)
MARKS = frozenset({"_", "N_", "ngettext"})
# Calls whose texts are read by programs, developers or operators, or come from the command tree.
PROGRAMS = ("cast", "compile", "getLogger", "NewType", "TypeVar", "import_module")
COMMANDS = ("command", "Group", "describe", "rename", "choices", "Choice", "Range", "ContextMenu")
DEVELOPERS = (
    "AssertionError",
    "KeyError",
    "LookupError",
    "RuntimeError",
    "TypeError",
    "ValueError",
)
OPERATORS = ("SecretKeyError", "SettingsError", "SpoolError")
DOCUMENTED = ("flag", "Flag", "switch")  # the descriptions of flags, for docs/parameters.md only
OTHERS = frozenset({*PROGRAMS, *COMMANDS, *DEVELOPERS, *OPERATORS, *DOCUMENTED})
# Names that are the same in all languages: what people type, keys of stored values, codes of
# the Horde.
NAMES = frozenset(
    {
        "all around",
        *("Hordecord", "User"),  # in prompts
        "AI Horde",
        *("AI Power Grid", "AI Power Grid v2"),
        *("Algovera", "Unknown user", "Insufficient credits", "Invalid API key"),
        *("Invalid Credentials for job_id", "stable diffusion v1.5"),
        "Stable Diffusion WebUI",
        *("OpenAI-compatible server", "Bearer {}"),
        *("PNG, JPEG, WebP, GIF, AVIF, BMP", "JPEG XL", "JPEG XR", "Photoshop"),
        *("top left", "top right", "bottom left", "bottom right"),
        "cleaned up",
        "dpm adaptive",
        "dpm fast",
        "dpm++ sde",
        "euler ancestral",
        *("Hordecord {}", "Python {}"),
        *("Forbidden", "Locked", "Image styleNotFound", "Style exampleNotFound"),
        "Text styleNotFound",
        *("User", "Assistant"),  # sides of a conversation without a name
        *("Anima", "Cascade", "Flux", "Qwen"),  # baselines of models
    }
)
# Constants with descriptions of options, which come from the command tree.
DESCRIPTIONS = frozenset({"CHARACTER", "EXTRA", "OPTIONS", "PRIVATE", "WHERE"})
PROMPTS = frozenset(
    {
        (
            "You are {{char}}, a friendly and helpful assistant on Discord. Answer {{user}} "
            "clearly and briefly."
        ),
        "a lighthouse on a cliff at dawn, warm light, calm sea",
        (
            "Continue your text exactly where it ends, even within a sentence. Write only the "
            "continuation."
        ),
    }
)
LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
WORDS = re.compile(r"[^\W\d_]{2,}[^\w{}]* [^\W\d_]{2,}|^[A-Z][a-z]{2,}[.!?:]?$")
PLACEHOLDER = re.compile(r"\{[^{}]*\}|`[^`]*`")


def unmarked(path: Path) -> Iterator[str]:
    """The literals of a file that people could read and no catalogue has."""
    yield from _literals(ast.parse(path.read_text(encoding="utf-8")))


def _literals(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant | ast.JoinedStr):
        text = _text(node)
        if text not in NAMES | PROMPTS and WORDS.search(PLACEHOLDER.sub("", text).strip()):
            yield f"line {node.lineno}: {text!r}"
        return
    for child in _inside(node):
        yield from _literals(child)


def _text(node: ast.expr) -> str:
    """A string as people see it; `{}` for each value of an f-string. Empty for other nodes."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(
                _text(each) if isinstance(each, ast.Constant) else "{}" for each in values
            )
        case _:
            return ""


def _inside(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that may hold texts for people."""
    if _is_for_programs(node):
        return []
    skipped: list[ast.AST | None] = []
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            skipped = [
                *node.decorator_list,
                node.returns,
                node.body[0] if _documented(node) else None,
            ]
        case ast.ClassDef():  # keywords: the name and description of a group of commands
            skipped = [*node.keywords, node.body[0] if _documented(node) else None]
        case ast.Module():
            skipped = [node.body[0] if _documented(node) else None]
        case ast.Compare():  # a value of an option is compared, not said
            skipped = [each for each in node.comparators if isinstance(each, ast.Constant)]
        case ast.arg() | ast.AnnAssign():
            skipped = [node.annotation]
        case ast.Assert(msg=message):
            skipped = [message]
        case _:
            pass
    return [child for child in ast.iter_child_nodes(node) if child not in skipped]


def _is_for_programs(node: ast.AST) -> bool:
    """Whether no part of the node is a message: types, other calls, descriptions of options."""
    match node:
        case ast.Call(func=function):
            return _is_other(function)
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name in {"__all__", *DESCRIPTIONS}
        case ast.AnnAssign(annotation=ast.Name(id="TypeAlias")):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
        case _:
            return False


def _is_other(function: ast.expr) -> bool:
    match function:
        case ast.Name(id=name):
            return name in MARKS or name in OTHERS
        case ast.Attribute(attr=name, value=ast.Name(id="log")):
            return name in LOGS
        case ast.Attribute(attr=name):
            return name in OTHERS
        case _:
            return False


def _documented(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module) -> bool:
    return bool(node.body) and ast.get_docstring(node, clean=False) is not None


FILES = sorted(
    path
    for folder in FOLDERS
    for path in ([ROOT / folder] if folder.endswith(".py") else (ROOT / folder).rglob("*.py"))
    if str(path.relative_to(ROOT)) not in OPERATOR_FILES | NAME_FILES | PROMPT_FILES
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_for_people_are_marked_for_translation(path: Path) -> None:
    assert list(unmarked(path)) == []


def in_f_strings(tree: ast.AST) -> list[str]:
    """The marked messages inside f-strings: no catalogue gets them."""
    nested = (
        node for text in ast.walk(tree) if isinstance(text, ast.JoinedStr) for node in text.values
    )
    calls = (each for node in nested for each in ast.walk(node) if isinstance(each, ast.Call))
    return [
        f"line {call.lineno}: {_text(call.args[0])!r}"
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in MARKS and _text(call.args[0])
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_marked_texts_are_outside_of_f_strings(path: Path) -> None:
    assert in_f_strings(ast.parse(path.read_text(encoding="utf-8"))) == []


def test_a_marked_text_in_an_f_string_is_found() -> None:
    assert len(in_f_strings(ast.parse("f\"### {_('Your history')}: {_(TITLE)}\""))) == 1


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('def f():\n    """Says a thing."""\n    return "You have no key."', 1),
        ('x = _("You have no key.") + ngettext("{n} image", "{n} images", 2)', 0),
        ('raise NotAllowed(f"Use {name} in another channel")', 1),
        ('raise ValueError("both are given")\nlog.warning("a line for operators")', 0),
        ('x = Button(label="Cancel")', 1),
        ('X = Literal["top left"]\nassert x, "only after the login"', 0),
        ('x = "custom_id"; y = "a-b"; z = "{a} · {b}"', 0),
        ('def f(x): return x == "this server"', 0),
        ('class A(GroupCog, group_description="Rules of this server"): ...', 0),
        ('@command(name="help", description="Show the help")\nasync def f(): ...', 0),
    ],
)
def test_a_literal_with_words_is_found(tmp_path: Path, source: str, found: int) -> None:
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert len(list(unmarked(path))) == found
