"""Search of the keys of lorebooks in the newest messages.

The work of one prompt is bounded: by characters of text, searches, and patterns. Patterns are those
of RE2, whose time is linear in the text; one with look-around or a back-reference finds nothing.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol, cast

import re2

from bot.domain.chat.lorebooks import LoreEntry, SecondaryKeys

TEXT_MAX = 20_000  # characters that are searched, the newest ones
PATTERN_TEXT_MAX = 4_000  # the same for a pattern
SEARCHES_MAX, PATTERNS_MAX = 30_000, 60  # of one prompt
PLACES_MAX = 50  # where a whole word is looked for in one text
PATTERN_LENGTH = 1_000  # characters
MEMORY = 64 * 1024  # bytes of a compiled pattern, as for word rules
_WRITTEN = re.compile(r"/(.+)/([a-z]{0,8})", re.DOTALL)


class _Pattern(Protocol):
    def search(self, text: str, /) -> object | None: ...


_library = cast("Any", re2)  # it has no types


class KeySearch:
    """Searches keys in the lines of a conversation, the newest first, and in texts found so far."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._found_text = ""
        self._texts: dict[tuple[int, int, bool], tuple[str, str]] = {}
        self._searches, self._patterns = SEARCHES_MAX, PATTERNS_MAX

    def forget(self) -> None:
        """Forget the texts that were added: another lorebook follows."""
        self._found_text = ""
        self._texts.clear()

    def add(self, text: str) -> None:
        """Further text in which entries may be found, if they may be found by texts."""
        self._found_text = f"{self._found_text}\n{text}"[-TEXT_MAX:]
        self._texts.clear()

    def has(self, entry: LoreEntry, keys: Sequence[str], window: "Window") -> bool:
        """Whether one of these keys is found."""
        return any(self._has(entry, key, window) for key in keys)

    def fits(self, entry: LoreEntry, window: "Window") -> bool:
        """Whether the keys of an entry are found, and its secondary keys do what they must."""
        if not self.has(entry, entry.keys, window):
            return False
        keys = entry.secondary_keys if entry.selective else ()
        if not keys:
            return True
        found = (self._has(entry, key, window) for key in keys)
        match entry.logic:
            case SecondaryKeys.ANY:
                return any(found)
            case SecondaryKeys.ALL:
                return all(found)
            case SecondaryKeys.NOT_ANY:
                return not any(found)
            case SecondaryKeys.NOT_ALL:
                return not all(found)

    def _has(self, entry: LoreEntry, key: str, window: "Window") -> bool:
        if not key.strip() or self._searches <= 0:
            return False
        self._searches -= 1
        text, folded = self._text(window, found=entry.found_by_text)
        written = _WRITTEN.fullmatch(key)
        if written or entry.regex:
            pattern, flags = (written[1], written[2]) if written else (key, "")
            exact = entry.case_sensitive if written is None else "i" not in flags
            return self._matches(pattern, text, exact=bool(exact))
        wanted = key if entry.case_sensitive else key.casefold()
        text = text if entry.case_sensitive else folded
        return _has_word(text, wanted) if entry.whole_words else wanted in text

    def _matches(self, pattern: str, text: str, *, exact: bool) -> bool:
        if self._patterns <= 0:
            return False
        self._patterns -= 1
        compiled = _compiled(pattern, exact) if len(pattern) <= PATTERN_LENGTH else None
        return compiled is not None and compiled.search(text[-PATTERN_TEXT_MAX:]) is not None

    def _text(self, window: "Window", *, found: bool) -> tuple[str, str]:
        """The text of a window, and the same in small letters."""
        key = (*window, found)
        if key not in self._texts:
            text = self._joined(window)
            text = f"{text}\n{self._found_text}" if found and self._found_text else text
            self._texts[key] = (text, text.casefold())
        return self._texts[key]

    def _joined(self, window: "Window") -> str:
        newest, oldest = window
        parts: list[str] = []
        room = TEXT_MAX
        for line in self._lines[newest:oldest]:
            parts.append(line[-room:])
            room -= len(line) + 1
            if room <= 0:
                break
        return "\n".join(reversed(parts))


Window = tuple[int, int]  # the newest line of it, and the one after its oldest


def _has_word(text: str, wanted: str) -> bool:
    start = -1
    for _ in range(PLACES_MAX):
        start = text.find(wanted, start + 1)
        if start < 0:
            return False
        end = start + len(wanted)
        before, after = text[start - 1 : start], text[end : end + 1]
        if not (before.isalnum() and wanted[0].isalnum()) and not (
            after.isalnum() and wanted[-1].isalnum()
        ):
            return True
    return False


@lru_cache(1_024)
def _compiled(pattern: str, exact: bool) -> _Pattern | None:
    """The pattern; None for one that RE2 refuses."""
    options = _library.Options()
    options.case_sensitive, options.log_errors, options.max_mem = exact, False, MEMORY
    options.never_capture = True
    try:
        return cast("_Pattern", _library.compile(pattern, options))
    except _library.error:
        return None
