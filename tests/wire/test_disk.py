"""The database is busy, the disk is full, the room for results is used up: said, and got over."""

import asyncio
import os
import resource
import sqlite3
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager

import pytest

from tests.support.bots.crashes import database_file, is_sound, spooled
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


@contextmanager
def locked(bot: BotProcess) -> Generator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(database_file(bot), isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@contextmanager
def full_disk(bot: BotProcess) -> Generator[None]:
    """Nothing that the bot writes finds room. (Its process may have no file that is longer.)"""
    assert bot.process is not None
    before = resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, (1, before[1]))
    yield
    resource.prlimit(bot.process.pid, resource.RLIMIT_FSIZE, before)


async def test_another_program_holds_the_database(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    open_ = await ada.command("imagine", prompt="a patient clerk")
    with locked(own):
        refused = await own_control.message((await ben.command("imagine", prompt="x")).message_id)
        assert refused.is_private
        assert "locked by another program" in refused.text
        await asyncio.sleep(4)
    assert len((await ada.result(open_)).pictures) == 1
    assert len((await ben.result(await ben.command("imagine", prompt="y"))).pictures) == 1
    assert [r["prompt"] for r in await own_control.horde_requests()] == ["a patient clerk", "y"]
    assert own.stop_bot() == 0
    assert is_sound(database_file(own))


async def test_locked_just_when_a_receipt_comes(own: BotProcess, own_control: Control) -> None:
    """What only this process knows is written down as soon as that is possible."""
    own.start_bot()
    submit = "POST /generate/async"
    await own_control.post("faults", server="horde", route=submit, kind="delay", seconds=2, times=1)
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a late receipt")

    async def on_its_way() -> bool | None:
        return any(c["route"] == submit for c in await own_control.calls("horde")) or None

    await eventually(on_its_way, "it is being sent")
    with locked(own):
        await asyncio.sleep(6)
    done = await ada.result(answer)
    assert len(done.pictures) == 1
    assert "sent again" not in done.text
    assert len(await own_control.horde_requests()) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits another process's files")
async def test_a_full_disk(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", job_seconds=[3, 3])
    ada, ben = await own_control.person("ada"), await own_control.person("ben")
    open_ = await ada.command("imagine", prompt="a patient potter")

    async def sent() -> bool | None:
        return bool(await own_control.horde_requests()) or None

    await eventually(sent, "the Horde has it")
    with full_disk(own):
        refused = await own_control.message((await ben.command("imagine", prompt="x")).message_id)
        assert refused.is_private
        assert "disk is full or failing" in refused.text
        await asyncio.sleep(5)
        assert spooled(own) == []
        assert "Cancel" in (await own_control.message(open_.message_id)).buttons
    assert len((await ada.result(open_)).pictures) == 1
    assert len((await ben.result(await ben.command("imagine", prompt="y"))).pictures) == 1
    assert own.stop_bot() == 0
    assert is_sound(database_file(own))
    assert not list(database_file(own).parent.glob("spool/.part-*"))


async def test_the_room_for_results_is_used_up_by_old_ones(
    own: BotProcess, own_control: Control
) -> None:
    """The oldest go at once; a result that is there does not wait for the hourly sweep."""
    folder = database_file(own).parent / "spool"
    folder.mkdir(parents=True)
    for number in range(16):
        hoard = folder / f"0-{number}.webp"
        hoard.write_bytes(bytes(1024 * 1024 - 10))
        an_hour_ago = time.time() - 3600 - number
        os.utime(hoard, (an_hour_ago, an_hour_ago))
    own.start_bot(HORDECORD_STORE__SPOOL_MEGABYTES="16")
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="a new pot")
    assert len((await ada.result(answer)).pictures) == 1
    assert "spool_megabytes is used up" in own.log
    kept = spooled(own)
    assert "0-15.webp" not in kept
    assert "0-0.webp" in kept
