"""Texts without anything that a model would read as the mark of a template or as a turn."""

import re
from collections.abc import Collection
from functools import lru_cache

from bot.text_output.markers import END

# Marks of templates that begin a prompt or an answer, besides those that end one. Vicuna's are
# words: only in capitals they are its marks.
_MARKS = re.compile(
    END.pattern
    + r"|<s>|<bos>|\[gMASK\]|<sop>|<\|(?:im_start|im_end|turn)\b|<\uff5c|\uff5c>"
    + r"|\[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\b|\[\|[a-z]{1,20}\|\]"
    + r"|<\|[a-z_]{1,20}>|<[a-z_]{1,20}\|>",
    END.flags,
)
_WORDS = re.compile(r"\b(USER|ASSISTANT|SYSTEM):")
_BREAK = re.compile(r"[\n\r\v\f\x85\u2028\u2029]")
UNSEEN = r"[ \t\u00a0\u00ad\u200b-\u200f\u2060\u3000\ufeff]*"  # what a line may begin with, unseen
COLON = r"[:\uff1a]"  # also the wide one of Chinese and Japanese texts
PASSES = 5  # a text that has new marks after each pass is written to have them


def neutral(text: str) -> str:
    """The text with a space inside each mark of a template, so that a model does not take it for
    one.
    """
    if not _may_have_marks(text):
        return text
    for _ in range(PASSES):
        cleaned = _WORDS.sub(r"\1 :", _MARKS.sub(_broken, text))
        if cleaned == text:
            return text
        text = cleaned
    return re.sub(r"[<>|\[\]{}#\uff5c]", " ", text)


def neutral_line(text: str, names: Collection[str]) -> str:
    """What a side wrote, without beginnings of lines that would read as turns of these names."""
    turns = _turns(tuple(names))
    return turns.sub(r"\1> \2", text) if turns is not None and _BREAK.search(text) else text


def one_line(name: str) -> str:
    """A name without line breaks."""
    return " ".join(name.split())


def _may_have_marks(text: str) -> bool:
    return any(
        mark in text
        for mark in ("<", "[", "{{", "##", "|", "USER:", "ASSISTANT:", "SYSTEM:", "\uff5c")
    )


def _broken(mark: re.Match[str]) -> str:
    return f"{mark[0][0]} {mark[0][1:]}"


@lru_cache(256)
def _turns(names: tuple[str, ...]) -> re.Pattern[str] | None:
    """The beginnings of lines that look like turns of these names."""
    written = "|".join(re.escape(name) for name in names if name)
    if not written:
        return None
    head = rf"[*_\[(\"“]{{0,3}}(?:{written})[*_\])\"”]{{0,3}}\s*{COLON}"
    return re.compile(rf"({_BREAK.pattern}{UNSEEN})({head})", re.IGNORECASE)
