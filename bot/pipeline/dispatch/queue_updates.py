"""Edits the cards of queued requests: position, time until the submit, reason of an outage."""

import asyncio
import logging
from collections.abc import Mapping

from bot.aio.clock import ticks
from bot.aio.keyed_locks import KeyedLocks
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.errors import StoreError
from bot.i18n import set_language
from bot.pipeline.dispatch.kind_queue import KindQueue
from bot.pipeline.tracking.poll_timing import ETA_SHIFT, QUEUE_EDIT
from bot.pipeline.tracking.settlement import Settlement
from bot.pipeline.tracking.state import TrackedRequest
from bot.storage import Store

log = logging.getLogger(__name__)
EVERY = 1.05  # seconds between rounds: as long as the window of the limit of all edits
FIRST = 3.0  # seconds until a card shows its position: most requests are submitted by then
PER_ROUND = 20  # edits: the limit for all unfinished cards per second


class QueueUpdates:
    """Edits each card at most every 15 s, and only when its content changes."""

    def __init__(
        self,
        queues: Mapping[Kind, KindQueue],
        *,
        store: Store,
        settlement: Settlement,
        outage_monitor: OutageMonitor,
        locks: KeyedLocks,
    ) -> None:
        self._queues = queues
        self._store = store
        self._settlement = settlement
        self._outage_monitor = outage_monitor
        self._locks = locks
        self._queued: dict[int, TrackedRequest] = {}
        self._edits = asyncio.Semaphore(PER_ROUND)
        self._editing: set[int] = set()

    def add(self, record: Record) -> None:
        """Keep its card up to date from now on, as long as it is in its queue."""
        shown_at = ticks() - QUEUE_EDIT + FIRST
        self._queued[record.id] = TrackedRequest(record=record, shown_at=shown_at)

    def queued_status(self, record: Record) -> Status | None:
        """Status with the position; None when it is not queued or being submitted right now."""
        position, wait = self._queues[record.kind].position(record.id)
        if not position:
            return None
        reason = self._outage_monitor.reason_of(record.kind)
        return (record.status or Status(phase=Phase.QUEUED)).in_queue(position, wait, reason)

    async def run(self) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as edits:
            while True:
                await asyncio.sleep(EVERY)
                self._forget_submitted()
                for record_id in self._due():
                    await self._edits.acquire()
                    self._editing.add(record_id)
                    edits.create_task(self._edit(record_id))

    def _forget_submitted(self) -> None:
        self._queued = {
            record_id: tracked
            for record_id, tracked in self._queued.items()
            if record_id in self._queues[tracked.record.kind]
        }

    def _due(self) -> list[int]:
        """Ids of the cards to edit now, those first that were edited longest ago."""
        now, due = ticks(), list[int]()
        for record_id, tracked in sorted(self._queued.items(), key=lambda one: one[1].shown_at):
            if now - tracked.shown_at < QUEUE_EDIT or len(due) >= PER_ROUND:
                break
            status = self.queued_status(tracked.record)
            if record_id in self._editing or status is None:
                continue
            if _worth_showing(tracked, status, now) or self._settlement.must_announce_end(tracked):
                due.append(record_id)
        return due

    async def _edit(self, record_id: int) -> None:
        try:
            async with self._locks.hold(record_id):
                tracked = self._queued.get(record_id)
                if tracked is None:
                    return
                set_language(tracked.record.language)
                if not await self._show(tracked):
                    self._queued.pop(record_id, None)
                    self._queues[tracked.record.kind].process_now(record_id)
        except StoreError as error:
            log.info("#%d: its position is not shown: %s", record_id, error)
        except Exception:
            log.exception("#%d: its position cannot be shown", record_id)
        finally:
            self._editing.discard(record_id)
            self._edits.release()

    async def _show(self, tracked: TrackedRequest) -> bool:
        """Edit one card. False: the request does not wait any more.

        A request whose message was deleted before its submit is cancelled.
        """
        record = await self._store.requests.get(tracked.record.id)
        if record is None or record.outcome_at is not None:
            return False
        if record.backend != tracked.record.backend:  # moved to another backend
            return False
        if record.phase not in {Phase.QUEUED, Phase.SENDING}:
            return False
        tracked.record = record
        status = self.queued_status(record)
        if status is None:
            return True
        await self._settlement.show_open(tracked, status)
        if tracked.unreachable:
            tracked.shown_at = ticks()  # other cards first
        if not tracked.deleted or record.phase is Phase.SENDING:
            return True
        log.info("#%d: its message was deleted before its submit", record.id)
        await self._settlement.settle(record, Status.cancelled())
        return False


def _worth_showing(tracked: TrackedRequest, status: Status, now: float) -> bool:
    old = tracked.shown
    if old is None:
        return True
    if (old.queue_position, old.detail) != (status.queue_position, status.detail):
        return True
    if old.offer != status.offer:
        return True
    if not (old.wait_time and status.wait_time):
        return old.wait_time != status.wait_time
    moved = (tracked.shown_at + old.wait_time) - (now + status.wait_time)
    return abs(moved) > ETA_SHIFT
