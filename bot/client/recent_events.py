"""Recent events, so that a repeated event counts once."""

import math
import time
from collections.abc import Callable, Hashable

from cachetools import LRUCache

KEPT = 4_096


class RecentEvents:
    """The newest events by key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at: LRUCache[Hashable, float] = LRUCache(KEPT)

    def is_new(self, key: Hashable, *, within: float = math.inf) -> bool:
        """Record that the event happens now; true if it did not in the last `within` seconds."""
        now, before = self._clock(), self._at.get(key, -math.inf)
        self._at[key] = now
        return now - before >= within
