"""The workers of one kind, and how jobs find them."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine
from typing import Generic, TypeVar

from sandbox.horde.state.job_queue import Line, Queued
from sandbox.horde.state.models_and_workers import Worker

log = logging.getLogger(__name__)
T = TypeVar("T", bound=Queued)


class Pool(ABC, Generic[T]):
    """Hands what waits in line to idle workers, best priority first.

    What no worker could ever take waits apart, so that idle workers need not walk past it.
    """

    def __init__(self, workers: list[Worker], pause: Callable[[], float]) -> None:
        self.workers = workers
        self._pause = pause  # seconds until a worker asks for work again
        self.line: Line[T] = Line()
        self.stranded: Line[T] = Line()
        self._tasks: set[asyncio.Task[None]] = set()
        self._due: asyncio.TimerHandle | None = None

    @abstractmethod
    def can(self, worker: Worker, item: T) -> bool:
        """Whether this worker would ever take this item."""

    @abstractmethod
    def take(self, worker: Worker, item: T) -> Coroutine[None, None, None]:
        """Move (a part of) the item to the worker, out of line when nothing is left of it."""

    @property
    def threads(self) -> int:
        return sum(worker.threads for worker in self.workers if not worker.maintenance)

    def possible(self, item: T) -> bool:
        """Whether any worker that is online could take it."""
        return any(self.can(worker, item) for worker in self.workers)

    def queue(self, item: T) -> None:
        """Put an item (back) in line."""
        (self.line if self.possible(item) else self.stranded).add(item)
        self.wake()

    def drop(self, item: T) -> None:
        """Take it out of line."""
        self.line.discard(item)
        self.stranded.discard(item)

    def position(self, item: T) -> int:
        """Its place, from 1; 0 when it does not wait."""
        place = self.stranded.position(item)
        return place + len(self.line) if place else self.line.position(item)

    def replace_workers(self, workers: list[Worker]) -> None:
        """Other workers from now on; jobs that are under way are still delivered."""
        self.workers = workers
        for item in [*self.line, *self.stranded]:
            self.drop(item)
            self.queue(item)

    def wake(self) -> None:
        """Let idle workers look at the line, once, in a moment: they ask, they are not called."""
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(self._pause(), self._dispatch)

    async def close(self) -> None:
        if self._due is not None:
            self._due.cancel()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _dispatch(self) -> None:
        self._due = None
        for worker in sorted(self.workers, key=lambda each: each.busy / each.threads):
            while worker.busy < worker.threads and self.line:
                item = next((each for each in self.line if self.can(worker, each)), None)
                if item is None:
                    break
                self._start(worker, self.take(worker, item))

    def _start(self, worker: Worker, work: Coroutine[None, None, None]) -> None:
        worker.busy += 1
        task = asyncio.create_task(work, name=f"{worker.name} at work")
        self._tasks.add(task)
        task.add_done_callback(lambda task: self._ended(worker, task))

    def _ended(self, worker: Worker, task: asyncio.Task[None]) -> None:
        worker.busy -= 1
        self._tasks.discard(task)
        if task.cancelled():
            return
        if (error := task.exception()) is not None:
            log.error("a sandbox worker failed", exc_info=error)
        self.wake()
