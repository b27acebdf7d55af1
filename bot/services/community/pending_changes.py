"""Changes that their users have not confirmed yet; in memory only."""

import itertools
import time
from collections.abc import Awaitable, Callable

from cachetools import TTLCache

LIFE = 15 * 60.0  # seconds
KEPT = 1_000

Change = Callable[[], Awaitable[str]]  # makes the change and returns a sentence about it


class PendingChanges:
    """The changes by number. A change is made once."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: TTLCache[int, tuple[int, Change]] = TTLCache(KEPT, LIFE, clock)
        # A number of an earlier run of the bot must not mean another change.
        self._numbers = itertools.count(time.time_ns() // 1_000)

    def keep(self, user_id: int, change: Change) -> int:
        """The number of the change."""
        number = next(self._numbers)
        self._kept[number] = (user_id, change)
        return number

    async def make(self, user_id: int, number: int) -> str | None:
        """Make the change, and return its sentence; None when it is not kept any more.

        A change that failed is kept, so that it can be tried again.
        """
        kept = self._kept.get(number)
        if kept is None or kept[0] != user_id:
            return None
        del self._kept[number]
        try:
            return await kept[1]()
        except BaseException:
            self._kept[number] = kept
            raise

    def drop(self, user_id: int, number: int) -> None:
        """The user does not want the change."""
        if self._kept.get(number, (0, None))[0] == user_id:
            del self._kept[number]
