"""The input of forms that could not be used, kept so that it need not be typed again."""

import time
from collections.abc import Callable, Hashable, Mapping

from cachetools import TTLCache

LIFE = 15 * 60.0  # s
KEPT = 1_024  # drafts of at most a few thousand characters each

Key = tuple[Hashable, ...]
Fields = Mapping[str, str]


class FormDrafts:
    """The newest drafts, each by a key; in memory alone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._drafts: TTLCache[Key, Fields] = TTLCache(KEPT, LIFE, clock)

    def keep(self, key: Key, fields: Fields) -> None:
        """Remember the input of a form for fifteen minutes."""
        self._drafts[key] = fields

    def get(self, key: Key) -> Fields | None:
        """The input of that form, if it is still remembered."""
        return self._drafts.get(key)

    def drop(self, key: Key) -> None:
        """Forget one draft: it was used."""
        self._drafts.pop(key, None)

    def forget(self, user_id: int) -> None:
        """Forget every draft of that person: their id is part of the keys."""
        for key in list(self._drafts):
            if user_id in key:
                self._drafts.pop(key, None)
