"""Is a backend up? One failing request is its own trouble; an outage is everybody's.

An outage is said once in the log, and so is its end. While it lasts nothing is sent and nobody
is rejected: the dispatcher and the tracker wait here. A pause (maintenance, our address in
time-out) stops what is sent, but not the looks at what the backend has already.
"""

import asyncio
import logging
import random
import time

from bot.aio.clock import ticks
from bot.backends.base import Backend, Health
from bot.errors import BackendError, BackendPaused, Transient

log = logging.getLogger(__name__)
# Seconds between looks during an outage. The heartbeat is exempt from the limits (HORDE 1.9), and
# whoever waits wants their picture within half a minute after it is over.
RETRY_FIRST, RETRY_MAX = 1.0, 5.0
ANSWER = 8.0  # seconds; a heartbeat that takes longer is none: that half minute goes on
PAUSE_MAX = 3600.0  # seconds; then one request finds out, whatever was said
RELAPSE = 60.0  # an outage so soon after another is the same one: the looks do not start anew
# After an outage every open request is due at once. A look and a download are two calls, submits
# are two a second: fewer than twenty calls a second for the first ten, then as after a start.
EASE_EVERY, EASE_FOR, EASE_LATER = 0.125, 10.5, 0.02
DOWN = Health(ok=False, message="")


class OutageMonitor:
    """What is known about one backend's reachability."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._fine = asyncio.Event()
        self._fine.set()
        self._probe: asyncio.Task[None] | None = None
        self._asking = asyncio.Lock()
        self._seen, self._seen_at = DOWN, float("-inf")
        self._delay = RETRY_FIRST
        self.down = False  # not even looks get through
        self.since: float | None = None  # when the outage began, UTC seconds
        self.reason = ""
        self.outages = 0  # begun since the start
        self._ended_at = float("-inf")  # ticks: when requests could be sent again
        self._up_at = float("-inf")  # ticks: when looks got through again
        self._look_at = float("-inf")  # ticks: when the newest look since then may go

    @property
    def fine(self) -> bool:
        """Requests may be sent."""
        return self._fine.is_set()

    async def wait(self) -> None:
        """Until requests may be sent."""
        await self._fine.wait()

    async def is_outage(self, error: Transient) -> bool:
        """A call failed: is it the whole backend? Asks its heartbeat unless that is known."""
        if isinstance(error, BackendPaused):
            self._begin(str(error), error.retry_after, down=False)
            return True
        if self.down:
            return True
        health = await self._health()
        if health.ok and not health.maintenance:
            return False
        self._begin(health.message if health.ok else str(error), None, down=not health.ok)
        return True

    def next_look(self) -> float:
        """The moment, in ticks, from which one more look may go: now, but right after an outage."""
        now, eased = ticks(), self._up_at + EASE_FOR
        if now > eased:
            return now
        gap = EASE_EVERY if self._look_at < eased else EASE_LATER
        self._look_at = max(self._look_at + gap, now)
        return self._look_at

    async def close(self) -> None:
        """End the probing."""
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.gather(self._probe, return_exceptions=True)

    async def _health(self) -> Health:
        """Asked once for all who want to know it at the same time."""
        wanted = ticks()
        async with self._asking:
            if self._seen_at < wanted:
                self._seen = await self._ask()
                self._seen_at = ticks()
            return self._seen

    async def _ask(self) -> Health:
        try:
            async with asyncio.timeout(ANSWER):
                return await self._backend.health()
        except (BackendError, TimeoutError):
            return DOWN
        except Exception:  # it must not stop us from asking again
            log.exception("the health of %s cannot be asked", self._backend.name)
            return DOWN

    def _begin(self, reason: str, retry_after: float | None, *, down: bool) -> None:
        self.down = self.down or down
        if not self.fine:  # somebody else saw it while we asked
            return
        self._fine.clear()
        self.since, self.reason = time.time(), reason
        self.outages += 1
        log.warning("%s cannot be used: %s Everybody waits.", self._backend.name, reason)
        self._probe = asyncio.create_task(self._watch(retry_after), name="weather")

    async def _watch(self, retry_after: float | None) -> None:
        if ticks() - self._ended_at > RELAPSE:
            self._delay = RETRY_FIRST
        await self._rest(max(_jitter(self._delay), min(retry_after or 0.0, PAUSE_MAX)))
        while True:
            self._delay = min(self._delay * 2, RETRY_MAX)
            health = await self._health()
            self._learn(health)
            if health.ok and not health.maintenance:
                break
            await asyncio.sleep(_jitter(self._delay))
        log.warning("%s can be used again.", self._backend.name)
        self.since, self.reason, self._ended_at = None, "", ticks()
        self._fine.set()

    async def _rest(self, seconds: float) -> None:
        """So long nothing is sent; whether looks get through is found out meanwhile."""
        end = ticks() + seconds
        while (left := end - ticks()) > 0:
            await asyncio.sleep(min(left, RETRY_MAX))
            if self.down:
                self._learn(await self._health())

    def _learn(self, health: Health) -> None:
        if self.down and health.ok:
            self._up_at, self._look_at = ticks(), float("-inf")
        self.down = not health.ok


def _jitter(delay: float) -> float:
    return delay * random.uniform(0.75, 1.0)  # noqa: S311 - not a secret
