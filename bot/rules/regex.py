"""Regular expressions of servers, by RE2: the time is linear in the length of the text.

The time for one character grows with the pattern. services/word_checks.py measures a pattern before
it becomes a rule, and bounds the time of each check.
"""

from functools import lru_cache
from typing import Any, Protocol, cast

import re2

MEMORY = 64 * 1024  # bytes for a compiled pattern: bounds the time for one character of text


class _Match(Protocol):
    def group(self, number: int = 0, /) -> str: ...


class _Pattern(Protocol):
    def search(self, text: str, /) -> _Match | None: ...


_library = cast("Any", re2)  # it has no types


@lru_cache(512)
def compiled(pattern: str) -> _Pattern:
    """That pattern, ignoring case. Raises ValueError with RE2's reason for one that it refuses.

    It refuses look-around and back-references, the causes of exponential time.
    """
    options = _library.Options()
    options.case_sensitive, options.log_errors, options.max_mem = False, False, MEMORY
    options.never_capture = True  # only the whole match is used, and groups cost extra time
    try:
        return cast("_Pattern", _library.compile(pattern, options))
    except _library.error as error:
        said = error.args[0]
        raise ValueError(said.decode() if isinstance(said, bytes) else str(said)) from None
