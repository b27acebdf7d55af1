"""The fair queue in front of a backend: a lane for each kind, and the cards of those who wait.

A request leaves when the backend's windows allow it, its key has a free waiting place and it is
its turn. What goes wrong on the way is the business of bot/pipeline/dispatch/submitter.py.
"""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.pipeline.dispatch.kind_queue import KindQueue
from bot.pipeline.dispatch.queue_updates import QueueUpdates
from bot.pipeline.dispatch.submitter import Submitter
from bot.pipeline.tracking.poller import Poller

log = logging.getLogger(__name__)
FORECAST_FOR = 0.5  # seconds for which an estimate of all who wait is good


class Dispatcher:
    """Sends the queued requests of one backend."""

    def __init__(
        self, *, backend: Backend, weather: OutageMonitor, sender: Submitter, tracker: Poller
    ) -> None:
        self._backend = backend
        self._weather = weather
        self._sender = sender
        self._cards = QueueUpdates(
            standing=self.standing,
            reason=lambda: "" if weather.fine else weather.reason,
            show=sender.show_waiting,
            must=sender.owes_last_word,
            left=self._left,
        )
        self._lanes = {
            kind: KindQueue(
                kind,
                backend=backend,
                weather=weather,
                sender=sender,
                tracker=tracker,
                done=self._cards.drop,
            )
            for kind in Kind
        }
        self._forecasts: dict[Kind, tuple[float, list[float]]] = {}
        tracker.on_stranger.append(self._named)

    def __len__(self) -> int:
        return len(self._cards)

    def add(self, record: Record) -> None:
        """Join the queue (a request that is in it keeps its place)."""
        if record.phase is Phase.SENDING:  # from an earlier run
            self._sender.doubts.begin(record)
        self._cards.add(record)
        self._lanes[record.kind].add(record)

    def hasten(self, record: Record) -> None:
        """Its row was changed (cancelled): act on it now, if it is here."""
        self._lanes[record.kind].hasten(record.id)

    def place(self, record: Record) -> int:
        """1-based place in our own queue; 0 when not in it."""
        return self._lanes[record.kind].place(record.id)

    def standing(self, record: Record) -> tuple[int, int]:
        """Place, and seconds until it leaves; 0 when it is not in the queue or nobody can say."""
        place = self.place(record)
        if not place or not self._weather.fine:
            return place, 0
        at, seconds = self._forecasts.get(record.kind, (float("-inf"), []))
        if ticks() - at > FORECAST_FOR or len(seconds) < place:
            seconds = self._lanes[record.kind].forecast()
            self._forecasts[record.kind] = (ticks(), seconds)
        return place, max(1, round(seconds[place - 1])) if len(seconds) >= place else 0

    def depth(self, kind: Kind) -> int:
        """How many of that kind wait here."""
        return len(self._lanes[kind])

    def spare_slot(self, kind: Kind) -> AbstractAsyncContextManager[bool]:
        """A submit's slot for a question. False: somebody waits for it, or none is near."""
        return self._lanes[kind].spare_slot()

    def wake(self) -> None:
        """A waiting place became free: somebody may fit now."""
        for lane in self._lanes.values():
            lane.wake()

    async def drain(self, seconds: float) -> None:
        """Send nothing more, and let what is on its way arrive for that long."""
        late = sum(await asyncio.gather(*(lane.drain(seconds) for lane in self._lanes.values())))
        if late:
            log.warning("%d submits had no answer; the next start settles them", late)

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._cards.run(), name=f"cards-{self._backend.name}")
            for kind, lane in self._lanes.items():
                tasks.create_task(lane.run(), name=f"queue-{kind}")

    def _left(self, record_id: int) -> None:
        """It does not wait any more, whatever the queue thinks."""
        self._cards.drop(record_id)
        for lane in self._lanes.values():
            lane.hasten(record_id)

    def _named(self, record_id: int, remote_id: str) -> None:
        """The doorbell rang for a request whose receipt we may have lost."""
        if remote_id and self._sender.doubts.name(record_id, remote_id):
            for lane in self._lanes.values():
                lane.hasten(record_id)
