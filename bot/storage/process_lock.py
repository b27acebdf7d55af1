"""One bot at a time for one database: a lock that ends with the process, even after a kill."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import BotError

log = logging.getLogger(__name__)
WAIT, PAUSE = 10.0, 0.1  # seconds; a bot that is closing is waited for
TAKEN = (
    "Another Hordecord uses the database {path}. Stop it first: two at the same time would submit "
    "every request twice."
)


def lock_path(database: Path) -> Path:
    """Path of that database's lock file: the same for all links to the database."""
    real = database.resolve()
    return real.with_name(real.name + ".lock")


def is_locked(database: Path) -> bool:
    """Whether another process holds the lock of that database. Creates no file."""
    path = lock_path(database)
    if not path.exists():
        return False
    try:
        with FileLock(path, timeout=0, mode=0o600):
            return False
    except Timeout:
        return True
    except (OSError, NotImplementedError):  # not writable, or a file system without locks
        return False


@contextmanager
def only_one(database: Path, *, wait: float = WAIT) -> Generator[None]:
    """Hold the lock of that database. Raises BotError when another process holds it."""
    path = lock_path(database)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o600)
    except OSError as error:
        raise BotError(f"The file {path} cannot be created: {error.strerror}.") from error
    # Not thread_local: the bot acquires it in one thread and releases it in another.
    lock = FileLock(path, timeout=wait, mode=0o600, thread_local=False)
    try:
        lock.acquire(poll_interval=PAUSE)
    except Timeout:
        raise BotError(TAKEN.format(path=database)) from None
    except (OSError, NotImplementedError) as error:  # a file system without locks
        log.warning("%s cannot be locked, so a second bot would not be detected: %s", path, error)
    try:
        yield
    finally:
        lock.release()
