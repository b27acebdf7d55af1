"""The one background task: looks at every open request when it is due.

Rows are the truth; when to look next is a cache that is rebuilt from them at start. A look that
changes nothing writes nothing.
"""

import asyncio
import heapq
import logging
import time
from collections import Counter
from collections.abc import Callable

from bot.keys import slot_owner
from bot.locks import Locks
from bot.outcomes import RETRY_MAX, Tracked
from bot.records import Record
from bot.requests import Kind
from bot.steps import Steps
from bot.timing import FIRST_LOOK

log = logging.getLogger(__name__)
STEPS_AT_ONCE = 64  # each is one or two calls
Slot = tuple[str, str, Kind]  # backend, slot owner, kind


class Tracker:
    """Drives requests from their receipt until their outcome was shown."""

    def __init__(
        self, steps: Steps, locks: Locks, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._steps = steps
        self._locks = locks
        self._clock = clock
        self._tracked: dict[int, Tracked] = {}
        self._due: list[tuple[float, int]] = []
        self._due_at: dict[int, float] = {}
        self._wake = asyncio.Event()
        self._room = asyncio.Semaphore(STEPS_AT_ONCE)
        self._slots: dict[int, tuple[Slot, int]] = {}
        self._occupied: Counter[Slot] = Counter()
        self.on_freed: Callable[[], None] = lambda: None  # a waiting place became free

    def __len__(self) -> int:
        return len(self._tracked)

    def watch(self, record: Record, *, delay: float = FIRST_LOOK) -> None:
        """Drive this request from now on; the first look comes after `delay` seconds."""
        tracked = self._tracked.get(record.id)
        if tracked is None:
            self._tracked[record.id] = Tracked(record=record)
        else:
            tracked.record = record
        waiting = record.status.waiting if record.status else record.request.count
        self._occupy(record, waiting or record.request.count)
        self._schedule(record.id, delay)

    def nudge(self, record_id: int, record: Record | None = None) -> bool:
        """Look at it now; with `record` when its row was changed. False: it is not tracked."""
        tracked = self._tracked.get(record_id)
        if tracked is None:
            return False
        if record is not None:
            tracked.record = record
        self._schedule(record_id, 0.0)
        return True

    def occupied(self, slot: Slot) -> int:
        """How many waiting places our own open requests take with that key."""
        return self._occupied[slot]

    async def run(self) -> None:
        """For ever. A bug in a step is that request's; a bug here stops the process loudly."""
        async with asyncio.TaskGroup() as steps:
            while True:
                for record_id in self._take_due():
                    await self._room.acquire()
                    steps.create_task(self._step(record_id))
                await self._sleep()

    def _take_due(self) -> list[int]:
        now, found = self._clock(), list[int]()
        while self._due and self._due[0][0] <= now:
            due_at, record_id = heapq.heappop(self._due)
            if self._due_at.get(record_id) == due_at:  # else it was rescheduled since
                del self._due_at[record_id]
                found.append(record_id)
        return found

    async def _sleep(self) -> None:
        self._wake.clear()
        delay = self._due[0][0] - self._clock() if self._due else None
        if delay is not None and delay <= 0:
            return
        try:
            async with asyncio.timeout(delay):
                await self._wake.wait()
        except TimeoutError:
            return

    def _schedule(self, record_id: int, delay: float) -> None:
        due_at = self._clock() + delay
        self._due_at[record_id] = due_at
        heapq.heappush(self._due, (due_at, record_id))
        self._wake.set()

    async def _step(self, record_id: int) -> None:
        try:
            async with self._locks.hold(record_id):
                tracked = self._tracked.get(record_id)
                if tracked is not None:
                    await self._step_of(tracked)
        finally:
            self._room.release()

    async def _step_of(self, tracked: Tracked) -> None:
        record_id = tracked.record.id
        try:
            delay = await self._steps.take(tracked)
        except Exception:
            tracked.failures += 1
            delay = min(RETRY_MAX, 2.0**tracked.failures)
            log.exception("#%d: a step failed; again in %.0f s", record_id, delay)
        if delay is None:
            self._forget(record_id)
            return
        self._occupy(tracked.record, _waiting(tracked))
        if record_id not in self._due_at:  # somebody nudged it meanwhile: that comes first
            self._schedule(record_id, delay)

    def _forget(self, record_id: int) -> None:
        self._tracked.pop(record_id, None)
        self._due_at.pop(record_id, None)
        slot, count = self._slots.pop(record_id, (None, 0))
        if slot is not None:
            self._occupied[slot] -= count
            self.on_freed()

    def _occupy(self, record: Record, waiting: int) -> None:
        slot = (record.backend, slot_owner(record), record.kind)
        _, before = self._slots.get(record.id, (slot, 0))
        self._slots[record.id] = (slot, waiting)
        self._occupied[slot] += waiting - before
        if waiting < before:
            self.on_freed()


def _waiting(tracked: Tracked) -> int:
    status = tracked.seen or tracked.record.status
    return status.waiting if status is not None else tracked.record.request.count
