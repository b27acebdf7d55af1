"""Writing down what must not be lost, however long the database is busy."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import StoreBusy

log = logging.getLogger(__name__)
PAUSE_FIRST, PAUSE_MAX = 0.25, 5.0  # seconds between tries
T = TypeVar("T")


async def insist(write: Callable[[], Awaitable[T]]) -> T:
    """What `write` gives, tried until the database takes it: locked and full disks pass.

    For what is known here and nowhere else, as the receipt of a request that was just taken.
    """
    pause, said = PAUSE_FIRST, False
    while True:
        try:
            return await write()
        except StoreBusy as error:
            if not said:
                log.warning("waiting for the database: %s", error)
            said = True
        await asyncio.sleep(pause)
        pause = min(PAUSE_MAX, pause * 2)
