"""The end of an open request: its outcome is stored and shown, or it is sent again."""

import time
from collections.abc import Callable, Mapping

from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.results import Status
from bot.errors import BackendError
from bot.pipeline.tracking import endings
from bot.pipeline.tracking.arrivals import Arrivals
from bot.pipeline.tracking.departures import Departures
from bot.pipeline.tracking.poll_timing import CACHE
from bot.pipeline.tracking.preview_files import PreviewFiles
from bot.pipeline.tracking.settlement import Settlement
from bot.pipeline.tracking.state import TrackedRequest
from bot.storage import Store


class Conclusion:
    """Ends requests. Each method returns the seconds until the next step, None for no further one.

    `resend`: puts a request back into the queue.
    """

    def __init__(
        self,
        *,
        store: Store,
        settlement: Settlement,
        backends: Mapping[str, tuple[Backend, OutageMonitor]],
        resend: Callable[[Record], None],
        departures: Departures,
        arrivals: Arrivals,
        previews: PreviewFiles,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._settlement = settlement
        self._backends = backends
        self._resend = resend
        self._departures = departures
        self._arrivals = arrivals
        self._previews = previews
        self._clock = clock

    async def conclude(
        self, tracked: TrackedRequest, status: Status, backend: Backend
    ) -> float | None:
        """Download the results of an outcome, store it and show it.

        Raises BackendError or SpoolError when a download is to be tried again.
        """
        tries = tracked.downloads + 1
        downloaded = await self._arrivals.download(tracked, status, backend, tries=tries)
        if downloaded.failure is None:
            return await self._end(tracked, downloaded.status)
        tracked.downloads += isinstance(downloaded.failure, BackendError)
        # Still open, but the stored results can be shown and need no second download.
        arrived = downloaded.status.with_phase(tracked.record.phase)
        tracked.seen = arrived
        await self._arrivals.store(tracked, arrived)
        if tracked.shown is None or arrived.arrived > tracked.shown.arrived:
            await self._settlement.show_open(tracked, arrived)
        raise downloaded.failure

    async def _end(self, tracked: TrackedRequest, outcome: Status) -> float | None:
        if outcome.code:
            backend = self._backends[tracked.record.backend][0]
            reason = endings.private_reason(tracked.record, backend, outcome.detail, outcome.code)
            outcome = outcome.model_copy(update={"detail": reason})
        settled = await self._settlement.settle(tracked.record, outcome)
        await self._forget(tracked.record)
        if settled is None:
            return None
        tracked.record = settled
        return await self._settlement.show_outcome(tracked, settled.status or outcome)

    async def gone(self, tracked: TrackedRequest) -> float | None:
        """The backend does not know it any more: sent again once if unprocessed, else expired."""
        backend = self._backends[tracked.record.backend][0]
        if endings.was_lost(tracked, backend, tracked.age(self._clock())):
            return await self.send_again(tracked.record, endings.said(endings.SENT_AGAIN, backend))
        return await self._end(tracked, endings.outcome_when_gone(tracked, backend))

    async def stop(self, tracked: TrackedRequest, backend: Backend) -> float | None:
        """Its requester cancelled it, or the fallback of its backend takes it over."""
        if tracked.record.cancel_at is not None:
            stopped = await endings.cancel(tracked, backend)
            return await self.conclude(tracked, stopped, backend) if stopped else CACHE
        outcome = await self._departures.leave(tracked, backend)
        if outcome is not None:
            return await self.conclude(tracked, outcome, backend)
        await self._forget(tracked.record)
        return None

    async def send_again(self, record: Record, why: str) -> None:
        """Put it back into the queue. `why`: a warning for its card."""
        await self._forget(record)
        back = await endings.queue_again(self._store, record, why)
        if back is not None:
            self._resend(back)

    async def _forget(self, record: Record) -> None:
        backend = self._backends[record.backend][0]
        if record.remote_id is not None:
            backend.forget(record.remote_id)
        if backend.capabilities.progress:
            await self._previews.drop(record.id)

    async def give_up(self, tracked: TrackedRequest) -> float | None:
        """A bug came back each time: the request ends with the results it has."""
        record = tracked.record
        if record.outcome_at is not None and record.status is not None:
            return await self._settlement.hold(tracked, record.status)
        tracked.crashes = 0  # showing the outcome has attempts of its own
        return await self._end(tracked, endings.outcome_when_broken(record))
