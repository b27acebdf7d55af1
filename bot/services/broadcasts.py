"""A message to all servers. Its progress is stored, so that a restart continues it.

Servers are processed in the order of their ids, so the last id is the progress. It advances after
each server; after a kill in between, that server is checked first.
"""

import asyncio
import logging

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.aio.retry import until_stored
from bot.storage.tables.notes import NoteRepository

log = logging.getLogger(__name__)
KEY = "broadcast"  # in the store's notes; "" without one


class Broadcast(BaseModel):
    """A running broadcast. `mark`: the snowflake of the press that began it.

    `after`: the id of the last finished server; `sent` and `failed` count servers. `stopped`: the
    rest is not sent.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    text: str
    mark: int
    after: int = 0
    sent: int = 0
    failed: int = 0
    stopped: bool = False

    def done(self, guild_id: int, *, taken: bool) -> "Broadcast":
        """The same after that server."""
        counts = {"sent": self.sent + taken, "failed": self.failed + (not taken)}
        return self.model_copy(update={"after": guild_id, **counts})


class Broadcasts:
    """The running broadcast, if any. The sender holds `sending`."""

    def __init__(self, notes: NoteRepository) -> None:
        self._notes = notes
        self.sending = asyncio.Lock()
        self.stopped = False

    async def current(self) -> Broadcast | None:
        """The broadcast that has begun and not ended."""
        kept = await self._notes.read(KEY)
        try:
            return Broadcast.model_validate_json(kept) if kept else None
        except ValidationError:  # of another version, which cannot be continued
            log.warning("a stored broadcast cannot be read and is deleted")
            return None

    async def begin(self, broadcast: Broadcast) -> None:
        """Store it, so that a restart continues it. Raises StoreError when it cannot be stored."""
        self.stopped = False
        await self._notes.write(KEY, broadcast.model_dump_json())

    async def keep(self, broadcast: Broadcast) -> None:
        """Store the progress, however long the database is busy."""

        async def note() -> None:
            if not self.stopped:  # may have been stopped during the wait
                await self._notes.write(KEY, broadcast.model_dump_json())

        await until_stored(note)

    async def stop(self) -> None:
        """Send it to no further server. Raises StoreError when that cannot be stored."""
        self.stopped = True
        await self._notes.write(KEY, "")

    async def end(self) -> None:
        """All servers are done."""
        await until_stored(lambda: self._notes.write(KEY, ""))
