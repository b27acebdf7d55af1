"""Dispatcher of one backend: a queue for each kind, and the cards of the queued requests.

A request is submitted when the rate limit allows it, its account has a free slot and the fair order
reaches it. bot/pipeline/dispatch/submit_results.py handles failures.
"""

import asyncio

from bot.aio.keyed_locks import KeyedLocks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.pipeline.dispatch.kind_queue import KindQueue
from bot.pipeline.dispatch.queue_moves import QueueMoves
from bot.pipeline.dispatch.queue_updates import QueueUpdates
from bot.pipeline.dispatch.submitter import Submitter
from bot.pipeline.fallback.mover import Mover
from bot.pipeline.tracking.poller import Poller
from bot.pipeline.tracking.settlement import Settlement
from bot.storage import Store


class Dispatcher:
    """Submits the queued requests of one backend. `queues`: by kind.

    `blocking`: each call to the backend is as long as its job.
    """

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        outage_monitor: OutageMonitor,
        submitter: Submitter,
        settlement: Settlement,
        poller: Poller,
        locks: KeyedLocks,
        mover: Mover,
    ) -> None:
        self._backend = backend
        self.blocking = backend.capabilities.submits == "blocking"
        self._lost_submits = submitter.lost_submits
        self.queues = {
            kind: KindQueue(
                kind,
                backend=backend,
                outage_monitor=outage_monitor,
                submitter=submitter,
                poller=poller,
            )
            for kind in Kind
        }
        self._updates = QueueUpdates(
            self.queues,
            store=store,
            settlement=settlement,
            outage_monitor=outage_monitor,
            locks=locks,
        )
        self._moves = QueueMoves(backend.name, self.queues, mover)
        self._has_fallback = mover.has_fallback(backend.name)
        poller.on_unknown_webhook.append(self._suggest)

    def add(self, record: Record) -> None:
        """Queue a request. One that is queued keeps its position."""
        if record.phase is Phase.SENDING:  # from an earlier run
            self._lost_submits.begin(record)
        if self.queues[record.kind].add(record):
            self._updates.add(record)

    def moved_away(self, record: Record) -> None:
        """Another backend makes that queued request."""
        self.queues[record.kind].process_now(record.id)

    def show_now(self, record: Record) -> None:
        """The stored status of a queued request has news for its card."""
        self._updates.add(record)

    def queued_status(self, record: Record) -> Status | None:
        """Status with the position in the queue; None when the request is not queued."""
        return self._updates.queued_status(record)

    async def run(self) -> None:
        """Run until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._updates.run(), name=f"queue-updates-{self._backend.name}")
            if self._has_fallback:
                tasks.create_task(self._moves.run(), name=f"queue-moves-{self._backend.name}")
            for kind, queue in self.queues.items():
                tasks.create_task(queue.run(), name=f"queue-{kind}")

    def _suggest(self, record_id: int, remote_id: str) -> None:
        """A webhook named the backend's id of a request whose submit may be lost."""
        if remote_id and self._lost_submits.suggest(record_id, remote_id):
            for queue in self.queues.values():
                queue.process_now(record_id)
