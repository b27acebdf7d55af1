"""What happened a moment ago, so that the same thing twice is one thing."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable

KEPT = 4_096


class RecentEvents:
    """Remembers the newest events, each by a key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._at: OrderedDict[Hashable, float] = OrderedDict()

    def is_new(self, key: Hashable, *, within: float = math.inf) -> bool:
        """Whether it did not happen in the last `within` seconds; it happens now."""
        now = self._clock()
        before = self._at.pop(key, None)
        self._at[key] = now
        if len(self._at) > KEPT:
            self._at.popitem(last=False)
        return before is None or now - before >= within
