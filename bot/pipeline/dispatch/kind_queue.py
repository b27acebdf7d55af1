"""The queue of one kind at one backend: whose turn it is, and how many may be there at once."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from bot.aio.clock import ticks
from bot.aio.rate_limiter import RateLimiter
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.errors import RateLimited, TooManyPrompts
from bot.pipeline.dispatch.account_slots import AccountSlots
from bot.pipeline.dispatch.fair_scheduler import FairScheduler, QueueEntry
from bot.pipeline.dispatch.rate_gate import RateGate
from bot.pipeline.dispatch.submit_results import SubmitResult
from bot.pipeline.dispatch.submitter import Submitter
from bot.pipeline.tracking.poller import Poller

log = logging.getLogger(__name__)
BUG_PAUSE = 30.0
SPARE_WAIT = 1.5  # seconds that a question may wait for a slot
CROWDED = 15.0  # seconds since nobody fitted, after which free places are no longer what counts
RATE_SPAN = 60.0


class KindQueue:
    """Sends the queued requests of one kind."""

    def __init__(
        self,
        kind: Kind,
        *,
        backend: Backend,
        weather: OutageMonitor,
        sender: Submitter,
        tracker: Poller,
        done: Callable[[int], None],
    ) -> None:
        """`done`: told the id of each request that has left the queue for good."""
        self._kind = kind
        self._backend = backend
        self._weather = weather
        self._sender = sender
        self._tracker = tracker
        self._done = done
        self._turns = FairScheduler()
        self._wake = asyncio.Event()
        self._gate = RateGate(RateLimiter(backend.limits.windows), self._wake.set)
        self._flying: dict[int, bool] = {}  # turns under way; True: to be looked at again at once
        self._places = AccountSlots(kind, backend, tracker, sender.doubts)
        self._crowded_at = float("-inf")
        self._probing = False  # everybody's submits fail: one at a time finds out whether they do
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def __len__(self) -> int:
        return len(self._turns)

    def add(self, record: Record) -> None:
        """Join the queue (a request that is in it keeps its place)."""
        if record.id in self._flying:
            return
        turn = _turn_of(record)
        self._turns.add(turn)
        if len(self._turns) == 1 or self._places.fits(turn):
            self._wake.set()

    def hasten(self, record_id: int) -> None:
        """Its row was changed: act on it now, out of turn."""
        if record_id in self._flying:
            self._flying[record_id] = True
        elif (turn := self._turns.remove(record_id)) is not None:
            self._start(turn)

    def place(self, record_id: int) -> int:
        """1-based place in this queue; 0 when not in it."""
        return self._turns.place(record_id)

    def forecast(self) -> list[float]:
        """Seconds until each place leaves, in order; empty when nobody can say."""
        now, pace = ticks(), self._gate.pace
        by_pace = [at - now for at in pace.forecast(len(self), now)]
        if now - self._crowded_at > CROWDED:
            return by_pace
        rate = pace.sent_since(now - RATE_SPAN) / RATE_SPAN  # as fast as places became free
        if not rate:
            return []
        return [max(at, place / rate) for place, at in enumerate(by_pace, start=1)]

    def wake(self) -> None:
        """A waiting place became free: somebody may fit now."""
        self._places.freed()
        self._wake.set()

    def spare_slot(self) -> AbstractAsyncContextManager[bool]:
        """A submit's slot for a question; False when somebody else wants it, or none is near."""
        return self._gate.spare(
            SPARE_WAIT, lambda: not self._turns and self._weather.fine and not self._closing
        )

    async def drain(self, seconds: float) -> int:
        """Start nothing more; gives how many had no answer after that long."""
        self._closing = True
        self._gate.close()
        self._wake.set()
        return len((await asyncio.wait(self._tasks, timeout=seconds))[1]) if self._tasks else 0

    async def run(self) -> None:
        """For ever. A bug in one turn is that request's; a bug here stops the process loudly."""
        try:
            while not self._closing:
                await self._weather.wait()
                self._wake.clear()
                if not self._turns or (self._probing and self._flying):
                    await self._doze(None)
                elif (delay := self._gate.delay()) > 0:
                    await self._doze(delay)
                elif (turn := self._next()) is not None:
                    self._start(turn)
                else:
                    await self._doze(self._until_somebody_fits())
            await asyncio.gather(*self._tasks)
        finally:
            for task in self._tasks:
                task.cancel()

    def _next(self) -> QueueEntry | None:
        now = ticks()
        # Lost ones first: looking for them takes no place, and all who share the key wait for it.
        # In turn they would count as overtaking those, who keep back whatever did so five times.
        found = self._turns.next_of(self._sender.doubts, now)
        return found or self._turns.next(self._places.fits, now)

    def _until_somebody_fits(self) -> float | None:
        now = ticks()
        if self._turns.anybody(now):
            self._crowded_at = now
        moments = (self._places.next_at(now), self._turns.wake_at(now))
        return min((at - now for at in moments if at is not None), default=None)

    async def _doze(self, delay: float | None) -> None:
        if self._closing:
            return
        try:
            async with asyncio.timeout(delay):
                await self._wake.wait()
        except TimeoutError:
            return

    def _start(self, turn: QueueEntry) -> None:
        self._places.take(turn)
        self._flying[turn.record_id] = False
        self._gate.coming(turn.record_id)
        task = asyncio.create_task(self._fly(turn), name=f"send-{turn.record_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fly(self, turn: QueueEntry) -> None:
        record_id, hastened = turn.record_id, False
        try:
            try:
                verdict = await self._sender.send(record_id, lambda: self._gate.leave(record_id))
            finally:
                hastened = self._land(turn)
            self._judge(turn, verdict, hastened=hastened)
        except Exception:  # a bug is this request's alone
            log.exception("#%d: its turn failed", record_id)
            turn.not_before = ticks() + BUG_PAUSE
            self._turns.give_back(turn)

    def _judge(self, turn: QueueEntry, verdict: SubmitResult, *, hastened: bool) -> None:
        if verdict.again:
            self._again(turn, verdict, hastened=hastened)
            return
        self._done(turn.record_id)
        if verdict.record is not None:
            if verdict.record.remote_id is not None:
                self._went_through(turn)
            self._tracker.watch(verdict.record, delay=verdict.delay)
            if hastened:
                self._tracker.nudge(turn.record_id)

    def _went_through(self, turn: QueueEntry) -> None:
        self._places.accepted(turn)
        if self._probing:
            self._probing = False
            self._turns.begin_anew()

    def _land(self, turn: QueueEntry) -> bool:
        self._places.give_back(turn)
        self._gate.gone(turn.record_id)
        self._learn()
        self._wake.set()
        return self._flying.pop(turn.record_id)

    def _learn(self) -> None:
        """A trusted key lifts the limits of our whole address; a reply shows which are in force."""
        seen, limits = self._backend.seen_rate.get(self._kind), self._backend.limits
        if seen is not None:
            self._gate.pace.learn(limits.lifted.get(seen, limits.windows))

    def _again(self, turn: QueueEntry, verdict: SubmitResult, *, hastened: bool) -> None:
        now = ticks()
        turn.not_before = now + verdict.delay if verdict.delay else 0.0
        if verdict.hold:
            self._gate.pace.refused(now, verdict.hold)
            turn.tried += 1
            self._probing = True
        if isinstance(verdict.error, RateLimited):
            self._gate.pace.refused(now, verdict.error.retry_after)
            turn.not_before = 0.0
        elif isinstance(verdict.error, TooManyPrompts):
            turn.not_before = 0.0
            self._places.refused(turn)
        self._turns.give_back(turn)
        if hastened:
            self.hasten(turn.record_id)


def _turn_of(record: Record) -> QueueEntry:
    return QueueEntry(
        record_id=record.id,
        key=record.slot_owner,
        guild=record.guild_id or -record.user_id,
        user=record.user_id,
        cost=record.request.count,
    )
