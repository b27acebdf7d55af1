"""The file: jobs that share a commit, locks, full disks, power cuts, newer and broken databases."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.domain.people import Credential
from bot.domain.records import Payer, Record
from bot.errors import DatabaseTooNew, StoreBusy, StoreError
from bot.storage import Store
from bot.storage.batching import Connection
from bot.storage.database import migrations, statements
from tests.support.builders import FOX_BY_ANY_MODEL
from tests.support.stored_records import GUILD_MESSAGE, add


def connection_of(store: Store) -> Connection:
    """The connection that writes."""
    return store.requests._database._writer._connection


async def test_a_job_that_fails_takes_nobody_elses_rows(store: Store) -> None:
    def failing(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO meta VALUES ('lost', 'x')")
        raise RuntimeError("on purpose")

    results = await asyncio.gather(
        store.notes.write("before", "y"),
        store.requests._database.write_together(failing),
        store.notes.write("after", "y"),
        return_exceptions=True,
    )
    assert isinstance(results[1], RuntimeError)
    assert await store.notes.read("lost") is None
    assert (await store.notes.read("before"), await store.notes.read("after")) == ("y", "y")


async def test_writes_at_one_instant_share_their_commits(store: Store) -> None:
    commits = 0

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    await connection_of(store).run(lambda db: db.set_trace_callback(count))
    await asyncio.gather(*(add(store, number) for number in range(1, 51)))
    assert len(await store.requests.unfinished()) == 50
    assert commits <= 3


async def test_whoever_is_cancelled_leaves_no_half_written_thing(store: Store) -> None:
    task = asyncio.create_task(add(store, 1))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(store, 2)  # the writer goes on
    assert {record.interaction_id for record in await store.requests.unfinished()} == {1, 2}


async def test_it_survives_a_new_start(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path) as store:
        record = await add(store)
    async with Store.open(path) as store:
        assert await store.requests.get(record.id) == record


async def test_a_newer_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path):
        pass
    with sqlite3.connect(path) as raw:
        raw.execute(f"PRAGMA user_version = {len(migrations()) + 1}")
    raw.close()
    before = path.read_bytes()
    with pytest.raises(DatabaseTooNew, match="newer Hordecord"):
        async with Store.open(path):
            pass
    assert path.read_bytes() == before


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    path.write_bytes(b"this is a letter, not a database" * 50)
    with pytest.raises(StoreError, match="damaged or not an SQLite database"):
        async with Store.open(path):
            pass


async def test_a_lock_of_another_program_is_said(store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "data" / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreBusy, match="locked"):
            await store.notes.write("a", "b")
    finally:
        other.execute("ROLLBACK")
        other.close()
    await store.notes.write("a", "b")


async def test_a_full_disk_is_said_and_nothing_is_half_written(store: Store) -> None:
    await store.notes.write("before", "x")
    pages = await connection_of(store).run(lambda db: db.execute("PRAGMA page_count").fetchone()[0])
    await connection_of(store).run(lambda db: db.execute(f"PRAGMA max_page_count = {pages}"))
    large = FOX_BY_ANY_MODEL.model_copy(update={"prompt": "x" * 3000})
    results = await asyncio.gather(
        *(add(store, n, large) for n in range(20)), return_exceptions=True
    )
    assert any(isinstance(result, StoreBusy) for result in results)
    assert all(isinstance(result, StoreBusy | Record) for result in results)
    written = {result.id for result in results if isinstance(result, Record)}
    assert {record.id for record in await store.requests.unfinished()} == written
    await connection_of(store).run(lambda db: db.execute("PRAGMA max_page_count = 100000"))
    await add(store, 99, large)


async def test_what_was_committed_outlives_a_power_cut(store: Store, tmp_path: Path) -> None:
    record = await add(store)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (tmp_path / "data").iterdir():  # database and WAL as they lie on the disk now
        (copy / file.name).write_bytes(file.read_bytes())
    async with Store.open(copy / "bot.db") as second:
        assert await second.requests.get(record.id) == record


def test_a_script_is_cut_at_statements_and_not_at_semicolons() -> None:
    script = "CREATE TABLE a (b TEXT DEFAULT ';');\n-- a; comment\nCREATE TABLE c (d);\n"
    assert len(statements(script)) == 2


async def test_a_failed_migration_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path):
        pass
    broken = [*migrations(), "CREATE TABLE extra (a);\nCREATE TABLE extra (a);\n"]
    monkeypatch.setattr("bot.storage.database.migrations", lambda: broken)
    with pytest.raises(StoreError):
        async with Store.open(path):
            pass
    with sqlite3.connect(path) as raw:
        names = {row[0] for row in raw.execute("SELECT name FROM sqlite_master")}
        version = raw.execute("PRAGMA user_version").fetchone()[0]
    raw.close()
    assert "extra" not in names
    assert version == len(broken) - 1


def test_no_repr_shows_a_token_or_a_key() -> None:
    credential = Credential(owner=Payer.USER, owner_id=7, backend="horde", sealed=b"sealed-secret")
    assert "secret" not in repr(GUILD_MESSAGE) + repr(credential)


async def test_file_that_cannot_be_written_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path):
        pass
    monkeypatch.setattr("bot.storage.database.PRAGMAS", ("PRAGMA query_only = ON",))
    with pytest.raises(StoreError, match=r"cannot be written\. Check the owner"):
        async with Store.open(path):
            pass


async def test_path_that_is_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder"):
        async with Store.open(tmp_path):
            pass
