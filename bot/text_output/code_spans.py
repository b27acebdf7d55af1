"""Where a text is code: there the marks of templates are part of the answer."""

import re

_CODE = re.compile(
    r"^ {0,3}(`{3,}+|~{3,}+)[^\n]*(?:\n.*?(?:^ {0,3}\1[^\n]*$|\Z)|\Z)|`[^`\n]+`",
    re.DOTALL | re.MULTILINE,
)
Spans = list[tuple[int, int]]


def code_spans(text: str) -> Spans:
    """The beginning and the end of each piece of code; a block without an end reaches to the last
    character.
    """
    return [found.span() for found in _CODE.finditer(text)]


def is_inside(at: int, spans: Spans) -> bool:
    """Whether that position is in one of them."""
    return any(start <= at < end for start, end in spans)


def first_outside(pattern: re.Pattern[str], text: str, spans: Spans) -> re.Match[str] | None:
    """The first match that begins outside of them."""
    return next((m for m in pattern.finditer(text) if not is_inside(m.start(), spans)), None)
