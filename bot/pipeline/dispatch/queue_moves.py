"""Lets the queued requests of a backend move to its fallback while it is not available."""

import asyncio
from collections.abc import Mapping

from bot.aio.clock import ticks
from bot.domain.requests import Kind
from bot.pipeline.dispatch.kind_queue import KindQueue
from bot.pipeline.fallback.mover import Mover

EVERY = 1.0  # seconds between rounds
PER_ROUND = 20  # requests of one kind
TRY_AGAIN = 10.0  # seconds until a request that could not move is tried again


class QueueMoves:
    """Processes queued requests although nothing is submitted: the submitter moves them."""

    def __init__(self, backend: str, queues: Mapping[Kind, KindQueue], mover: Mover) -> None:
        self._backend = backend
        self._queues = queues
        self._mover = mover
        self._not_before: dict[int, float] = {}

    async def run(self) -> None:
        """Run until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            for kind, queue in self._queues.items():
                if self._mover.is_due(self._backend, kind):
                    self._process(queue)

    def _process(self, queue: KindQueue) -> None:
        now = ticks()
        self._not_before = {i: at for i, at in self._not_before.items() if at > now}
        due = [record_id for record_id in queue if record_id not in self._not_before]
        for record_id in due[:PER_ROUND]:
            self._not_before[record_id] = now + TRY_AGAIN
            queue.process_now(record_id)
