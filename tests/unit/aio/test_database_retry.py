"""What must be written down is, however long the database is busy."""

import asyncio
import logging

import pytest

from bot.aio.retry import PAUSE_MAX, until_stored
from bot.errors import StoreBusy, StoreError
from tests.support.virtual_clock import virtual


@virtual
async def test_a_busy_database_is_waited_for_and_said_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    tries = 0

    async def write() -> str:
        nonlocal tries
        tries += 1
        if tries <= 200:
            raise StoreBusy("The database's disk is full.")
        return "written"

    loop = asyncio.get_running_loop()
    before = loop.time()
    with caplog.at_level(logging.WARNING):
        assert await until_stored(write) == "written"
    assert len(caplog.records) == 1
    assert loop.time() - before < 200 * PAUSE_MAX


@virtual
async def test_what_waiting_cannot_mend_comes_through() -> None:
    async def write() -> None:
        raise StoreError("That file is not a sound SQLite database.")

    with pytest.raises(StoreError):
        await until_stored(write)
