"""A model's answer with its formatting: code, tables, lists and verse as they were written.

Mentions, links, spoilers and imitations of the bot's small print are escaped. Headings, quotes,
lists, bold, italic and struck-through text, and code are left of Markdown.
"""

import re

from bot.cards.markdown import BREAK, MENTION, clean_lines, cut, units

FENCE = "```"
CLOSING = "\n" + FENCE
TAB = 4  # blanks
_BLOCK = re.compile(
    r"^ {0,3}(?:`{3,}+|~{3,}+)([\w+#.-]{0,20})[^\n]*\n(.*?)(?:^ {0,3}(?:`{3,}+|~{3,}+) *$|\Z)",
    re.DOTALL | re.MULTILINE,
)
_INLINE = re.compile(r"`[^`\n]+`")
_TABLE = re.compile(
    r"^(?=[^\n]*\|)[^\n]*\n(?=[^\n]*\|)(?=[^\n]*-)[ \t:|-]+$(?:\n(?=[^\n]*\|)[^\n]*$)*",
    re.MULTILINE,
)
_ALWAYS = re.compile(r"[\\`<\[\]|]")
WORK_MAX = 8  # characters read for one that is shown
_SMALL_PRINT = re.compile(r"^( *)-#", re.MULTILINE)
_SCHEME = re.compile(r":(?=//)")


def formatted(text: str, limit: int) -> str:
    """The answer in Discord's Markdown, at most `limit` units, cut with an ellipsis."""
    whole = clean_lines(text[: max(0, limit) * WORK_MAX].expandtabs(TAB))
    shown = _marked(whole)
    while units(shown) > limit:
        over = units(shown) - limit
        shorter = cut(whole, max(0, units(whole) - max(1, over // 2)))
        if not shorter or shorter == whole:
            return ""
        whole, shown = shorter, _marked(shorter)
    return shown


def shows_whole(text: str, limit: int) -> bool:
    """Whether `formatted` shows all of it."""
    if len(text) > limit * WORK_MAX:
        return False
    return units(_marked(clean_lines(text.expandtabs(TAB)))) <= limit


def _marked(text: str) -> str:
    parts, at = list[str](), 0
    for block in _BLOCK.finditer(text):
        parts.append(_tables(text[at : block.start()]))
        parts.append(_fenced(block[1], block[2]))
        at = block.end()
    return "".join([*parts, _tables(text[at:])])


def _tables(text: str) -> str:
    """Tables as code, where their columns stay in line: Discord has no tables."""
    parts, at = list[str](), 0
    for table in _TABLE.finditer(text):
        parts += [_prose(text[at : table.start()]), _fenced("", table[0] + "\n")]
        at = table.end()
    return "".join([*parts, _prose(text[at:])])


def _fenced(language: str, code: str) -> str:
    inner = code.rstrip("\n").replace("``", f"`{BREAK}`") or " "
    return f"{FENCE}{language}\n{inner}{CLOSING}"


def _prose(text: str) -> str:
    parts, at = list[str](), 0
    for span in _INLINE.finditer(text):
        parts += [_escaped(text[at : span.start()]), span[0]]
        at = span.end()
    return "".join([*parts, _escaped(text[at:])])


def _escaped(text: str) -> str:
    text = _SMALL_PRINT.sub(r"\1\\-#", _ALWAYS.sub(r"\\\g<0>", text))
    return MENTION.sub("@" + BREAK, _SCHEME.sub(r"\\:", text))
