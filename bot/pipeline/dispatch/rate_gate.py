"""Rate gate of one kind at one backend: one submit at a time, spaced by the rate limit.

The time that counts is when the call is sent, not when the request was taken from the queue:
reading the row, fetching an upload and storing SENDING take time.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager

from bot.aio.clock import ticks
from bot.aio.rate_limiter import RateLimiter
from bot.errors import RateLimited

LEAD = 0.05  # seconds by which a request is taken early: to read its row and its key
PATIENCE = 2.0  # seconds that a request waits for a permit; for longer waits it is queued again
SLOW = 0.5  # seconds; a request that takes longer to prepare (an upload) delays no other


class RateGate:
    """Issues permits to submit."""

    def __init__(self, limiter: RateLimiter, changed: Callable[[], None]) -> None:
        """`changed`: called when the next request may be taken earlier than `delay` said."""
        self.limiter = limiter
        self._changed = changed
        self._lock = asyncio.Lock()
        self._preparing: dict[int, float] = {}  # requests being prepared, and since when
        self._closed = False

    def prepare(self, record_id: int) -> None:
        """A request was taken from the queue and is being prepared."""
        self._preparing[record_id] = ticks()

    def done(self, record_id: int) -> None:
        """The request was sent, or will not be sent now."""
        if self._preparing.pop(record_id, None) is not None:
            self._changed()

    def delay(self) -> float:
        """Seconds until another request should be taken; 0 or less: now."""
        now = ticks()
        prepared_by = [since + SLOW for since in self._preparing.values() if since + SLOW > now]
        return max([self.limiter.ready_at() - LEAD, *prepared_by]) - now

    def close(self) -> None:
        """Permit nothing more."""
        self._closed = True

    @asynccontextmanager
    async def permit(self, record_id: int) -> AsyncGenerator["Permit | None"]:
        """Wait until the request may be sent; no other is sent before it. None: not soon."""
        await self._lock.acquire()
        permit = Permit(self, record_id)
        try:
            yield permit if await self._ready() else None
        finally:
            permit.release()

    async def _ready(self) -> bool:
        while not self._closed:
            left = self.limiter.ready_at() - ticks()
            if left <= 0:
                return True
            if left > PATIENCE:  # another request was refused meanwhile
                return False
            await asyncio.sleep(min(left, 1.0))  # to notice a raised limit
        return False

    @asynccontextmanager
    async def spare(self, wait: float, is_free: Callable[[], bool]) -> AsyncGenerator[bool]:
        """One call within the rate limit for another purpose than a submit.

        False: none within `wait` seconds, or a request needs it.
        """
        if 0 < (delay := self.limiter.ready_at() - ticks()) < wait:
            await asyncio.sleep(delay)
        now = ticks()
        free = not self._preparing and self.limiter.ready_at() <= now and is_free()
        if free:
            self.limiter.sent(now)
        try:
            yield free
        except RateLimited as error:
            self.limiter.refused(ticks(), error.retry_after)
            raise

    def unlock(self) -> None:
        """Allow the next permit. Called by the permit that holds the gate."""
        self._lock.release()


class Permit:
    """The right of one request to be sent now."""

    def __init__(self, gate: RateGate, record_id: int) -> None:
        self._gate = gate
        self._record_id = record_id
        self._released = False

    @contextmanager
    def sending(self) -> Generator[None]:
        """Around the call: counts it, lets the next request in, measures the time to the answer."""
        sent_at = ticks()
        self._gate.limiter.sent(sent_at)
        self.release()
        self._gate.done(self._record_id)
        try:
            yield
        finally:
            self._gate.limiter.answered(ticks() - sent_at)

    def release(self) -> None:
        """Allow the next permit."""
        if not self._released:
            self._released = True
            self._gate.unlock()
