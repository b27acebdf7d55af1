"""Queue of one kind at one backend: which request is submitted next, and when."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager

from bot.aio.clock import ticks
from bot.aio.rate_limiter import RateLimiter
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.pipeline.dispatch.account_slots import AccountSlots
from bot.pipeline.dispatch.fair_scheduler import FairScheduler, QueueEntry
from bot.pipeline.dispatch.rate_gate import RateGate
from bot.pipeline.dispatch.submit_result import SubmitResult
from bot.pipeline.dispatch.submitter import Submitter
from bot.pipeline.tracking.poller import Poller

log = logging.getLogger(__name__)
BUG_PAUSE = 30.0
SPARE_WAIT = 1.5  # seconds that an estimate may wait for a free call
SHORT_OF_SLOTS = 15.0  # seconds after the last lack of slots, in which slots set the pace
RATE_SPAN = 60.0
FORECAST_FOR = 0.5  # seconds for which a forecast of the whole queue is used


class KindQueue:
    """Submits the queued requests of one kind."""

    def __init__(
        self,
        kind: Kind,
        *,
        backend: Backend,
        outage_monitor: OutageMonitor,
        submitter: Submitter,
        poller: Poller,
    ) -> None:
        self._kind = kind
        self._backend = backend
        self._outage_monitor = outage_monitor
        self._submitter = submitter
        self._poller = poller
        self._scheduler = FairScheduler()
        self._changed = asyncio.Event()
        self._gate = RateGate(RateLimiter(backend.limits[kind].windows), self._changed.set)
        self._slots = AccountSlots(kind, backend, poller, submitter.lost_submits)
        self._in_flight: dict[int, bool] = {}  # being submitted; True: run again at once
        self._short_of_slots_at = float("-inf")
        self._probing = False  # submits of several requesters fail: only one at a time is tried
        self._forecast: tuple[float, list[float]] = (float("-inf"), [])
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        poller.on_slot_freed.append(self._slot_freed)

    def __len__(self) -> int:
        return len(self._scheduler)

    def __iter__(self) -> Iterator[int]:
        """Ids of the requests that wait."""
        return iter(self._scheduler)

    def __contains__(self, record_id: int) -> bool:
        return record_id in self._in_flight or record_id in self._scheduler

    def add(self, record: Record) -> bool:
        """Join the queue. False: it is in the queue, and keeps its position."""
        entry = _entry_of(record)
        if record.id in self._in_flight or not self._scheduler.add(entry):
            return False
        if len(self._scheduler) == 1 or self._slots.has_room(entry):
            self._changed.set()
        return True

    def process_now(self, record_id: int) -> None:
        """Its row was changed, for example cancelled: process it at once, if it is in the queue."""
        if record_id in self._in_flight:
            self._in_flight[record_id] = True
        elif (entry := self._scheduler.remove(record_id)) is not None:
            self._start(entry)

    def position(self, record_id: int) -> tuple[int, int]:
        """1-based position and seconds until the submit; each is 0 when there is none."""
        position = self._scheduler.position(record_id)
        if not position or not self._outage_monitor.accepts(self._kind):
            return position, 0
        at, seconds = self._forecast
        if ticks() - at > FORECAST_FOR or len(seconds) < position:
            seconds = self._submits_in()
            self._forecast = (ticks(), seconds)
        wait = max(1, round(seconds[position - 1])) if len(seconds) >= position else 0
        return position, wait

    def _submits_in(self) -> list[float]:
        """Seconds until the submit of each position, in order; empty when unknown."""
        now, limiter = ticks(), self._gate.limiter
        by_rate_limit = [at - now for at in limiter.forecast(len(self), now)]
        if now - self._short_of_slots_at > SHORT_OF_SLOTS:
            return by_rate_limit
        rate = limiter.pace(RATE_SPAN, now)  # the rate at which slots became free
        if not rate:
            return []
        return [max(at, n / rate) for n, at in enumerate(by_rate_limit, start=1)]

    def spare_call(self) -> AbstractAsyncContextManager[bool]:
        """One call within the rate limit for another purpose than a submit.

        False: a request waits for it, or none is free soon.
        """
        return self._gate.spare(SPARE_WAIT, self._is_idle)

    def _is_idle(self) -> bool:
        accepts = self._outage_monitor.accepts(self._kind)
        return not self._scheduler and accepts and not self._closing

    async def drain(self, seconds: float) -> int:
        """Start no more submits. Returns how many have no answer after that many seconds."""
        self._closing = True
        self._gate.close()
        self._changed.set()
        return len((await asyncio.wait(self._tasks, timeout=seconds))[1]) if self._tasks else 0

    async def run(self) -> None:
        """Submit until cancelled. A bug in one submit affects that request alone."""
        try:
            while not self._closing:
                await self._outage_monitor.wait_until_accepted(self._kind)
                self._changed.clear()
                if not self._scheduler or (self._probing and self._in_flight):
                    await self._wait_for_change(None)
                elif (delay := self._gate.delay()) > 0:
                    await self._wait_for_change(delay)
                elif (entry := self._next()) is not None:
                    self._start(entry)
                else:
                    await self._wait_for_change(self._until_next_room())
            await asyncio.gather(*self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()

    def _next(self) -> QueueEntry | None:
        now = ticks()
        # Lost submits first: a lookup takes no slot, and all requests of the account wait for it.
        # In their turn they would count as overtaking those requests.
        lost = self._scheduler.next_of(self._submitter.lost_submits, now)
        return lost or self._scheduler.next(self._slots.has_room, now)

    def _until_next_room(self) -> float | None:
        now = ticks()
        if self._scheduler.any_ready(now):
            self._short_of_slots_at = now
        moments = (self._slots.next_at(now), self._scheduler.next_retry_at(now))
        return min((at - now for at in moments if at is not None), default=None)

    async def _wait_for_change(self, seconds: float | None) -> None:
        if self._closing:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return

    def _start(self, entry: QueueEntry) -> None:
        self._slots.reserve(entry, ticks())
        self._in_flight[entry.record_id] = False
        self._gate.prepare(entry.record_id)
        task = asyncio.create_task(self._process(entry), name=f"submit-{entry.record_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _process(self, entry: QueueEntry) -> None:
        record_id, changed = entry.record_id, False
        try:
            try:
                result = await self._submitter.submit(record_id, self._gate)
            finally:
                changed = self._finished(entry)
            if result.retry:
                self._queue_again(entry, result)
                if changed:
                    self.process_now(record_id)
            elif result.record is not None:
                self._hand_over(entry, result.record, result.delay, changed=changed)
        except Exception:  # a bug affects this request alone
            log.exception("#%d: its submit failed", record_id)
            entry.not_before = ticks() + BUG_PAUSE
            self._scheduler.give_back(entry)

    def _finished(self, entry: QueueEntry) -> bool:
        """Release the resources of the submit. True: the row was changed meanwhile."""
        self._slots.release(entry)
        self._gate.done(entry.record_id)
        self._learn_limits()
        self._changed.set()
        return self._in_flight.pop(entry.record_id)

    def _hand_over(self, entry: QueueEntry, record: Record, delay: float, *, changed: bool) -> None:
        """To the poller: the backend has the request, or its outcome is known."""
        if record.remote_id is not None:
            self._slots.accepted(entry)
            if self._probing:
                self._probing = False
                self._scheduler.reset_failures()
        self._poller.watch(record, delay=delay)
        if changed:
            self._poller.poll_now(record.id)

    def _queue_again(self, entry: QueueEntry, result: SubmitResult) -> None:
        now = ticks()
        entry.not_before = now + result.delay if result.delay else 0.0
        if result.pause:
            self._gate.limiter.refused(now, result.pause)
        if result.probe:
            entry.failures += 1
            self._probing = True
        if result.account_full:
            self._slots.refused(entry)
        entry.account = result.account or entry.account
        self._scheduler.give_back(entry)

    def _slot_freed(self) -> None:
        self._slots.slot_freed()
        self._changed.set()

    def _learn_limits(self) -> None:
        """A trusted key raises the limits of the whole address; a reply shows which are valid."""
        seen, limits = self._backend.seen_rate.get(self._kind), self._backend.limits[self._kind]
        if seen is not None:
            self._gate.limiter.learn(limits.lifted.get(seen, limits.windows))


def _entry_of(record: Record) -> QueueEntry:
    return QueueEntry(
        record_id=record.id,
        account=record.slot_owner,
        guild=record.guild_id or -record.user_id,
        user=record.user_id,
        cost=record.request.count,
    )
