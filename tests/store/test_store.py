"""The database: what is written is there, who wins is said, nothing newer is touched."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.errors import DatabaseTooNew, StoreBusy, StoreError
from bot.records import Credential, MessageRef, Payer, Reach, Record
from bot.requests import AlchemyRequest, ImageRequest, Kind, Request, Source, TextRequest
from bot.results import OPEN, ImageGeneration, Phase, Status
from bot.store import Store
from bot.store.database import migrations, statements

MESSAGE = MessageRef(channel_id=10, token="secret", token_expires_at=900.0, reach=Reach.GUILD)
FOX = ImageRequest(prompt="a fox")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with Store.open(tmp_path / "data" / "bot.db") as opened:
        yield opened


async def add(store: Store, number: int = 1, request: Request = FOX, user: int = 7) -> Record:
    return await store.add(
        interaction_id=number,
        backend="horde",
        user_id=user,
        guild_id=5,
        payer=Payer.ANONYMOUS,
        request=request,
        message=MESSAGE,
        now=100.0,
    )


@pytest.mark.parametrize(
    "request_",
    [
        FOX,
        TextRequest(prompt="once upon", temperature=0.3),
        AlchemyRequest(source=Source(url="https://x/y.png"), forms=("caption", "GFPGAN")),
    ],
    ids=lambda r: r.kind,
)
async def test_a_request_comes_back_as_it_was(store: Store, request_: Request) -> None:
    record = await add(store, request=request_)
    assert record.phase is Phase.QUEUED
    assert not record.acked
    assert record == await store.get(record.id)
    assert record.request == request_
    assert record.messages == (MESSAGE,)


async def test_the_same_interaction_is_one_request(store: Store) -> None:
    first = await add(store, 1)
    again = await add(store, 1)
    assert again.id == first.id
    assert len(await store.unfinished()) == 1


async def test_two_at_once_with_the_same_interaction(store: Store) -> None:
    records = await asyncio.gather(*(add(store, 1) for _ in range(10)))
    assert len({record.id for record in records}) == 1


async def test_the_ack_names_the_message(store: Store) -> None:
    record = await add(store)
    acked = await store.ack(record.id, 4242)
    assert acked is not None
    assert acked.acked
    assert acked.messages[0].message_id == 4242
    assert acked == await store.get(record.id)


async def test_only_one_claim_wins(store: Store) -> None:
    record = await add(store)
    claims = await asyncio.gather(
        *(store.change(record.id, when={Phase.QUEUED}, phase=Phase.SENDING) for _ in range(8))
    )
    assert sum(claim is not None for claim in claims) == 1


async def test_a_closed_request_cannot_be_changed(store: Store) -> None:
    record = await add(store)
    await store.change(record.id, phase=Phase.DONE, closed_at=200.0)
    assert await store.change(record.id, cancel_at=201.0) is None
    assert await store.unfinished() == []


async def test_unknown_columns_are_a_bug(store: Store) -> None:
    record = await add(store)
    with pytest.raises(TypeError, match="no such columns"):
        await store.change(record.id, when=OPEN, unsettled=False, **{"phase = 'done' --": 1})


async def test_a_status_comes_back_with_its_pictures(store: Store) -> None:
    record = await add(store)
    picture = ImageGeneration(id="g", file="1-g.webp", seed="42", width=64, height=64)
    status = Status(phase=Phase.PARTIAL, generations=(picture,), warnings=("slow",))
    await store.change(record.id, status=status, outcome_at=150.0)
    found = await store.get(record.id)
    assert found is not None
    assert found.status == status
    assert found.outcome_at == 150.0


async def test_a_moved_message_is_the_newest(store: Store) -> None:
    record = await add(store)
    moved = MessageRef(channel_id=11, message_id=99, reach=Reach.DM)
    await store.move(record.id, moved)
    found = await store.get(record.id)
    assert found is not None
    assert found.messages == (MESSAGE, moved)


async def test_history_goes_backwards_in_pages(store: Store) -> None:
    for number in range(1, 8):
        record = await add(store, number)
        await store.change(record.id, phase=Phase.DONE, closed_at=float(number))
    await add(store, 100, user=8)
    first = await store.history(7, limit=3)
    then = await store.history(7, before=first[-1].id, limit=3)
    assert [r.id for r in (*first, *then)] == [7, 6, 5, 4, 3, 2]
    assert await store.history(8) == []


async def test_held_results_are_found_and_released(store: Store) -> None:
    record = await add(store)
    await store.change(record.id, phase=Phase.HELD, closed_at=1.0)
    assert [r.id for r in await store.held_of(7)] == [record.id]
    assert await store.change(record.id, when={Phase.HELD}, phase=Phase.DONE) is not None
    assert await store.held_of(7) == []


async def test_old_requests_are_forgotten_with_their_messages(store: Store) -> None:
    old, young, open_ = [await add(store, n) for n in (1, 2, 3)]
    await store.change(old.id, phase=Phase.DONE, closed_at=10.0)
    await store.change(young.id, phase=Phase.DONE, closed_at=1000.0)
    assert await store.forget_before(500.0) == [old.id]
    assert await store.get(old.id) is None
    assert {r.id for r in (young, open_)} == {
        *(r.id for r in await store.history(7)),
        *(r.id for r in await store.unfinished()),
    }


async def test_which_remote_ids_are_ours(store: Store) -> None:
    record = await add(store)
    await store.change(record.id, remote_id="ours")
    assert await store.known_remote_ids(["ours", "foreign"]) == {"ours"}
    assert await store.known_remote_ids([]) == set()


async def test_keys_are_kept_by_owner(store: Store) -> None:
    def credential(sealed: bytes) -> Credential:
        return Credential(
            owner=Payer.USER, owner_id=7, backend="horde", sealed=sealed, username="ada#7",
            pays=frozenset({Kind.IMAGE, Kind.TEXT}), created_at=5.0,
        )  # fmt: skip

    assert await store.credential(Payer.USER, 7, "horde") is None
    await store.put_credential(credential(b"old"))
    await store.put_credential(credential(b"new"))
    assert await store.credential(Payer.USER, 7, "horde") == credential(b"new")
    assert await store.credential(Payer.GUILD, 7, "horde") is None
    assert await store.drop_credential(Payer.USER, 7, "horde")
    assert not await store.drop_credential(Payer.USER, 7, "horde")


async def test_a_key_that_is_given_while_it_is_looked_up_is_found(store: Store) -> None:
    given = Credential(owner=Payer.USER, owner_id=7, backend="horde", sealed=b"new", created_at=5.0)
    for _ in range(20):
        await asyncio.gather(store.credential(Payer.USER, 7, "horde"), store.put_credential(given))
        assert await store.credential(Payer.USER, 7, "horde") == given
        await asyncio.gather(
            store.credential(Payer.USER, 7, "horde"),
            store.drop_credential(Payer.USER, 7, "horde"),
        )
        assert await store.credential(Payer.USER, 7, "horde") is None


async def test_words_of_our_own(store: Store) -> None:
    assert await store.meta("commands") is None
    await store.set_meta("commands", "one")
    await store.set_meta("commands", "two")
    assert await store.meta("commands") == "two"


async def test_a_job_that_fails_takes_nobody_elses_rows(store: Store) -> None:
    def failing(db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO meta VALUES ('lost', 'x')")
        raise RuntimeError("on purpose")

    results = await asyncio.gather(
        store.set_meta("before", "y"),
        store._together(failing),
        store.set_meta("after", "y"),
        return_exceptions=True,
    )
    assert isinstance(results[1], RuntimeError)
    assert await store.meta("lost") is None
    assert (await store.meta("before"), await store.meta("after")) == ("y", "y")


async def test_writes_at_one_instant_share_their_commits(store: Store) -> None:
    commits = 0

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    await store._writer._connection.run(lambda db: db.set_trace_callback(count))
    await asyncio.gather(*(add(store, number) for number in range(1, 51)))
    assert len(await store.unfinished()) == 50
    assert commits <= 3


async def test_whoever_is_cancelled_leaves_no_half_written_thing(store: Store) -> None:
    task = asyncio.create_task(add(store, 1))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await add(store, 2)  # the writer goes on
    assert {record.interaction_id for record in await store.unfinished()} == {1, 2}


async def test_it_survives_a_new_start(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    async with Store.open(path) as store:
        record = await add(store)
    async with Store.open(path) as store:
        assert await store.get(record.id) == record


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
    with pytest.raises(StoreError, match="not a sound SQLite database"):
        async with Store.open(path):
            pass


async def test_a_lock_of_another_program_is_said(store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "data" / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreBusy, match="locked"):
            await store.set_meta("a", "b")
    finally:
        other.execute("ROLLBACK")
        other.close()
    await store.set_meta("a", "b")


async def test_a_full_disk_is_said_and_nothing_is_half_written(store: Store) -> None:
    await store.set_meta("before", "x")
    pages = await store._writer._connection.run(
        lambda db: db.execute("PRAGMA page_count").fetchone()[0]
    )
    await store._writer._connection.run(lambda db: db.execute(f"PRAGMA max_page_count = {pages}"))
    large = FOX.model_copy(update={"prompt": "x" * 3000})
    results = await asyncio.gather(
        *(add(store, n, large) for n in range(20)), return_exceptions=True
    )
    assert any(isinstance(result, StoreBusy) for result in results)
    assert all(isinstance(result, StoreBusy | Record) for result in results)
    written = {result.id for result in results if isinstance(result, Record)}
    assert {record.id for record in await store.unfinished()} == written
    await store._writer._connection.run(lambda db: db.execute("PRAGMA max_page_count = 100000"))
    await add(store, 99, large)


async def test_what_was_committed_outlives_a_power_cut(store: Store, tmp_path: Path) -> None:
    record = await add(store)
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in (tmp_path / "data").iterdir():  # database and WAL as they lie on the disk now
        (copy / file.name).write_bytes(file.read_bytes())
    async with Store.open(copy / "bot.db") as second:
        assert await second.get(record.id) == record


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
    monkeypatch.setattr("bot.store.database.migrations", lambda: broken)
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
    assert "secret" not in repr(MESSAGE) + repr(credential)
