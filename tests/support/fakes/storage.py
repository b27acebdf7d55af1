"""A disk in memory: SQL without a thread, a spool in a dictionary. Both fail when told to."""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TypeVar

from bot.errors import SpoolError
from bot.storage.batching import Connection
from bot.storage.database import migrations
from bot.storage.files import ResultFiles

Result = TypeVar("Result")


class InMemoryConnection(Connection):
    """A connection that does its work at once, where it is asked, and fails when told to."""

    def __init__(self, raw: sqlite3.Connection) -> None:
        self.raw = raw
        self.failing = 0

    def __del__(self) -> None:
        """aiosqlite's would look for a thread."""

    async def run(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        if self.failing:
            self.failing -= 1
            raise sqlite3.OperationalError("database is locked")
        return work(self.raw)


def connection(file: str = ":memory:") -> InMemoryConnection:
    """An empty database, migrated."""
    raw = sqlite3.connect(file, isolation_level=None)
    raw.row_factory = sqlite3.Row
    raw.execute("PRAGMA foreign_keys = ON")
    for script in migrations():
        raw.executescript(script)
    return InMemoryConnection(raw)


class InMemorySpool(ResultFiles):
    """A spool in a dictionary. `full`: how many more files are refused."""

    def __init__(self) -> None:
        super().__init__(Path("nowhere"), quota=1, days=1)
        self.files: dict[str, bytes] = {}
        self.full = 0
        self.kept: set[str] = set()
        self.dear: set[str] = set()

    async def put(self, name: str, data: bytes) -> None:
        if self.full:
            self.full -= 1
            raise SpoolError("The disk is full: this result cannot be kept.")
        self.files[name] = data

    async def get(self, name: str) -> bytes:
        return self.files[name]

    async def total(self, names: Iterable[str]) -> int:
        return sum(len(self.files.get(name, b"")) for name in names)

    async def drop(self, names: Iterable[str]) -> None:
        for name in names:
            self.files.pop(name, None)

    async def drop_of(self, numbers: Collection[int]) -> None:
        starts = {str(number) for number in numbers}
        await self.drop([name for name in self.files if name.partition("-")[0] in starts])

    async def sweep(self, keep: Collection[str], last: Collection[str] = ()) -> int:
        self.kept, self.dear = set(keep), set(last)
        return 0
