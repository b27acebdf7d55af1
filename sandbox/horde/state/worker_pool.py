"""The workers of one kind and their queue."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

from sandbox.horde.state.job_queue import JobQueue, QueueItem
from sandbox.horde.state.models_and_workers import Worker

log = logging.getLogger(__name__)
T = TypeVar("T", bound=QueueItem)


class WorkerPool(ABC, Generic[T]):
    """Gives queued items to idle workers, highest priority first.

    Items that no worker can take wait in `unservable`, so that the dispatch need not check them.
    """

    def __init__(self, workers: list[Worker], pickup_seconds: Callable[[], float]) -> None:
        self._teams: dict[str, str | None] = {}  # by name, for workers that come back
        self.workers = workers
        self._pickup_seconds = pickup_seconds  # seconds until a worker asks for a job again
        self.queue: JobQueue[T] = JobQueue()
        self.unservable: JobQueue[T] = JobQueue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._dispatch_timer: asyncio.TimerHandle | None = None

    @abstractmethod
    def can_take(self, worker: Worker, item: T) -> bool:
        """Whether this worker accepts this item."""

    @abstractmethod
    def take(self, worker: Worker, item: T) -> Coroutine[None, None, None]:
        """Start (a part of) the item on the worker; dequeue it when nothing of it is left."""

    @property
    def threads(self) -> int:
        return sum(worker.threads for worker in self.workers if not worker.maintenance)

    def eligible(self, item: T) -> list[Worker]:
        """The online workers that accept the item."""
        return [worker for worker in self.workers if self.can_take(worker, item)]

    def is_possible(self, item: T) -> bool:
        """Whether any online worker accepts the item."""
        return any(self.can_take(worker, item) for worker in self.workers)

    def is_held(self, item: T) -> bool:
        """Whether the item waits although a worker accepts it."""
        del item
        return False

    def enqueue(self, item: T) -> None:
        """Add an item to the queue."""
        served = self.is_possible(item) and not self.is_held(item)
        (self.queue if served else self.unservable).add(item)
        self.schedule_dispatch()

    def dequeue(self, item: T) -> None:
        """Remove an item from the queue."""
        self.queue.discard(item)
        self.unservable.discard(item)

    def position(self, item: T) -> int:
        """The queue position from 1; 0 when the item is not queued."""
        position = self.unservable.position(item)
        return position + len(self.queue) if position else self.queue.position(item)

    def replace_workers(self, workers: list[Worker]) -> None:
        """Replace the workers; the same names keep their team. Running jobs are delivered."""
        self._teams |= {worker.name: worker.team for worker in self.workers}
        for worker in workers:
            worker.team = self._teams.get(worker.name, worker.team)
        self.workers = workers
        for item in [*self.queue, *self.unservable]:
            self.dequeue(item)
            self.enqueue(item)

    def schedule_dispatch(self) -> None:
        """Dispatch once after `pickup_seconds`, because workers poll for jobs."""
        if self._dispatch_timer is None:
            self._dispatch_timer = asyncio.get_running_loop().call_later(
                self._pickup_seconds(), self._dispatch
            )

    async def close(self) -> None:
        if self._dispatch_timer is not None:
            self._dispatch_timer.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _dispatch(self) -> None:
        self._dispatch_timer = None
        own = [worker for worker in self.workers if not worker.external]
        for worker in sorted(own, key=lambda each: each.busy / each.threads):
            while worker.busy < worker.threads and self.queue:
                item = next((each for each in self.queue if self.can_take(worker, each)), None)
                if item is None:
                    break
                self._start_job(worker, self.take(worker, item))

    def _start_job(self, worker: Worker, work: Coroutine[None, None, None]) -> None:
        worker.busy += 1
        task = asyncio.create_task(work, name=f"{worker.name} at work")
        self._tasks.add(task)
        task.add_done_callback(lambda task: self._job_ended(worker, task))

    def _job_ended(self, worker: Worker, task: asyncio.Task[None]) -> None:
        worker.busy -= 1
        self._tasks.discard(task)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            log.error("a sandbox worker failed", exc_info=error)
        self.schedule_dispatch()
