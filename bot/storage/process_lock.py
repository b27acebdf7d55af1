"""One bot at a time on one database: a lock that ends with the process, however it ends."""

import errno
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.errors import BotError

WAIT, PAUSE = 10.0, 0.1  # s that a bot which is just closing is waited for
_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
TAKEN = (
    "Another Hordecord runs with the database {path}. Stop that one first; two at once would send "
    "every request twice."
)


def lock_path(database: Path) -> Path:
    """Where the lock of that database is."""
    return database.with_name(database.name + ".lock")


@contextmanager
def only_one(database: Path, *, wait: float = WAIT) -> Generator[None]:
    """Nobody else has that database while this lasts. Raises BotError when somebody has."""
    path = lock_path(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise BotError(f"The file {path} cannot be made: {error.strerror}.") from error
    try:
        _take(file, database, time.monotonic() + wait)
        yield
    finally:
        os.close(file)  # which unlocks it; the file stays, as somebody may wait for it


def _take(file: int, database: Path, end: float) -> None:
    while not _locked(file):
        if time.monotonic() >= end:
            raise BotError(TAKEN.format(path=database))
        time.sleep(PAUSE)


def _locked(file: int) -> bool:
    """Whether it is ours now."""
    try:
        if os.name == "nt":
            windows: Any = import_module("msvcrt")
            windows.locking(file, windows.LK_NBLCK, 1)
        else:
            posix: Any = import_module("fcntl")
            posix.flock(file, posix.LOCK_EX | posix.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN  # else it is a file system without locks
    return True
