"""The background task that polls every open request when it is due.

Rows are the state; the times of the next polls are in memory and are rebuilt at start. A poll that
changes nothing writes nothing.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.aio.clock import ticks
from bot.aio.keyed_locks import KeyedLocks
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.i18n import set_language
from bot.pipeline.tracking.poll_step import PollStep
from bot.pipeline.tracking.poll_timing import CACHE, FIRST_POLL
from bot.pipeline.tracking.state import TrackedRequest

Slot = tuple[str, str, Kind]  # backend, slot owner, kind


class Poller:
    """Follows requests from their receipt until their outcome was shown.

    `running_takes_slots`: names of the backends at which a result takes its slot until it arrives.
    """

    def __init__(
        self, poll_step: PollStep, locks: KeyedLocks, running_takes_slots: Collection[str] = ()
    ) -> None:
        self._running_takes_slots = running_takes_slots
        self._poll_step = poll_step
        self._locks = locks
        self._tracked: dict[int, TrackedRequest] = {}
        self._due: list[tuple[float, int]] = []
        self._due_at: dict[int, float] = {}
        self._stepping: set[int] = set()
        self._notified_at: dict[int, float] = {}
        self._changed = asyncio.Event()
        self._slots: dict[int, tuple[Slot, int]] = {}
        self._occupied: Counter[Slot] = Counter()
        self.on_slot_freed: list[Callable[[], None]] = []
        self.on_unknown_webhook: list[Callable[[int, str], None]] = []  # for untracked requests

    def __len__(self) -> int:
        return len(self._tracked)

    def watch(self, record: Record, *, delay: float = FIRST_POLL) -> None:
        """Follow this request from now on; the first poll comes after `delay` seconds."""
        if record.id in self._tracked:
            self.poll_now(record.id)  # reads the row: either of the two may be newer
            return
        tracked = self._tracked[record.id] = TrackedRequest(record=record)
        self._occupy(tracked)
        self._schedule(record.id, delay)

    def newest(self, record: Record) -> Record:
        """The record with its last polled status: small changes are not stored."""
        tracked = self._tracked.get(record.id)
        seen = tracked.seen if tracked is not None else None
        return record if seen is None else replace(record, status=seen)

    def poll_now(self, record_id: int) -> bool:
        """Its row was changed: read it again and take a step now. False: it is not tracked."""
        tracked = self._tracked.get(record_id)
        if tracked is None:
            return False
        tracked.stale = True
        self._schedule(record_id, 0.0)
        return True

    def webhook_received(self, record_id: int, remote_id: str = "") -> bool:
        """A webhook reports a result; several in a short time count once.

        `remote_id`: the backend's id, for a lost submit. False: the request is not tracked.
        """
        tracked = self._tracked.get(record_id)
        if tracked is None:
            for listener in self.on_unknown_webhook:
                listener(record_id, remote_id)
            return False
        if not tracked.notified:
            now = ticks()
            at = max(now, self._notified_at.get(record_id, float("-inf")) + CACHE)
            tracked.notified, self._notified_at[record_id] = True, at
            if at < self._due_at.get(record_id, float("inf")):
                self._schedule(record_id, at - now)
        return True

    def occupied(self, slot: Slot) -> int:
        """How many slots of that account the open requests take."""
        return self._occupied[slot]

    async def run(self) -> None:
        """Run until cancelled. A bug in a step affects that request alone."""
        async with asyncio.TaskGroup() as steps:
            while True:
                for record_id in self._take_due():
                    await self._poll_step.limit.acquire()
                    steps.create_task(self._step(record_id))
                await self._sleep()

    def _take_due(self) -> list[int]:
        now, found = ticks(), list[int]()
        while self._due and self._due[0][0] <= now:
            due_at, record_id = heapq.heappop(self._due)
            if self._due_at.get(record_id) == due_at:  # otherwise it was rescheduled since
                del self._due_at[record_id]
                self._stepping.add(record_id)
                found.append(record_id)
        return found

    async def _sleep(self) -> None:
        self._changed.clear()
        delay = self._due[0][0] - ticks() if self._due else None
        if delay is not None and delay <= 0:
            return
        try:
            async with asyncio.timeout(delay):
                await self._changed.wait()
        except TimeoutError:
            return

    def _schedule(self, record_id: int, delay: float) -> None:
        """Schedule the next step in `delay` seconds; during a step only the time is stored."""
        due_at = ticks() + delay
        self._due_at[record_id] = due_at
        if record_id not in self._stepping:
            heapq.heappush(self._due, (due_at, record_id))
            self._changed.set()

    async def _step(self, record_id: int) -> None:
        try:
            async with self._locks.hold(record_id):
                tracked, delay = self._tracked.get(record_id), None
                if tracked is not None:
                    set_language(tracked.record.language)
                    delay = await self._poll_step.take(tracked)
                self._stepping.discard(record_id)
                if tracked is None or delay is None:
                    self._forget(record_id)
                else:
                    self._continue(tracked, delay)
        finally:
            self._poll_step.limit.release()

    def _continue(self, tracked: TrackedRequest, delay: float) -> None:
        self._occupy(tracked)
        wanted = self._due_at.get(tracked.record.id)  # a step was requested meanwhile
        now = ticks()
        self._schedule(tracked.record.id, delay if wanted is None else max(0.0, wanted - now))

    def _forget(self, record_id: int) -> None:
        self._tracked.pop(record_id, None)
        self._due_at.pop(record_id, None)
        self._notified_at.pop(record_id, None)
        slot, count = self._slots.pop(record_id, (None, 0))
        if slot is not None and count:
            self._free(slot, count)

    def _occupy(self, tracked: TrackedRequest) -> None:
        record = tracked.record
        slot = (record.backend, record.slot_owner, record.kind)
        waiting = self._taken(tracked)
        _, before = self._slots.get(record.id, (slot, 0))
        self._slots[record.id] = (slot, waiting)
        if waiting < before:
            self._free(slot, before - waiting)
        elif waiting > before:
            self._occupied[slot] += waiting - before

    def _taken(self, tracked: TrackedRequest) -> int:
        """Slots that the request takes. At a Horde only results that no worker has started take
        one: docs/horde-api.md#concurrency.
        """
        record = tracked.record
        if record.outcome_at is not None or record.remote_id is None:
            return 0
        status = tracked.seen or record.status
        if status is None or record.backend in self._running_takes_slots:
            return record.request.count
        return status.waiting

    def _free(self, slot: Slot, count: int) -> None:
        self._occupied[slot] -= count
        if self._occupied[slot] <= 0:
            del self._occupied[slot]
        for listener in self.on_slot_freed:
            listener()
