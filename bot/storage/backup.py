"""Copies of the database: made and checked while the bot runs, restored while it is stopped."""

import logging
import os
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.errors import StoreError
from bot.storage.atomic_file import sync_folder
from bot.storage.database import migrations
from bot.storage.process_lock import only_one
from bot.storage.sqlite_version import check_sqlite

log = logging.getLogger(__name__)

CUT_OFF = 3_600.0  # seconds after which no process can still be writing a copy
KEPT = 5  # backups beside the database; older ones are deleted
_PART = ".part"
_WITH = ("-wal", "-shm")  # further files of a database that was not closed
_OURS = {"requests", "messages", "meta"}  # tables of every version
BAD = "{path} is damaged: {why}. Nothing was changed."
NOT_OURS = "{path} is not a database of Hordecord. Nothing was changed."
TOO_NEW = (
    "{path} has version {version}, this program supports up to {newest}. Nothing was changed. "
    "Install the newer Hordecord first."
)


def back_up(database: Path) -> Path:
    """Copy the database as it is at this moment, and check the copy. Returns its path.

    Writes go on meanwhile. The five newest are kept. Blocks: call it in a thread. Raises
    StoreError.
    """
    target = _free(database, "backup")
    with _errors(database):
        _clear(database)
        _copy(database, target)
    for old in backups(database)[KEPT:]:
        old.unlink(missing_ok=True)
    log.info("created the backup %s", target)
    return target


def backups(database: Path) -> list[Path]:
    """The backups beside a database, the newest first."""
    found = database.parent.glob(f"{database.stem}-backup-*{database.suffix}")
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name), reverse=True)


def restore(database: Path, file: Path) -> Path | None:
    """Replace the database by a backup. Returns the new path of the old one, if there was one.

    Raises BotError while a bot uses it, StoreError for an unusable backup; then nothing was
    changed.
    """
    check_sqlite()
    if not file.is_file():
        raise StoreError(f"There is no file {file}.")
    with only_one(database, wait=0), _errors(file):
        _check(file)
        fresh = database.with_name(database.name + _PART)
        _copy(file, fresh)
        old = _put_aside(database)
        fresh.replace(database)
        sync_folder(database.parent)
    return old


def _clear(database: Path) -> None:
    """Delete an unfinished backup: it holds as much about users as a whole one."""
    for half in database.parent.glob(f"{database.stem}-backup-*{database.suffix}{_PART}"):
        if time.time() - half.stat().st_mtime > CUT_OFF:  # else it is being written
            half.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """The whole database in one file, readable by its owner alone; named once checked."""
    part = target if target.name.endswith(_PART) else target.with_name(target.name + _PART)
    part.unlink(missing_ok=True)
    part.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_open(source)) as here, closing(sqlite3.connect(part)) as there:
            here.backup(there)  # in one step: in WAL mode that blocks no writer
            there.execute("PRAGMA journal_mode = DELETE")  # one file, not three
        _check(part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def _check(path: Path) -> None:
    """Raises StoreError for a damaged file, another program's file or a newer version."""
    with closing(_open(path)) as db:
        why = str(db.execute("PRAGMA integrity_check").fetchone()[0])
        if why != "ok":
            raise StoreError(BAD.format(path=path, why=why))
        tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
        if not tables >= _OURS:
            raise StoreError(NOT_OURS.format(path=path))
        version, newest = int(db.execute("PRAGMA user_version").fetchone()[0]), len(migrations())
    if version > newest:
        raise StoreError(TOO_NEW.format(path=path, version=version, newest=newest))


def _open(path: Path) -> sqlite3.Connection:
    """An existing database: sqlite3.connect would make a new one."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=5)


def _put_aside(database: Path) -> Path | None:
    """Rename the database and its further files. Returns its new path.

    After an interrupted restore only the further files exist: they are renamed like the database.
    """
    old = _free(database, "before-restore") if database.exists() else _last_aside(database)
    for end in ("", *_WITH):
        file = database.with_name(database.name + end)
        if old is not None and file.exists():
            file.replace(old.with_name(old.name + end))
    return old


def _last_aside(database: Path) -> Path | None:
    found = database.parent.glob(f"{database.stem}-before-restore-*{database.suffix}")
    return max(found, default=None, key=lambda path: (path.stat().st_mtime_ns, path.name))


def _free(database: Path, word: str) -> Path:
    """An unused name beside the database, with the time in it."""
    now = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    stem = f"{database.stem}-{word}-{now}"
    names = [stem, *(f"{stem}-{number}" for number in range(2, 1_000))]
    paths = (database.with_name(name + database.suffix) for name in names)
    return next(
        path
        for path in paths
        if not path.exists() and not path.with_name(path.name + _PART).exists()
    )


@contextmanager
def _errors(path: Path) -> Generator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(BAD.format(path=path, why=error)) from error
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise StoreError(f"{path} could not be copied: {why}.") from error
