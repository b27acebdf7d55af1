"""An answer keeps its formatting, and nothing in it can do harm."""

import pytest

from bot.cards.markdown import BREAK, units
from bot.cards.results.formatted_text import FENCE, formatted, shows_whole
from tests.support.cpu_time import cpu_limit

CODE_REPLY = "Here:\n```python\ndef f(x):\n\tif x:\n\t\treturn **x\n```\n\n\n\n- one\n- two"


@pytest.mark.parametrize(
    "text",
    [
        CODE_REPLY.expandtabs(4),
        "# Title\n\n**Bold** and *slanted*\n\n1. one\n2. two\n\n> said",
        "if x:\n    if y:\n        print('z')",
        "verse one\n\n\nverse two",
        "use `a[0] < b` here",
        "Foxes *sleep* in __snow__, ~~never~~ often.",
    ],
)
def test_formatting_stays_as_written(text: str) -> None:
    assert formatted(text, 3_500) == text
    assert shows_whole(text, 3_500)


def test_tabs_of_code_are_four_blanks() -> None:
    assert formatted(CODE_REPLY, 3_500) == CODE_REPLY.expandtabs(4)


def test_table_is_shown_as_code() -> None:
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    assert formatted(f"See:\n{table}\nEnd.", 500) == f"See:\n{FENCE}\n{table}\n{FENCE}\nEnd."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<@123>", f"\\<@{BREAK}123>"),
        ("@everyone", f"@{BREAK}everyone"),
        ("[x](https://e.x)", "\\[x\\](https\\://e.x)"),
        ("||s||", "\\|\\|s\\|\\|"),
        ("\\<@1>", f"\\\\\\<@{BREAK}1>"),
        ("-# paid by me", "\\-# paid by me"),
        ("odd ` one\n`<@1>`", "odd \\` one\n`<@1>`"),
    ],
)
def test_what_could_do_harm_is_escaped(text: str, shown: str) -> None:
    assert formatted(text, 500) == shown


def test_cut_inside_code_closes_it_and_keeps_the_limit() -> None:
    long = "```python\n" + "x = 1\n" * 2_000 + "```"
    shown = formatted(long, 1_000)
    assert units(shown) <= 1_000
    assert shown.startswith("```python\nx = 1")
    assert shown.endswith("\n```")
    assert not shows_whole(long, 1_000)


@pytest.mark.parametrize(
    "text", ["|" * 30_000, "-" * 30_000, "`" * 30_000, "| -\n" * 9_000, "~~~\n" * 9_000]
)
def test_hostile_answer_takes_no_time(text: str) -> None:
    with cpu_limit(2):
        assert units(formatted(text, 3_500)) <= 3_500
