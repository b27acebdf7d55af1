"""Data of servers that the bot has left: kept for a while, in case it comes back."""

import asyncio
import logging
import time
from collections.abc import Callable, Collection

from bot.aio.retry import until_stored
from bot.errors import StoreError
from bot.services.user_bans import UserBans
from bot.storage import Store

log = logging.getLogger(__name__)

DAY = 86_400.0
GRACE_DAYS = 30
LOOK_EVERY = 3_600.0  # seconds


class GuildCleanup:
    """Records which servers the bot is in, and deletes the data of those it left long ago."""

    def __init__(
        self, store: Store, blocks: UserBans, clock: Callable[[], float] = time.time
    ) -> None:
        self._store = store
        self._blocks = blocks
        self._clock = clock
        self._noted = asyncio.Event()

    async def note(self, present: Collection[int]) -> None:
        """Record the servers that the bot is in now: all of them, as Discord lists them."""
        await until_stored(lambda: self._store.guilds.note_departures(set(present), self._clock()))
        self._noted.set()

    async def clean_up(self) -> int:
        """Delete the data of servers that were left too long ago. Returns how many."""
        gone = await self._store.guilds.left_before(self._clock() - GRACE_DAYS * DAY)
        for guild_id in gone:
            await self._store.guilds.forget(guild_id)
            self._blocks.forget_server(guild_id)
        if gone:
            log.info("deleted the settings of %d servers that the bot left", len(gone))
        return len(gone)

    async def run(self) -> None:
        """Clean up for ever, once the servers are known: the bot may be back in one since it was
        stopped.
        """
        await self._noted.wait()
        while True:
            try:
                await self.clean_up()
            except StoreError as error:
                log.warning("data of servers that the bot left is not deleted yet: %s", error)
            await asyncio.sleep(LOOK_EVERY)
