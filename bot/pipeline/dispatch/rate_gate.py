"""The way out to a backend: one call at a time, as far apart as the windows ask for.

What counts is the moment in which a call really leaves, not the one in which its turn came: reading
its row, fetching an upload and writing SENDING take their time.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from bot.aio.clock import ticks
from bot.aio.rate_limiter import RateLimiter
from bot.errors import RateLimited

LEAD = 0.05  # seconds before it may leave that a turn is taken: to read its row and its key
PATIENCE = 2.0  # seconds that a turn waits here; a longer wait belongs into the queue
SLOW = 0.5  # a turn that takes longer to get ready (an upload is fetched) holds up nobody


class RateGate:
    """The windows of one kind at one backend."""

    def __init__(self, pace: RateLimiter, opened: Callable[[], None]) -> None:
        """`opened`: told whenever the next turn may be nearer than `delay` said."""
        self.pace = pace
        self._opened = opened
        self._lock = asyncio.Lock()
        self._coming: dict[int, float] = {}  # turns on their way here, and since when
        self._closed = False

    def coming(self, record_id: int) -> None:
        """A turn was taken and gets ready."""
        self._coming[record_id] = ticks()

    def gone(self, record_id: int) -> None:
        """It has left, or it never will."""
        if self._coming.pop(record_id, None) is not None:
            self._opened()

    def delay(self) -> float:
        """Seconds until another turn should be taken; 0 or less: now."""
        now = ticks()
        held_up = [since + SLOW for since in self._coming.values() if since + SLOW > now]
        return max([self.pace.ready_at() - LEAD, *held_up]) - now

    def close(self) -> None:
        """Nothing leaves any more."""
        self._closed = True

    @asynccontextmanager
    async def leave(self, record_id: int) -> AsyncGenerator["Permit | None"]:
        """Wait until a call may leave; nobody else leaves until it does. None: not now."""
        await self._lock.acquire()
        passage = Permit(self, record_id)
        try:
            yield passage if await self._ready() else None
        finally:
            passage.open()

    async def _ready(self) -> bool:
        while not self._closed:
            left = self.pace.ready_at() - ticks()
            if left <= 0:
                return True
            if left > PATIENCE:  # somebody was refused meanwhile
                return False
            await asyncio.sleep(min(left, 1.0))  # a lifted limit is noticed meanwhile
        return False

    @asynccontextmanager
    async def spare(self, wait: float, is_free: Callable[[], bool]) -> AsyncGenerator[bool]:
        """A slot for a question, if one comes within `wait` seconds and nobody else wants it."""
        if 0 < (delay := self.pace.ready_at() - ticks()) < wait:
            await asyncio.sleep(delay)
        now = ticks()
        free = not self._coming and self.pace.ready_at() <= now and is_free()
        if free:
            self.pace.sent(now)
        try:
            yield free
        except RateLimited as error:
            self.pace.refused(ticks(), error.retry_after)
            raise

    def release(self) -> None:
        """Of the passage that held it."""
        self._lock.release()


class Permit:
    """One call's way through the gate."""

    def __init__(self, gate: RateGate, record_id: int) -> None:
        self._gate = gate
        self._record_id = record_id
        self._left_at = 0.0
        self._open = False

    def left(self) -> None:
        """The call leaves now."""
        self._left_at = ticks()
        self._gate.pace.sent(self._left_at)
        self.open()
        self._gate.gone(self._record_id)

    def answered(self) -> None:
        """Its answer is here, or it never will be."""
        self._gate.pace.answered(ticks() - self._left_at)

    def open(self) -> None:
        """Let the next one come to the gate."""
        if not self._open:
            self._open = True
            self._gate.release()
