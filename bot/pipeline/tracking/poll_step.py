"""One step of an open request: poll it, store what arrived, show it, or end it."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.catalog import guessed_facts
from bot.domain.records import Record
from bot.domain.results import Status
from bot.errors import BackendError, RateLimited, RequestGone, SpoolError, StoreError, Transient
from bot.i18n import _
from bot.parameters.job_limits import job_limit
from bot.parameters.upfront_kudos import AboutModel
from bot.pipeline.tracking import endings
from bot.pipeline.tracking.arrivals import Arrivals
from bot.pipeline.tracking.conclusion import Conclusion
from bot.pipeline.tracking.departures import Departures
from bot.pipeline.tracking.poll_timing import (
    CACHE,
    CALL_POLL,
    SECOND_POLL,
    poll_delay,
    retry_delay,
    worth_showing,
)
from bot.pipeline.tracking.preview_files import PreviewFiles
from bot.pipeline.tracking.settlement import Settlement
from bot.pipeline.tracking.state import TrackedRequest
from bot.pipeline.tracking.status_poll import (
    is_confirmed,
    is_overdue,
    poll_status,
    remember_open,
    until_turn,
    worked,
)
from bot.storage import Store
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)
STEPS_AT_ONCE = 64  # each is one or two calls, besides downloads
CRASHES = 8  # bugs in a row; after that the request ends with the results it has
OUTAGE_PAUSE = 2.0
BUSY_PAUSE = 2.0  # seconds while the database is busy


class PollStep:
    """Takes one step of a request. `resend`: puts a request back into the queue.

    `limit`: held by the caller during a step, and given back while results are downloaded: file
    servers that are slow on purpose must not hold up the polls of others.
    """

    def __init__(
        self,
        *,
        store: Store,
        files: ResultFiles,
        settlement: Settlement,
        backends: Mapping[str, tuple[Backend, OutageMonitor]],
        resend: Callable[[Record], None],
        departures: Departures,
        about: AboutModel = guessed_facts,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._departures = departures
        self._previews = PreviewFiles(files)
        self.limit = asyncio.Semaphore(STEPS_AT_ONCE)
        self._arrivals = Arrivals(store, files, self.limit)
        self._settlement = settlement
        self._backends = backends
        self._conclusion = Conclusion(
            store=store,
            settlement=settlement,
            backends=backends,
            resend=resend,
            departures=departures,
            arrivals=self._arrivals,
            previews=self._previews,
            clock=clock,
        )
        self._about = about
        self._clock = clock

    async def take(self, tracked: TrackedRequest) -> float | None:
        """Take one step. Returns the seconds until the next one, None when nothing is left to do.

        Raises nothing: a bug affects this request alone, and ends it when it recurs each time.
        """
        try:
            delay = await self._take(tracked)
        except StoreError as error:
            log.info("#%d waits for the database: %s", tracked.record.id, error)
            return BUSY_PAUSE
        except Exception:
            tracked.crashes += 1
            log.exception("#%d: a step failed", tracked.record.id)
            return 2.0 ** min(tracked.crashes, 6)
        tracked.crashes = 0
        return delay

    async def _take(self, tracked: TrackedRequest) -> float | None:
        if tracked.stale and not await self._read_again(tracked):
            return None
        record = tracked.record
        if tracked.crashes >= CRASHES:
            return await self._conclusion.give_up(tracked)
        if record.outcome_at is not None:
            assert record.status is not None
            return await self._settlement.show_outcome(tracked, record.status)
        backend, outage_monitor = self._backends[record.backend]
        if outage_monitor.down and record.cancel_at is None:
            return await self._wait_out(tracked, backend)
        if record.cancel_at is None and (left := until_turn(tracked, outage_monitor)) > 0:
            return left
        return await self._poll(tracked, backend, outage_monitor)

    async def _poll(
        self, tracked: TrackedRequest, backend: Backend, outage_monitor: OutageMonitor
    ) -> float | None:
        try:
            return await self._advance(tracked, backend)
        except Transient as error:
            if not isinstance(error, RateLimited) and await outage_monitor.is_outage(error):
                return OUTAGE_PAUSE
            return await self._back_off(tracked, error, backend)
        except SpoolError as error:
            await self._settlement.show_stalled(tracked, _(endings.NO_ROOM))
            return await self._back_off(tracked, error, backend)
        except BackendError as error:
            return await self._back_off(tracked, error, backend)

    async def _read_again(self, tracked: TrackedRequest) -> bool:
        record = await self._store.requests.get(tracked.record.id)
        if record is None or not record.phase.is_open:
            return False
        tracked.record, tracked.stale, tracked.failures = record, False, 0
        return True

    async def _advance(self, tracked: TrackedRequest, backend: Backend) -> float | None:
        try:
            if tracked.record.cancel_at is not None or tracked.leaving:
                return await self._conclusion.stop(tracked, backend)
            status = await poll_status(tracked, backend)
        except RequestGone:
            return await self._conclusion.gone(tracked)
        if status.phase.is_open:
            return await self._open(tracked, status, backend)
        if not status.settled and not is_confirmed(tracked):
            return SECOND_POLL
        if status.dropped and status.finished == 0 and tracked.record.resends == 0:
            return await self._conclusion.send_again(tracked.record, endings.why_again(backend))
        return await self._conclusion.conclude(tracked, status, backend)

    async def _open(
        self, tracked: TrackedRequest, status: Status, backend: Backend
    ) -> float | None:
        limit = self._job_limit(tracked.record, backend)
        if backend.capabilities.submits == "blocking":
            limit = float("inf")  # no other worker takes over
        status = remember_open(tracked, status, limit)
        if self._is_overdue(tracked, backend):
            return await self._conclusion.gone(tracked)
        if status.generations:
            status = (await self._arrivals.download(tracked, status, backend)).status
        await self._arrivals.store(tracked, status)
        if await self._departures.begin(tracked, status):
            return 0.0
        news = worth_showing(tracked.shown, status, ticks() - tracked.shown_at)
        if news or self._settlement.must_announce_end(tracked):
            status = await self._previews.stored(tracked.record.id, status)
            await self._settlement.show_open(tracked, status)
        age = tracked.age(self._clock())
        if backend.capabilities.submits == "blocking":
            return CALL_POLL
        delay = poll_delay(status, tracked.record.kind, age, worked(tracked, age))
        tracked.near_end = delay <= CACHE and status.processing > 0
        return delay

    def _is_overdue(self, tracked: TrackedRequest, backend: Backend) -> bool:
        limit = self._job_limit(tracked.record, backend)
        return is_overdue(tracked, backend, tracked.age(self._clock()), limit)

    def _job_limit(self, record: Record, backend: Backend) -> float:
        """Seconds that a worker may hold the job; a blocking call has its own end."""
        if backend.capabilities.submits == "blocking":
            return backend.request_lifetime
        return job_limit(record.request, self._about)

    async def _wait_out(self, tracked: TrackedRequest, backend: Backend) -> float:
        """During an outage nothing is polled; the card shows the outage."""
        tracked.turn_at, tracked.near_end = None, True
        await self._settlement.show_stalled(tracked, endings.said(endings.NO_ANSWER, backend))
        return OUTAGE_PAUSE

    async def _back_off(
        self, tracked: TrackedRequest, error: BackendError | SpoolError, backend: Backend
    ) -> float | None:
        tracked.failures += 1
        log.info("#%d: %s", tracked.record.id, error)
        if isinstance(error, BackendError) and self._is_overdue(tracked, backend):
            return await self._conclusion.gone(tracked)
        return retry_delay(tracked.failures, error)
