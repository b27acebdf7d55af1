"""Inputs of forms that were refused, kept so that they need not be typed again."""

import time
from collections.abc import Callable, Hashable, Mapping

from cachetools import TTLCache

LIFE = 15 * 60.0  # seconds
KEPT = 1_024  # drafts of at most a few thousand characters each

Key = tuple[Hashable, ...]
Fields = Mapping[str, str]


class FormDrafts:
    """The newest drafts by key; in memory only."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._drafts: TTLCache[Key, Fields] = TTLCache(KEPT, LIFE, clock)

    def keep(self, key: Key, fields: Fields) -> None:
        """Remember the input of a form for fifteen minutes."""
        self._drafts[key] = fields

    def get(self, key: Key) -> Fields | None:
        """The input of that form, if it is still stored."""
        return self._drafts.get(key)

    def drop(self, key: Key) -> None:
        """Delete one used draft."""
        self._drafts.pop(key, None)

    def forget(self, user_id: int) -> None:
        """Delete every draft of that user: the user's id is part of the keys."""
        for key in list(self._drafts):
            if user_id in key:
                self._drafts.pop(key, None)
