"""The fair queue in front of a backend: its limits, its back-off, whose turn it is.

A request leaves when the backend's windows allow it, its key has a free waiting place and it is
its turn. What goes wrong on the way is the business of bot/sending.py.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from bot.backends.base import Backend
from bot.errors import RateLimited, TooManyPrompts
from bot.keys import slot_owner
from bot.outcomes import Tracked
from bot.pace import Pace
from bot.records import Payer, Record
from bot.requests import Kind
from bot.results import Phase, Status
from bot.sending import Sender, Verdict
from bot.timing import QUEUE_EDIT
from bot.tracker import Tracker
from bot.turns import Turn, Turns
from bot.weather import Weather

log = logging.getLogger(__name__)
FULL_PAUSE = 3.0  # seconds a key rests after TooManyPrompts, unless one of ours leaves earlier
CARDS_EVERY = 1.0  # seconds between rounds over the cards of those who wait
ALCHEMY_PLACES = 10  # HORDE 3.2: alchemy allows ten times as many forms as pictures
IDLE = 3600.0
SPARE_WAIT = 1.5  # seconds that a question may wait for a slot


class Dispatcher:
    """Sends the queued requests of one backend."""

    def __init__(
        self,
        *,
        backend: Backend,
        weather: Weather,
        sender: Sender,
        tracker: Tracker,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._backend = backend
        self._weather = weather
        self._sender = sender
        self._tracker = tracker
        self._clock = clock
        self._turns = {kind: Turns() for kind in Kind}
        self._paces = {kind: Pace(backend.limits.windows) for kind in Kind}
        self._wakes = {kind: asyncio.Event() for kind in Kind}
        self._queued: dict[int, Tracked] = {}
        self._full_until: dict[tuple[str, Kind], float] = {}
        self._sending: dict[tuple[str, Kind], int] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._closing = False

    def __len__(self) -> int:
        return len(self._queued)

    def add(self, record: Record) -> None:
        """Join the queue (a request that is in it keeps its place)."""
        self._queued.setdefault(record.id, Tracked(record=record, shown_at=self._clock()))
        self._turns[record.kind].add(
            Turn(
                record_id=record.id,
                key=slot_owner(record),
                guild=record.guild_id or -record.user_id,
                user=record.user_id,
                cost=record.request.count,
            )
        )
        self._wakes[record.kind].set()

    def remove(self, record: Record) -> bool:
        """Leave the queue unsent. False when it was on its way already."""
        self._queued.pop(record.id, None)
        return self._turns[record.kind].remove(record.id) is not None

    def place(self, record: Record) -> int:
        """1-based place in our own queue; 0 when not in it."""
        return self._turns[record.kind].place(record.id)

    def depth(self, kind: Kind) -> int:
        """How many of that kind wait here."""
        return len(self._turns[kind])

    @asynccontextmanager
    async def spare_slot(self, kind: Kind) -> AsyncGenerator[bool]:
        """A submit's slot for a question. False: somebody waits for it, or none is near."""
        pace = self._paces[kind]
        if 0 < (delay := pace.ready_at() - time.monotonic()) < SPARE_WAIT:
            await asyncio.sleep(delay)
        now = time.monotonic()
        free = pace.ready_at() <= now and self.depth(kind) == 0
        if free := free and self._weather.fine and not self._closing:
            pace.sent(now)
        try:
            yield free
        except RateLimited as error:
            pace.refused(time.monotonic(), error.retry_after)
            raise

    def wake(self) -> None:
        """A waiting place became free: somebody may fit now."""
        self._full_until.clear()
        for event in self._wakes.values():
            event.set()

    async def drain(self, seconds: float) -> None:
        """Send nothing more, and let what is on its way arrive for that long."""
        self._closing = True
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=seconds)
            if late:
                log.warning("%d submits had no answer; the next start settles them", len(late))

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._refresh_cards(), name=f"cards-{self._backend.name}")
            for kind in Kind:
                tasks.create_task(self._serve(kind, tasks), name=f"queue-{kind}")

    async def _serve(self, kind: Kind, tasks: asyncio.TaskGroup) -> None:
        turns, pace, wake = self._turns[kind], self._paces[kind], self._wakes[kind]
        while True:
            await self._weather.wait()
            wake.clear()
            now = time.monotonic()
            if len(turns) == 0:
                await wake.wait()
                continue
            if (ready_at := pace.ready_at()) > now:
                await asyncio.sleep(ready_at - now)
                continue
            if self._closing:
                return
            turn = turns.next(lambda turn: self._fits(turn, kind), now)
            if turn is None:
                await self._doze(wake, now, kind)
                continue
            pace.sent(now)
            self._count(turn, kind, turn.cost)
            sending = tasks.create_task(self._send(turn, kind), name=f"send-{turn.record_id}")
            self._under_way.add(sending)
            sending.add_done_callback(self._under_way.discard)

    async def _doze(self, wake: asyncio.Event, now: float, kind: Kind) -> None:
        """Nobody can go: until a place becomes free or somebody's own pause is over."""
        moments = [self._turns[kind].wake_at() or now + IDLE]
        moments += [until for (_, k), until in self._full_until.items() if k is kind]
        delay = max(0.01, min((m for m in moments if m > now), default=now + 1.0) - now)
        try:
            async with asyncio.timeout(delay):
                await wake.wait()
        except TimeoutError:
            return

    def _fits(self, turn: Turn, kind: Kind) -> bool:
        if self._full_until.get((turn.key, kind), 0.0) > time.monotonic():
            return False
        if turn.key == Payer.ANONYMOUS:  # its places are shared with the world: only a 429 tells
            return True
        places = self._backend.limits.waiting * (ALCHEMY_PLACES if kind is Kind.ALCHEMY else 1)
        taken = self._tracker.occupied((self._backend.name, turn.key, kind))
        taken += self._sending.get((turn.key, kind), 0)
        return taken + turn.cost <= places or taken == 0

    def _count(self, turn: Turn, kind: Kind, change: int) -> None:
        slot = (turn.key, kind)
        self._sending[slot] = self._sending.get(slot, 0) + change

    async def _send(self, turn: Turn, kind: Kind) -> None:
        try:
            verdict = await self._sender.send(turn.record_id)
        finally:
            self._count(turn, kind, -turn.cost)
        await self._judge(turn, kind, verdict)

    async def _judge(self, turn: Turn, kind: Kind, verdict: Verdict) -> None:
        self._learn(kind)
        if not verdict.again:
            self._queued.pop(turn.record_id, None)
            if verdict.record is not None:
                self._tracker.watch(verdict.record, delay=verdict.delay)
            return
        now = time.monotonic()
        if isinstance(verdict.error, RateLimited):
            self._paces[kind].refused(now, verdict.error.retry_after)
        elif isinstance(verdict.error, TooManyPrompts):
            self._full_until[turn.key, kind] = now + FULL_PAUSE
        else:
            turn.not_before = now + verdict.delay
        if turn.record_id in self._queued:
            self._turns[kind].give_back(turn)
            self._wakes[kind].set()

    def _learn(self, kind: Kind) -> None:
        """A trusted key lifts the limits of our whole address; a reply shows which are in force."""
        seen = self._backend.seen_rate.get(kind)
        limits = self._backend.limits
        if seen is not None:
            self._paces[kind].learn(limits.lifted.get(seen, limits.windows))

    async def _refresh_cards(self) -> None:
        """Who waits with us sees the place move, each card at most every 15 s."""
        while True:
            await asyncio.sleep(CARDS_EVERY)
            now = self._clock()
            for tracked in list(self._queued.values()):
                if now - tracked.shown_at >= QUEUE_EDIT:
                    await self._refresh(tracked)

    async def _refresh(self, tracked: Tracked) -> None:
        place = self.place(tracked.record)
        base = tracked.record.status or Status(phase=Phase.QUEUED)
        detail = "" if self._weather.fine else self._weather.reason
        status = base.model_copy(
            update={"phase": Phase.QUEUED, "queue_position": place, "detail": detail}
        )
        if place and status != tracked.shown:
            await self._sender.show_queued(tracked, status)
