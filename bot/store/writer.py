"""Writes share commits: what waits while the disk is busy goes into the next transaction together.

A commit with synchronous=FULL waits for the disk. Fifty requests at one instant would wait for it
fifty times in a row, and Discord gives an answer three seconds; together they wait once or twice.
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


class Writer:
    """Runs jobs in the order in which they come; each is all or nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._waiting: list[tuple[Job, asyncio.Future[Any]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def run(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """What the job gives, once it is on the disk. Whoever is cancelled leaves it to be done."""
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work(), name="writer")
        return await future

    async def close(self) -> None:
        """Wait for what is still to be written."""
        if self._worker is not None:
            await self._worker

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            jobs = [job for job, _ in batch]
            try:
                results = await self._connection.run(lambda db, jobs=jobs: _commit(db, jobs))
            except Exception as error:  # noqa: BLE001 - nothing was written, as each of them is told
                results = [(None, error)] * len(batch)
            for (_, future), (value, error) in zip(batch, results, strict=True):
                _tell(future, value, error)
        self._worker = None


def _commit(db: sqlite3.Connection, jobs: Sequence[Job]) -> list[Result]:
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
