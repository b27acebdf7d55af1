"""Is a backend up? One failing request is its own trouble; an outage is everybody's.

An outage is said once in the log, and so is its end. While it lasts nothing is sent and nobody
is rejected: the dispatcher and the tracker wait here.
"""

import asyncio
import logging
import random
import time

from bot.backends.base import Backend
from bot.errors import BackendError, BackendPaused, Transient

log = logging.getLogger(__name__)
RETRY_FIRST, RETRY_MAX = 1.0, 15.0  # seconds between looks during an outage


class Weather:
    """What is known about one backend's reachability."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._fine = asyncio.Event()
        self._fine.set()
        self._probe: asyncio.Task[None] | None = None
        self.since: float | None = None  # when the outage began, UTC seconds
        self.reason = ""
        self.outages = 0  # begun since the start
        self.ended_at = float("-inf")  # monotonic: when the last outage was over

    @property
    def fine(self) -> bool:
        """Requests may be sent."""
        return self._fine.is_set()

    async def wait(self) -> None:
        """Until requests may be sent."""
        await self._fine.wait()

    async def is_outage(self, error: Transient) -> bool:
        """A call failed: is it the whole backend? Asks its heartbeat unless that is known."""
        if not self.fine:
            return True
        if isinstance(error, BackendPaused):
            self._begin(str(error), error.retry_after)
            return True
        if await self._alive():
            return False
        self._begin(str(error), None)
        return True

    async def close(self) -> None:
        """End the probing."""
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)

    async def _alive(self) -> bool:
        try:
            health = await self._backend.health()
        except BackendError:
            return False
        return health.ok and not health.maintenance

    def _begin(self, reason: str, retry_after: float | None) -> None:
        if not self.fine:  # somebody else saw it while we asked
            return
        self._fine.clear()
        self.since, self.reason = time.time(), reason
        self.outages += 1
        log.warning("%s cannot be used: %s Everybody waits.", self._backend.name, reason)
        self._probe = asyncio.create_task(self._watch(retry_after), name="weather")

    async def _watch(self, retry_after: float | None) -> None:
        delay = RETRY_FIRST
        await asyncio.sleep(retry_after if retry_after is not None else _jitter(delay))
        while not await self._alive():
            delay = min(delay * 2, RETRY_MAX)
            await asyncio.sleep(_jitter(delay))
        log.warning("%s can be used again.", self._backend.name)
        self.since, self.reason, self.ended_at = None, "", time.monotonic()
        self._fine.set()


def _jitter(delay: float) -> float:
    return delay * random.uniform(0.75, 1.0)  # noqa: S311 - not a secret
