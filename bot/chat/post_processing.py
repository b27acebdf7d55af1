"""What of a model's text becomes the message of its character."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.chat.neutral_text import COLON
from bot.chat.templates import template_stops
from bot.domain.requests.chat_turn import ChatTurn

_DECORATION = r"[*_\[(\"“>\s]{0,4}"  # characters that models put around the name of a side
_AFTER = r"[*_\])\"”]{0,3}[ \t]{0,8}"
ROUND_NAME = 20  # characters around a name, at most
_SENTENCE = re.compile(
    r"[.!?\u2026\u3002\uff01\uff1f\uff61\u0964\u061f](?:[*_\"'\u2019\u201d\u00bb)\]\u300d\u300f\uff09]|```)*(?=\s|\Z)|[\u3002\uff01\uff1f][\u300d\u300f\uff09]*|[*_~\"\u201d\u300d\u300f)](?=\s*\Z)|\n"
)


def clean_answer(text: str, turn: ChatTurn, *, partial: bool = False) -> str:
    """The message of the character in a model's text, without its own name before it.

    It ends before the first stop string and before the first line of another side. `partial`: the
    text still grows, so an end that may become either is held back.
    """
    text = text.replace("\r\n", "\n")
    stops = tuple(filter(None, (*turn.stops, *template_stops(turn.template))))
    if not turn.continued:
        text = _without_own_name(text.lstrip(), turn.name, partial=partial)
    text = _before_stops(text, stops)
    text = _before_others(text, turn.others)
    if partial:
        return _without_begun(text, stops, turn.others).rstrip()
    text = text.rstrip()
    return whole_sentences(text) if turn.whole_sentences else text


def whole_sentences(text: str) -> str:
    """Without an unfinished last sentence; unchanged if no sentence is finished."""
    ends = [found.end() for found in _SENTENCE.finditer(text)]
    return text[: ends[-1]].rstrip() if ends and text[: ends[-1]].strip() else text


def _without_own_name(text: str, name: str, *, partial: bool) -> str:
    """Without "Name:" at the beginning, with or without decoration, also when it is repeated."""
    if not name:
        return text
    own = _named((name,))
    while found := own.match(text):
        opened = found["open"].strip()
        text = text[found.end() :]
        if opened.startswith(("*", "_")) and text.startswith(opened[::-1]):  # **Name:** text
            text = text[len(opened) :]
        text = text.lstrip()
    if partial and _may_become(text, (f"{name}:",)):
        return ""
    return text


def _before_stops(text: str, stops: Sequence[str]) -> str:
    places = [place for stop in stops if (place := text.find(stop)) >= 0]
    return text[: min(places)] if places else text


def _before_others(text: str, others: tuple[str, ...]) -> str:
    """The text before the first line that another side speaks."""
    if not others:
        return text
    line = _named(others)
    start = 0
    while start <= len(text):
        if line.match(text, start):
            return text[:start]
        start = text.find("\n", start) + 1
        if start == 0:
            break
    return text


def _without_begun(text: str, stops: Sequence[str], others: Sequence[str]) -> str:
    """Without an end that may become a stop string or the line of another side."""
    begun = max((_begun(text, stop) for stop in stops), default=0)
    text = text[: len(text) - begun] if begun else text
    before, newline, last = text.rpartition("\n")
    if last.strip() and _may_become(last, tuple(f"{name}:" for name in others)):
        return before if newline else ""
    return text


def _begun(text: str, stop: str) -> int:
    """How many characters at the end of the text are the beginning of the stop string."""
    most = min(len(stop) - 1, len(text))
    return next((n for n in range(most, 0, -1) if text.endswith(stop[:n])), 0)


def _may_become(line: str, heads: Sequence[str]) -> bool:
    if len(line) > max(map(len, heads), default=0) + ROUND_NAME:
        return False
    bare = re.sub(rf"^{_DECORATION}|{_AFTER}$", "", line).replace("\uff1a", ":").casefold()
    return any(head.casefold().startswith(bare) for head in heads)


@lru_cache(512)
def _named(names: tuple[str, ...]) -> re.Pattern[str]:
    """The beginning of a line that one of these sides speaks."""
    written = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True) if name)
    return re.compile(rf"(?P<open>{_DECORATION})(?:{written}){_AFTER}{COLON}", re.IGNORECASE)
