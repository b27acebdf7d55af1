"""Requests that their backend has, but cannot start: cancelled there, then moved to the fallback.

The row is marked before the cancel, so that after a crash the cancel is repeated. A request moves
only after the backend has confirmed that no worker had begun it: nothing is paid twice.
"""

import logging
from collections.abc import Callable, Mapping

from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.i18n import _
from bot.pipeline.fallback.mover import AFTER, Mover
from bot.pipeline.fallback.sentences import STARTED, Cause
from bot.pipeline.tracking.state import TrackedRequest
from bot.pipeline.tracking.status_poll import carry_over
from bot.storage import Store

log = logging.getLogger(__name__)
POLLS = 3  # in a row that report no worker: the Horde's figures change from poll to poll


class Departures:
    """Takes requests away from their backend. `resend`: puts one back into the queue."""

    def __init__(
        self,
        store: Store,
        mover: Mover,
        backends: Mapping[str, tuple[Backend, OutageMonitor]],
        resend: Callable[[Record], None],
    ) -> None:
        self._store = store
        self._mover = mover
        self._backends = backends
        self._resend = resend

    async def begin(self, tracked: TrackedRequest, status: Status) -> bool:
        """Whether it leaves its backend, which is stored. `status`: of the newest poll."""
        record = tracked.record
        waits = _is_untouched(status) and status.phase is Phase.WAITING
        tracked.impossible = tracked.impossible + 1 if waits and not status.is_possible else 0
        if not (waits and self._may_leave(record)):
            return False
        if tracked.impossible < POLLS and not self._is_out(record):
            return False
        if not await self._mover.has_target(record):
            return False
        leaving = (record.status or status).as_leaving()
        stored = await self._store.requests.change(
            record.id, when={Phase.WAITING}, unsettled=True, status=leaving
        )
        tracked.record = stored or record
        return stored is not None

    async def leave(self, tracked: TrackedRequest, backend: Backend) -> Status | None:
        """Cancel it and move it. The outcome, when a worker had begun it after all.

        Raises RequestGone, and BackendError when it is to be tried again.
        """
        record = tracked.record
        assert record.remote_id is not None
        cause = Cause.DOWN if self._is_out(record) else Cause.NO_WORKER
        last = await backend.cancel(record.remote_id, record.kind, n=record.request.count)
        if not _is_untouched(last):
            return carry_over(record, _started(last, backend))
        if await self._mover.move(record, cause) is None:
            await self._back_to_queue(record)
        return None

    def _may_leave(self, record: Record) -> bool:
        able = self._backends[record.backend][0].capabilities
        is_queued = able.submits == "queued" and record.kind in able.cancels
        return is_queued and record.resends == 0 and record.cancel_at is None

    def _is_out(self, record: Record) -> bool:
        return self._backends[record.backend][1].refuses_for(record.kind) >= AFTER

    async def _back_to_queue(self, record: Record) -> None:
        """The fallback went away meanwhile: the request, cancelled there, is sent again."""
        warnings = record.status.warnings if record.status is not None else ()
        back = await self._store.requests.change(
            record.id,
            unsettled=True,
            phase=Phase.QUEUED,
            remote_id=None,
            attempts=0,
            status=Status(phase=Phase.QUEUED, warnings=warnings),
        )
        if back is not None:
            self._resend(back)


def _is_untouched(status: Status) -> bool:
    """No worker had it."""
    counts = status.processing + status.finished + status.restarted
    return not counts and not status.generations


def _started(last: Status, backend: Backend) -> Status:
    """The outcome of a request that a worker had begun before the cancel."""
    if not last.phase.is_open and last.phase is not Phase.CANCELLED:
        return last  # it had ended before
    text = _(STARTED).format(backend=backend.capabilities.title)
    stopped = last.with_outcome(Phase.PARTIAL if last.arrived else Phase.FAULTED, text)
    return stopped.as_begun()
