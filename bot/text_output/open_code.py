"""Code that a text leaves open, so that its continuation can be shown as code."""

import re

_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)


def open_fence(text: str) -> str:
    """The line that opened the block of code in which the text ends; "" outside of code."""
    opened = ""
    for fence in _FENCE.finditer(text):
        if not opened:
            opened = fence[0].strip()
        elif fence[1].startswith(opened[:3]) and not fence[2].strip():
            opened = ""
    return opened
