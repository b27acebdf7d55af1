""""""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards.markdown import (
    clean,
    code_block,
    inline_code,
    line,
    safe,
    safe_line,
    unchanged,
    units,
)

ANY_MARKDOWN = st.text(
    st.one_of(
        st.sampled_from("@<>#&!:/\\`*_~|[]()-+.1 \n\r\t\u202e\u200b\u200d\u0301\u2028\U0001f98a"),
        st.characters(),
    ),
    max_size=200,
) | st.lists(
    st.sampled_from(
        [
            *("@everyone", "@here", "<@1>", "<@!22>", "<#3>", "<@&4>", "</go:5>", "<:x:6>"),
            *("<t:7:R>", "# big", "\n- item", "\n1. one", "```", "||", "> q", "~~", "\\"),
            *("[a](https://evil.example)", "http://x.example", "words "),
            "e\u0301\u0302\u0303\u0304\u0305",
        ]
    ),
    max_size=30,
).map("".join)
ANY_LIMIT = st.integers(0, 120)

LIVE_MARKUP = re.compile(
    r"@everyone|@here|<@[!&]?\d+>|<#\d+>|</[^>\n]*:\d+>|<a?:\w+:\d+>|<t:\d+(:\w)?>"
)


def unescaped(markdown: str) -> str:
    return re.sub(r"\\[\W_]", "", markdown)


@given(ANY_MARKDOWN, ANY_LIMIT)
def test_foreign_text_stays_inert_and_bounded(text: str, limit: int) -> None:
    for made in (safe(text, limit), safe_line(text, limit)):
        assert units(made) <= limit
        assert not LIVE_MARKUP.search(made)
        assert not re.search(r"\w://", made)
        rest = unescaped(made)
        assert not re.search(r"[\\`*_~|<>\[\]]", rest)
        assert not re.search(r"^ *([#+-]|\d+[.)])", made, re.MULTILINE)


@given(ANY_MARKDOWN, ANY_LIMIT)
def test_nothing_invisible_is_left(text: str, limit: int) -> None:
    made = clean(text, limit)
    assert units(made) <= limit
    hidden = [c for c in made if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"}]
    assert set(hidden) <= {"\n", "\u200d", "\u200c"}
    assert "\n" not in line(text, limit)
    marks = re.sub(r"[^\u0300-\u036f]", " ", made)
    assert all(len(run) <= 3 for run in marks.split())


@given(ANY_MARKDOWN, st.integers(8, 200))
def test_code_cannot_be_left(text: str, limit: int) -> None:
    block = code_block(text, limit)
    assert units(block) <= limit
    assert block.startswith("```\n")
    assert block.endswith("\n```")
    assert "```" not in block[3:-3]
    inline = inline_code(text, limit)
    assert not re.search(r"@everyone|@here|<@[!&]?\d|<#\d", block + inline, re.IGNORECASE)
    assert inline == "" or (inline.count("`"), "\n" in inline) == (2, False)
    assert units(inline) <= limit


@given(st.text(st.sampled_from("abc ÄöüçñЖ中の木 fox, "), max_size=80))
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert safe_line(text, 200) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a fox", "a fox"),
        ("**bold** _and_ ~~so~~", r"\*\*bold\*\* \_and\_ \~\~so\~\~"),
        ("# Heading", r"\# Heading"),
        ("-# small", r"\-# small"),
        ("1. one\n2) two", "1\\. one\n2\\) two"),
        ("C# and well-known", "C# and well-known"),
        ("[here](https://evil.example)", r"\[here\](https\://evil.example)"),
        ("@everyone look", "@\u200beveryone look"),
        ("me@example.org", "me@example.org"),
        ("<@12>", "\\<@\u200b12\\>"),
        ("ab\u202ecd\u200be\u00ad", "abcde"),
        ("h" + "\u0335" * 20, "h\u0335\u0335\u0335"),
        ("a\u3164\u2800b", "a b"),
        ("a\x00\x07b\r\nc", "ab\nc"),
        ("\U0001f469\u200d\U0001f680 rocket", "\U0001f469\u200d\U0001f680 rocket"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
    ],
)
def test_what_a_person_sees(text: str, shown: str) -> None:
    assert safe(text, 100).replace("  ", " ") == shown


def test_cuts_leave_no_half_escape() -> None:
    assert safe("*" * 50, 10) == r"\*\*\*\*…"
    assert safe("abcdef", 4) == "abc…"
    assert clean("\U0001f98a" * 5, 5) == "\U0001f98a\U0001f98a…"


def test_a_flood_is_looked_at_only_as_far_as_needed() -> None:
    assert safe("\u200b" * 10_000_000 + "late", 10) == ""


def test_code_says_whether_it_can_be_copied() -> None:
    assert unchanged("a fox\nin snow", 100)
    assert not unchanged("```", 100)
    assert not unchanged("a fox", 10)


def test_a_long_answer_in_chinese_stays_below_the_bytes_that_discord_chokes_on() -> None:
    assert len(safe("雪" * 10_000, 4_000).encode()) < 10_000
    assert units("a" * 4_000) == 4_000
