"""Combines jobs that wait for a busy connection: writes share a commit, reads share a thread
switch.

A commit with synchronous=FULL waits for the disk. Fifty requests at one moment would wait fifty
times in a row, and Discord allows an answer three seconds; combined they wait once or twice. The
switch to a connection's thread and back costs several times as much as a small read.
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
    """A connection that can run several statements in one step on its own thread."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of `work`; nothing else runs on the connection meanwhile."""
        # aiosqlite lacks types for this one.
        return await cast("Execute[T]", self._execute)(work, self._conn)  # pyright: ignore[reportUnknownMemberType]


class BatchedWrites:
    """Runs jobs in order of arrival. `carry_out` runs all waiting ones in one step."""

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
        """The result of the job, once it is done. It is also done when the caller is cancelled."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="store")
        return await future

    async def apart(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of `work`, which must not share a transaction with another job."""
        return await self._connection.run(work)

    async def close(self) -> None:
        """Wait for the remaining jobs."""
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
    """Each job by itself: they only read."""
    return [_tried(db, job) for job in jobs]


def _tried(db: sqlite3.Connection, job: Job) -> Result:
    try:
        return job(db), None
    except Exception as error:  # noqa: BLE001 - raised in the caller
        return None, error


def commit(db: sqlite3.Connection, jobs: Sequence[Job]) -> list[Result]:
    """Each job in one transaction; a failed one is undone by itself."""
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
        if not db.in_transaction:  # a full disk undoes the whole transaction
            raise
        db.execute("ROLLBACK TO job")
        result = (None, error)
    db.execute("RELEASE job")
    return result


def _tell(future: asyncio.Future[Any], value: Any, error: BaseException | None) -> None:
    if future.done():  # the caller was cancelled
        return
    if error is not None:
        future.set_exception(error)
    else:
        future.set_result(value)
