"""Copies of a database in use, and restored ones."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import BotError, StoreError
from bot.storage import Store
from bot.storage.backup import KEPT, back_up, backups, restore
from bot.storage.database import migrations
from bot.storage.process_lock import only_one

HOLD = (
    "import sys, time; from pathlib import Path; from bot.storage.process_lock import only_one\n"
    "with only_one(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
)


def note(path: Path, value: str) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("INSERT OR REPLACE INTO meta VALUES ('note', ?)", (value,))


def note_in(path: Path) -> str:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT value FROM meta WHERE key = 'note'").fetchone()[0]


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    path = tmp_path / "data" / "bot.db"
    async with Store.open(path):
        pass
    note(path, "first")
    return path


@pytest.fixture
def holder(database: Path) -> Generator[subprocess.Popen[str]]:
    """Another process that has that database."""
    command = [sys.executable, "-c", HOLD, str(database)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


async def test_a_copy_while_somebody_writes(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path) as store:
        await store.notes.write("note", "in the log of changes only")
        assert (tmp_path / "bot.db-wal").stat().st_size > 0
        copy = back_up(path)
        await store.notes.write("note", "later")
    assert note_in(copy) == "in the log of changes only"
    assert not list(tmp_path.glob("*backup*-wal"))
    assert not list(tmp_path.glob("*.part"))
    if os.name == "posix":
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600


def test_nothing_stays_of_a_copy_that_was_cut_off(database: Path) -> None:
    old, fresh = (
        database.with_name(f"bot-backup-{name}.db.part") for name in ("old", "by-somebody-else")
    )
    for half in (old, fresh):
        half.write_bytes(b"somebody's prompt")
    os.utime(old, (1, 1))
    back_up(database)
    assert not old.exists()
    assert fresh.exists()


def test_the_newest_five_are_kept(database: Path) -> None:
    made: list[Path] = []
    for number in range(KEPT + 2):
        note(database, str(number))
        made.append(back_up(database))
        os.utime(made[-1], (number, number))
    assert len(backups(database)) == KEPT
    assert [note_in(path) for path in backups(database)] == ["6", "5", "4", "3", "2"]


def test_there_and_back(database: Path) -> None:
    copy = back_up(database)
    note(database, "second")
    old = restore(database, copy)
    assert old is not None
    assert note_in(database) == "first"
    assert note_in(old) == "second"
    assert note_in(copy) == "first"


async def test_what_was_restored_opens_and_an_old_log_does_not_touch_it(database: Path) -> None:
    copy = back_up(database)
    with closing(sqlite3.connect(database)) as db:  # as a killed bot leaves it
        db.execute("UPDATE meta SET value = 'killed'")
        db.commit()
        wal = database.with_name(database.name + "-wal").read_bytes()
    database.with_name(database.name + "-wal").write_bytes(wal)
    restore(database, copy)
    async with Store.open(database) as store:
        assert await store.notes.read("note") == "first"


def test_into_an_empty_folder(database: Path, tmp_path: Path) -> None:
    copy, elsewhere = back_up(database), tmp_path / "new" / "bot.db"
    elsewhere.parent.mkdir()
    assert restore(elsewhere, copy) is None
    assert note_in(elsewhere) == "first"


def test_not_while_a_bot_runs(database: Path, holder: subprocess.Popen[str]) -> None:
    copy = back_up(database)
    note(database, "second")
    with pytest.raises(BotError, match="Another Hordecord uses"):
        restore(database, copy)
    assert note_in(database) == "second"
    holder.kill()  # however it ends, the lock ends with it
    holder.wait()
    restore(database, copy)
    assert note_in(database) == "first"


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[4096:8192] = os.urandom(4096)
    path.write_bytes(data)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def write_text_file(path: Path) -> None:
    path.write_text("no database", encoding="utf-8")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE meta (key, value)")


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(migrations()) + 1}")


@pytest.mark.parametrize("spoil", [damaged, cut, write_text_file, foreign, newer, Path.unlink])
def test_a_file_that_is_no_backup_changes_nothing(database: Path, spoil: object) -> None:
    copy = back_up(database)
    assert callable(spoil)
    spoil(copy)
    note(database, "second")
    before = sorted(path.name for path in database.parent.iterdir())
    with pytest.raises(StoreError):
        restore(database, copy)
    assert note_in(database) == "second"
    after = sorted(path.name for path in database.parent.iterdir())
    assert set(after) - set(before) <= {"bot.db.lock"}


def test_one_at_a_time(database: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(BotError, match="would submit"), only_one(database, wait=0.2):
        raise AssertionError("it was held")
    holder.kill()
    with only_one(database, wait=5):
        pass
    with only_one(database, wait=0):  # and again
        pass


@pytest.mark.parametrize("moved", ["database", "rest"])
async def test_restore_that_is_killed_between_its_renames_is_not_a_new_start(
    database: Path, monkeypatch: pytest.MonkeyPatch, moved: str
) -> None:
    backup = back_up(database)
    wal = database.with_name("bot.db-wal")
    wal.write_bytes(b"of the old database")
    kept = Path.replace

    def killed(path: Path, target: Path) -> Path:
        if path == wal if moved == "database" else target == database:
            raise KeyboardInterrupt
        return kept(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            restore(database, backup)
    with pytest.raises(StoreError, match="is incomplete"):
        async with Store.open(database):
            pass
    old = restore(database, backup)
    assert note_in(database) == "first"
    assert not wal.exists()
    assert old is not None
    assert old.with_name(old.name + "-wal").read_bytes() == b"of the old database"
