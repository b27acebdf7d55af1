"""The one background task: looks at every open request when it is due.

Rows are the truth; when to look next is a cache that is rebuilt from them at start. A look that
changes nothing writes nothing.
"""

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from bot.aio.clock import ticks
from bot.aio.keyed_locks import KeyedLocks
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.pipeline.tracking.poll_step import PollStep
from bot.pipeline.tracking.poll_timing import CACHE, FIRST_LOOK
from bot.pipeline.tracking.state import TrackedRequest

STEPS_AT_ONCE = 64  # each is one or two calls
Slot = tuple[str, str, Kind]  # backend, slot owner, kind


class Poller:
    """Drives requests from their receipt until their outcome was shown."""

    def __init__(self, steps: PollStep, locks: KeyedLocks) -> None:
        self._steps = steps
        self._locks = locks
        self._tracked: dict[int, TrackedRequest] = {}
        self._due: list[tuple[float, int]] = []
        self._due_at: dict[int, float] = {}
        self._stepping: set[int] = set()
        self._rung_at: dict[int, float] = {}
        self._wake = asyncio.Event()
        self._room = asyncio.Semaphore(STEPS_AT_ONCE)
        self._slots: dict[int, tuple[Slot, int]] = {}
        self._occupied: Counter[Slot] = Counter()
        self.on_freed: Callable[[], None] = lambda: None  # a waiting place became free
        self.on_stranger: list[Callable[[int, str], None]] = []  # a ring for what is not tracked

    def __len__(self) -> int:
        return len(self._tracked)

    def watch(self, record: Record, *, delay: float = FIRST_LOOK) -> None:
        """Drive this request from now on; the first look comes after `delay` seconds."""
        if record.id in self._tracked:
            self.nudge(record.id)  # who knows which of the two rows is the newer one
            return
        tracked = self._tracked[record.id] = TrackedRequest(record=record)
        self._occupy(tracked)
        self._schedule(record.id, delay)

    def newest(self, record: Record) -> Record:
        """It with what was last seen of it: a look that changes little is not written down."""
        tracked = self._tracked.get(record.id)
        seen = tracked.seen if tracked is not None else None
        return record if seen is None else replace(record, status=seen)

    def nudge(self, record_id: int) -> bool:
        """Its row was changed: read it again and act on it now. False: it is not tracked."""
        tracked = self._tracked.get(record_id)
        if tracked is None:
            return False
        tracked.stale = True
        self._schedule(record_id, 0.0)
        return True

    def ring(self, record_id: int, remote_id: str = "") -> bool:
        """The backend says that there is news. Rings in quick succession are one.

        `remote_id`: the backend's own id, for whoever lost it. False: it is not tracked.
        """
        tracked = self._tracked.get(record_id)
        if tracked is None:
            for tell in self.on_stranger:
                tell(record_id, remote_id)
            return False
        if not tracked.rung:
            now = ticks()
            at = max(now, self._rung_at.get(record_id, float("-inf")) + CACHE)
            tracked.rung, self._rung_at[record_id] = True, at
            if at < self._due_at.get(record_id, float("inf")):
                self._schedule(record_id, at - now)
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
        now, found = ticks(), list[int]()
        while self._due and self._due[0][0] <= now:
            due_at, record_id = heapq.heappop(self._due)
            if self._due_at.get(record_id) == due_at:  # else it was rescheduled since
                del self._due_at[record_id]
                self._stepping.add(record_id)
                found.append(record_id)
        return found

    async def _sleep(self) -> None:
        self._wake.clear()
        delay = self._due[0][0] - ticks() if self._due else None
        if delay is not None and delay <= 0:
            return
        try:
            async with asyncio.timeout(delay):
                await self._wake.wait()
        except TimeoutError:
            return

    def _schedule(self, record_id: int, delay: float) -> None:
        """The next step, in `delay` seconds; while one is under way only the moment is noted."""
        due_at = ticks() + delay
        self._due_at[record_id] = due_at
        if record_id not in self._stepping:
            heapq.heappush(self._due, (due_at, record_id))
            self._wake.set()

    async def _step(self, record_id: int) -> None:
        try:
            async with self._locks.hold(record_id):
                tracked = self._tracked.get(record_id)
                delay = await self._steps.take(tracked) if tracked is not None else None
                self._stepping.discard(record_id)
                if tracked is None or delay is None:
                    self._forget(record_id)
                else:
                    self._go_on(tracked, delay)
        finally:
            self._room.release()

    def _go_on(self, tracked: TrackedRequest, delay: float) -> None:
        self._occupy(tracked)
        wanted = self._due_at.get(tracked.record.id)  # somebody asked for a step meanwhile
        now = ticks()
        self._schedule(tracked.record.id, delay if wanted is None else max(0.0, wanted - now))

    def _forget(self, record_id: int) -> None:
        self._tracked.pop(record_id, None)
        self._due_at.pop(record_id, None)
        self._rung_at.pop(record_id, None)
        slot, count = self._slots.pop(record_id, (None, 0))
        if slot is not None and count:
            self._free(slot, count)

    def _occupy(self, tracked: TrackedRequest) -> None:
        record = tracked.record
        slot = (record.backend, record.slot_owner, record.kind)
        waiting = _waiting(tracked)
        _, before = self._slots.get(record.id, (slot, 0))
        self._slots[record.id] = (slot, waiting)
        if waiting < before:
            self._free(slot, before - waiting)
        elif waiting > before:
            self._occupied[slot] += waiting - before

    def _free(self, slot: Slot, count: int) -> None:
        self._occupied[slot] -= count
        if self._occupied[slot] <= 0:
            del self._occupied[slot]
        self.on_freed()


def _waiting(tracked: TrackedRequest) -> int:
    """Of its pictures, those that no worker has taken yet: only these take places (HORDE 3.2)."""
    record = tracked.record
    if record.outcome_at is not None or record.remote_id is None:
        return 0
    status = tracked.seen or record.status
    return status.waiting if status is not None else record.request.count
