"""The lock of a database: held across threads, and not required where none can be had."""

import asyncio
import errno
import logging
from pathlib import Path

import filelock
import pytest

from bot.errors import BotError
from bot.storage.process_lock import is_locked, lock_path, only_one


async def test_lock_taken_in_a_thread_is_released_in_another(tmp_path: Path) -> None:
    database = tmp_path / "new" / "bot.db"
    lock = only_one(database)
    await asyncio.to_thread(lock.__enter__)
    with pytest.raises(BotError, match="would submit"), only_one(database, wait=0):
        raise AssertionError("it was held")
    lock.__exit__(None, None, None)
    with only_one(database, wait=0):
        assert lock_path(database).stat().st_mode & 0o077 == 0


def test_lock_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BotError, match=r"bot\.db\.lock cannot be created"):
        only_one(tmp_path / "file" / "bot.db").__enter__()


def test_file_system_without_locks_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with caplog.at_level(logging.WARNING), only_one(tmp_path / "bot.db"):
        pass
    assert "second bot would not be detected" in caplog.text


def test_lock_is_one_for_all_links_to_a_database(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    database, link = tmp_path / "real" / "bot.db", tmp_path / "link.db"
    database.touch()
    link.symlink_to(database)
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    for other in (link, tmp_path / "folder" / "bot.db", tmp_path / "real" / ".." / "link.db"):
        with only_one(database, wait=0), pytest.raises(BotError, match="would submit"):
            only_one(other, wait=0).__enter__()


def test_lock_is_asked_for_without_making_a_file(tmp_path: Path) -> None:
    database = tmp_path / "bot.db"
    assert not is_locked(database)
    assert not list(tmp_path.iterdir())
    with only_one(database):
        assert is_locked(database)
    assert not is_locked(database)
