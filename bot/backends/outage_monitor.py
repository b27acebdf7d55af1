"""Outage detection for a backend. One failed request is not an outage; the heartbeat decides.

An outage gets one line in the log, and so does its end. Meanwhile nothing is submitted and no
request is rejected: the dispatcher and the poller wait. A pause (maintenance) stops submits, but
not the polls of requests that the backend has already. A time-out of the bot's address stops
submits of images and texts alone.
"""

import asyncio
import logging
import math
import random
import time

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.backends.values import Health
from bot.domain.requests import Kind
from bot.errors import AddressBlocked, BackendError, BackendPaused, Transient
from bot.horde.error_mapping import ADDRESS_BLOCKED, MAINTENANCE
from bot.i18n import N_, _

log = logging.getLogger(__name__)
# Seconds between health checks during an outage. The heartbeat is exempt from the rate limits
# (docs/horde-api.md#rate-limits), and images should arrive within half a minute after the outage.
RETRY_FIRST, RETRY_MAX = 1.0, 5.0
HEALTH_TIMEOUT = 8.0  # seconds, a part of that half minute
PAUSE_MAX = 3600.0  # seconds of a pause that the backend asks for, at most
# Seconds. A time-out of the address may be lifted early, so a submit is tried again so often.
BLOCKED_MAX = 60.0
BLOCK_ENDS = 10.0  # seconds without a refusal after which a time-out of the address has ended
RELAPSE = 60.0  # seconds; an outage so soon after another continues its delays
# After an outage every open request is due at once. A poll and a download are two calls, submits
# are two a second: fewer than twenty calls a second for the first ten, then as after a start.
EASE_EVERY, EASE_FOR, EASE_LATER = 0.125, 10.5, 0.02
DOWN = Health(ok=False, message="")
PAUSED = N_("{backend} does not accept requests at the moment.")
NOT_AVAILABLE = N_("{backend} is not available at the moment.")


class OutageMonitor:
    """Knows whether one backend accepts submits and answers polls."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._available = asyncio.Event()
        self._available.set()
        self._watcher: asyncio.Task[None] | None = None
        self._checking = asyncio.Lock()
        self._last_health, self._health_at = DOWN, float("-inf")
        self._delay = RETRY_FIRST
        self.down = False  # polls are not answered either
        self.since: float | None = None  # when the outage began, UTC seconds
        self.reason = ""  # a message that is translated where it is used
        self.outages = 0  # begun since the start
        self._began_at = 0.0  # loop time of the newest outage
        self._ended_at = float("-inf")  # loop time: when requests could be submitted again
        self._up_at = float("-inf")  # loop time: when polls were answered again
        self._poll_at = float("-inf")  # loop time of the newest poll since then
        self._blocked_until = float("-inf")  # loop time: the address is in time-out

    @property
    def available(self) -> bool:
        """Requests of all kinds may be submitted."""
        return all(map(self.accepts, Kind))

    def accepts(self, kind: Kind) -> bool:
        """Requests of that kind may be submitted."""
        return self._available.is_set() and self._blocked_for(kind) <= 0

    def refuses_for(self, kind: Kind) -> float:
        """Seconds for which requests of that kind could not be submitted, 0 when they can.

        Infinite while the address is in time-out: that lasts for minutes or hours.
        """
        if not self._available.is_set():
            return ticks() - self._began_at
        return math.inf if self._blocked_for(kind) > 0 else 0.0

    def reason_of(self, kind: Kind) -> str:
        """Why none of that kind is submitted, as a sentence; "" when they are."""
        if not self._available.is_set():
            return self._said(self.reason)
        return self._said(ADDRESS_BLOCKED) if self._blocked_for(kind) > 0 else ""

    def _said(self, reason: str) -> str:
        """The reason. Maintenance and blocks of addresses are explained for Hordes only."""
        able = self._backend.capabilities
        of_horde = reason in {MAINTENANCE, ADDRESS_BLOCKED}
        return _(PAUSED if of_horde and not able.has_kudos else reason).format(backend=able.title)

    async def wait_until_accepted(self, kind: Kind) -> None:
        """Wait until requests of that kind may be submitted."""
        while not self.accepts(kind):
            await self._available.wait()
            await asyncio.sleep(max(0.0, self._blocked_for(kind)))

    def _blocked_for(self, kind: Kind) -> float:
        """Seconds for which the time-out of the address stops that kind, 0 or less for none."""
        return 0.0 if kind is Kind.ALCHEMY else self._blocked_until - ticks()

    async def is_outage(self, error: Transient) -> bool:
        """Whether a failed call is part of an outage. Asks the heartbeat unless that is known."""
        if isinstance(error, AddressBlocked):
            self._block(str(error), error.retry_after)
            return True
        if isinstance(error, BackendPaused):
            self._begin(MAINTENANCE, str(error), error.retry_after, down=False)
            return True
        if self.down:
            return True
        health = await self._health()
        if health.ok and not health.maintenance:
            return False
        reason = MAINTENANCE if health.ok else NOT_AVAILABLE
        self._begin(reason, health.message or str(error), None, down=not health.ok)
        return True

    def next_poll_at(self) -> float:
        """Loop time from which one more poll may be sent: now, or later right after an outage."""
        now, eased = ticks(), self._up_at + EASE_FOR
        if now > eased:
            return now
        gap = EASE_EVERY if self._poll_at < eased else EASE_LATER
        self._poll_at = max(self._poll_at + gap, now)
        return self._poll_at

    def _block(self, cause: str, retry_after: float | None) -> None:
        now = ticks()
        if now > self._blocked_until + BLOCK_ENDS:
            self.outages += 1
            log.warning("backend %s: %s Alchemy continues.", self._backend.name, cause)
        self._blocked_until = now + min(retry_after or RETRY_MAX, BLOCKED_MAX)

    async def close(self) -> None:
        """Stop the health checks."""
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)

    async def _health(self) -> Health:
        """The health, asked once for all callers that wait at the same time."""
        wanted = ticks()
        async with self._checking:
            if self._health_at < wanted:
                self._last_health = await self._check()
                self._health_at = ticks()
            return self._last_health

    async def _check(self) -> Health:
        try:
            async with asyncio.timeout(HEALTH_TIMEOUT):
                return await self._backend.health()
        except (BackendError, TimeoutError):
            return DOWN
        except Exception:  # the next check may succeed
            log.exception("the health of %s cannot be tested", self._backend.name)
            return DOWN

    def _begin(self, reason: str, cause: str, retry_after: float | None, *, down: bool) -> None:
        self.down = self.down or down
        if not self._available.is_set():  # noticed by another call meanwhile
            return
        self._available.clear()
        self.since, self.reason = time.time(), reason
        self._began_at = ticks()
        self.outages += 1
        log.warning("backend %s is down: %s Submits are paused.", self._backend.name, cause)
        self._watcher = asyncio.create_task(
            self._watch(retry_after), name=f"outage-{self._backend.name}"
        )

    async def _watch(self, retry_after: float | None) -> None:
        if ticks() - self._ended_at > RELAPSE:
            self._delay = RETRY_FIRST
        await self._pause(max(_jitter(self._delay), min(retry_after or 0.0, PAUSE_MAX)))
        while True:
            self._delay = min(self._delay * 2, RETRY_MAX)
            health = await self._health()
            self._learn(health)
            if health.ok and not health.maintenance:
                break
            await asyncio.sleep(_jitter(self._delay))
        log.warning("backend %s is up again.", self._backend.name)
        self.since, self.reason, self._ended_at = None, "", ticks()
        self._available.set()

    async def _pause(self, seconds: float) -> None:
        """Pause for that long; checks meanwhile whether polls are answered."""
        end = ticks() + seconds
        while (left := end - ticks()) > 0:
            await asyncio.sleep(min(left, RETRY_MAX))
            if self.down:
                self._learn(await self._health())

    def _learn(self, health: Health) -> None:
        if self.down and health.ok:
            self._up_at, self._poll_at = ticks(), float("-inf")
        self.down = not health.ok


def _jitter(delay: float) -> float:
    return delay * random.uniform(0.75, 1.0)  # noqa: S311 - not a secret
