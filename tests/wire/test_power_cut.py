"""Only the contents of the disk at one instant are left: after a start from it nothing is lost."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.bots.crashes import database_file, is_sound, power_cut, rows, shown_about
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
PHASES = "SELECT DISTINCT phase FROM requests"


async def test_started_from_a_copy_of_database_and_wal(
    own: BotProcess, own_control: Control, tmp_path: Path
) -> None:
    await own_control.post("horde/knobs", job_seconds=[3, 6])
    own.start_bot(HORDECORD_LIMITS__OPEN_PER_PERSON="0")
    ada = await own_control.person("ada")
    answers = [await ada.command("imagine", prompt=f"candle {n}.") for n in range(10)]

    async def mixed() -> bool | None:
        phases = {row["phase"] for row in rows(database_file(own), PHASES)}
        return (phases >= {"queued", "processing"}) or None

    await eventually(mixed, "some are with us and some are with the Horde")
    copy = tmp_path / "after the power cut"
    power_cut(own, copy)
    assert (copy / "hordecord.db-wal").stat().st_size > 0
    _tear(copy / "hordecord.db-wal")
    own.start_bot(
        HORDECORD_STORE__PATH=str(copy / "hordecord.db"), HORDECORD_LIMITS__OPEN_PER_PERSON="0"
    )
    for number, answer in enumerate(answers):
        done = await ada.result(answer)
        assert len(done.pictures) == 1
        assert [m.id for m in await shown_about(own_control, ada, f"candle {number}.")] == [done.id]
    assert own.stop_bot() == 0
    assert is_sound(copy / "hordecord.db")
    assert {row["phase"] for row in rows(copy / "hordecord.db", PHASES)} == {"done"}


def _tear(wal: Path) -> None:
    """The last thing a dying disk wrote was half a frame."""
    with wal.open("ab") as file:
        file.write(b"\x37\x7f\x06\x82" * 100)


def test_without_the_wal_the_rows_would_be_missing(own: BotProcess, tmp_path: Path) -> None:
    """So the copy above proves something."""
    own.start_bot()
    power_cut(own, tmp_path / "copy")
    (tmp_path / "copy" / "hordecord.db-wal").unlink()
    with closing(sqlite3.connect(tmp_path / "copy" / "hordecord.db")) as connection:
        found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'requests'")
        assert found.fetchone() == (0,)


async def test_sigterm_in_the_middle_of_everything(own: BotProcess, own_control: Control) -> None:
    """A submit without an answer, a download, a hundred cards: 8 seconds, and nothing is lost."""
    await own_control.post("horde/knobs", job_seconds=[1, 1])
    own.start_bot(HORDECORD_LIMITS__OPEN_PER_PERSON="0")
    ada = await own_control.person("ada")
    for route in ("POST /generate/async", "GET /r2/{object}"):
        await own_control.post(
            "faults", server="horde", route=route, kind="delay", seconds=20, after=2
        )
    answers = [await ada.command("imagine", prompt=f"farewell {n}.") for n in range(8)]
    await asyncio.sleep(3.0)
    begun = asyncio.get_running_loop().time()
    assert await asyncio.to_thread(own.stop_bot) == 0
    assert asyncio.get_running_loop().time() - begun <= 8
    await own_control.call("DELETE", "faults")
    own.start_bot(HORDECORD_LIMITS__OPEN_PER_PERSON="0")
    for number, answer in enumerate(answers):
        assert len((await ada.result(answer)).pictures) == 1
        assert len(await shown_about(own_control, ada, f"farewell {number}.")) == 1


async def test_a_database_newer_than_the_code(own: BotProcess) -> None:
    own.start_bot()
    assert own.stop_bot() == 0
    with closing(sqlite3.connect(database_file(own))) as connection:
        connection.execute("PRAGMA user_version = 999")
    before = database_file(own).read_bytes()
    with pytest.raises(AssertionError, match="the bot ended"):
        own.start_bot()
    assert own.process is not None
    assert own.process.returncode == 1
    assert "The database has version 999" in own.log
    assert "It was not touched" in own.log
    assert "Traceback" not in own.log
    assert database_file(own).read_bytes() == before
