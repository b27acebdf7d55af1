"""What waits while a connection is busy goes to it together: writes share a commit, reads a way.

A commit with synchronous=FULL waits for the disk. Fifty requests at one instant would wait for it
fifty times in a row, and Discord gives an answer three seconds; together they wait once or twice.
The way to a connection's thread and back costs several times what a small read does.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar, cast

import aiosqlite

T = TypeVar("T")
Execute = Callable[[Callable[[sqlite3.Connection], T], sqlite3.Connection], Awaitable[T]]
Job = Callable[[sqlite3.Connection], Any]
Result = tuple[Any, BaseException | None]


class Connection(aiosqlite.Connection):
    """A connection that can do several things in one go on its own thread."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` gives; nothing else happens on the connection meanwhile."""
        # aiosqlite leaves the types of this one out.
        return await cast("Execute[T]", self._execute)(work, self._conn)  # pyright: ignore[reportUnknownMemberType]


class BatchedWrites:
    """Runs jobs in the order in which they come. `carry_out` does as many as wait, in one go."""

    def __init__(
        self,
        connection: Connection,
        carry_out: Callable[[sqlite3.Connection, Sequence[Job]], list[Result]],
    ) -> None:
        self._connection = connection
        self._carry_out = carry_out
        self._waiting: list[tuple[Job, asyncio.Future[Any]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What the job gives, once it is done. Whoever is cancelled leaves it to be done."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="store")
        return await future

    async def apart(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` gives; for what must not be in a transaction with anything else."""
        return await self._connection.run(work)

    async def close(self) -> None:
        """Wait for what is still to be done."""
        if self._worker is not None:
            await self._worker

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            jobs = [job for job, _ in batch]
            try:
                results = await self._connection.run(
                    lambda db, jobs=jobs: self._carry_out(db, jobs)
                )
            except Exception as error:  # noqa: BLE001 - nothing was done, as each of them is told
                results = [(None, error)] * len(batch)
            for (_, future), (value, error) in zip(batch, results, strict=True):
                _tell(future, value, error)
        self._worker = None


def read_job(db: sqlite3.Connection, jobs: Sequence[Job]) -> list[Result]:
    """Every job by itself: they only read."""
    return [_tried(db, job) for job in jobs]


def _tried(db: sqlite3.Connection, job: Job) -> Result:
    try:
        return job(db), None
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        return None, error


def commit(db: sqlite3.Connection, jobs: Sequence[Job]) -> list[Result]:
    """Every job in one transaction; one that fails is undone by itself."""
    db.execute("BEGIN IMMEDIATE")
    try:
        results = [_apart(db, job) for job in jobs]
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    return results


def _apart(db: sqlite3.Connection, job: Job) -> Result:
    db.execute("SAVEPOINT job")
    try:
        result: Result = (job(db), None)
    except Exception as error:
        if not db.in_transaction:  # a full disk undoes all of it at once
            raise
        db.execute("ROLLBACK TO job")
        result = (None, error)
    db.execute("RELEASE job")
    return result


def _tell(future: asyncio.Future[Any], value: Any, error: BaseException | None) -> None:
    if future.done():  # whoever asked was cancelled
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value)
