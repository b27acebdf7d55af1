"""The SQLite file: connections, transactions, migrations. The tables are in storage/tables.

One writer, whose jobs never mix, so that a rollback never undoes another job, and one reader. WAL
with synchronous=FULL: committed rows are on disk before Discord is answered.
"""

import logging
import sqlite3
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite

from bot.errors import DatabaseTooNew, StoreBusy, StoreError
from bot.storage.batching import BatchedWrites, Connection, commit, read_job
from bot.storage.sqlite_version import check_sqlite

log = logging.getLogger(__name__)
# Milliseconds. An interaction must be answered within 3 seconds, and a write may have to wait for
# one failing batch before its own.
BUSY_TIMEOUT = 1_000
PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_TIMEOUT}",
    "PRAGMA secure_delete = ON",  # deleted rows are overwritten in the file as well
)
CHUNK = 64  # rows at a time where rows are iterated, which no code does
Row = sqlite3.Row
T = TypeVar("T")
Values = Sequence[Any] | dict[str, Any]


def migrations() -> list[str]:
    """The numbered SQL files in order; the version of a database is the number of applied files."""
    folder = files("bot.storage") / "migrations"
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [f.read_text(encoding="utf-8") for f in found]


def statements(script: str) -> list[str]:
    """A script cut at its complete statements (executescript would commit by itself first)."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    return found


class Database:
    """An open database. Errors of SQLite are raised as StoreError, with a sentence for people."""

    def __init__(self, writer: Connection, reader: Connection) -> None:
        self._writer = BatchedWrites(writer, commit)
        self._reader = BatchedWrites(reader, read_job)

    @classmethod
    @asynccontextmanager
    async def open(cls, path: Path) -> AsyncGenerator[Self]:
        """Open the database at `path`, created and migrated as needed.

        Raises StoreError, and DatabaseTooNew without changing the file.
        """
        logging.getLogger("aiosqlite").setLevel(logging.INFO)  # its DEBUG lines contain our values
        check_sqlite()
        check_file(path)
        async with AsyncExitStack() as stack:
            try:  # only errors while opening concern this file
                path.parent.mkdir(parents=True, exist_ok=True)
                writer = await stack.enter_async_context(_connect(path))
                await _migrate(writer)
                await writer.execute("BEGIN IMMEDIATE")  # a file that cannot be written
                await writer.rollback()
                reader = await stack.enter_async_context(_connect(path))
            except (sqlite3.Error, OSError) as error:
                raise _translate(error, path) from error
            database = cls(writer, reader)
            stack.push_async_callback(database._writer.close)
            stack.push_async_callback(database._reader.close)
            yield database

    async def write_together(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run several statements, all or none of them, and commit. Returns the result
        of the job.
        """
        try:
            return await self._writer.run(job)
        except sqlite3.Error as error:
            raise _translate(error) from error

    async def write(self, sql: str, values: Values = ()) -> list[Row]:
        """Run one statement and commit. Returns its result."""
        return await self.write_together(lambda db: db.execute(sql, values).fetchall())

    async def read_together(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run several reads in one step. Returns the result of the job."""
        try:
            return await self._reader.run(job)
        except sqlite3.Error as error:
            raise _translate(error) from error

    async def read(self, sql: str, values: Values = ()) -> list[Row]:
        """The rows of one statement."""
        return await self.read_together(lambda db: db.execute(sql, values).fetchall())

    async def size(self) -> int:
        """Bytes of the database without its write-ahead log."""
        rows = await self.read(
            "SELECT page_count * page_size AS size FROM pragma_page_count, pragma_page_size"
        )
        return int(rows[0]["size"])

    async def rewrite_file(self) -> None:
        """Rewrite the whole file from its live rows, then empty the write-ahead log.

        Writes wait meanwhile: about a second for 100 MB. Raises StoreError.
        """
        try:
            await self._writer.apart(lambda db: db.execute("VACUUM").fetchall())
        except sqlite3.Error as error:
            raise _translate(error) from error
        await self.empty_write_ahead_log()

    async def empty_write_ahead_log(self) -> None:
        """Move everything out of the write-ahead log and truncate it.

        Raises StoreBusy when another program is reading that log.
        """
        blocked, _, _ = await self._writer.apart(
            lambda db: db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        )
        if blocked:
            raise StoreBusy("The database is being read by another program. Try again.")


def check_file(path: Path) -> None:
    """Raises StoreError for a folder, and after an interrupted restore: an empty database would be
    created in the place of the old one.
    """
    if path.is_dir():
        raise StoreError(f"{path} is a folder. Set [store] path to the database file.")
    aside = list(path.parent.glob(f"{path.stem}-before-restore-*{path.suffix}"))
    if not path.exists() and path.with_name(path.name + ".part").exists() and aside:
        raise StoreError(
            f"A restore of {path} is incomplete. Run `hordecord restore` again. The old database is"
            f" {max(aside)}."
        )


@asynccontextmanager
async def _connect(path: Path) -> AsyncGenerator[Connection]:
    connection = Connection(lambda: sqlite3.connect(path, isolation_level=None), CHUNK)
    async with connection:
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            await connection.execute(pragma)
        yield connection


async def _migrate(connection: aiosqlite.Connection) -> None:
    """Bring an older database up to date, one transaction for each step."""
    rows = list(await connection.execute_fetchall("PRAGMA user_version"))
    version, scripts = int(rows[0][0]), migrations()
    if version > len(scripts):
        raise DatabaseTooNew(
            f"The database has version {version}, this program supports up to {len(scripts)}. "
            "It was not touched. Install the newer Hordecord again, or restore a backup."
        )
    for number, script in enumerate(scripts[version:], start=version + 1):
        await connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements(script):
                await connection.execute(statement)
            await connection.execute(f"PRAGMA user_version = {number}")
        except BaseException:
            await connection.rollback()
            raise
        await connection.commit()
        log.info("database migrated to version %d", number)


def _translate(error: Exception, path: Path | None = None) -> StoreError:
    """The StoreError for an error of SQLite."""
    where = f" ({path})" if path else ""
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return StoreBusy(f"The database is locked by another program{where}. Try again.")
    if "full" in text or "disk i/o" in text:
        return StoreBusy(f"The database's disk is full or failing{where}. Nothing was written.")
    if "not a database" in text or "malformed" in text:
        return StoreError(
            f"The file is damaged or not an SQLite database{where}. Restore a backup."
        )
    if "readonly" in text:
        return StoreError(f"The database{where} cannot be written. Check the owner of the file.")
    return StoreError(f"The database cannot be used{where}: {error}")
