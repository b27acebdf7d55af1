"""A message to all servers: how far it has come, written down so that a restart goes on with it.

Servers are taken in the order of their ids, so one number says who has it. It moves on after each
server: killed between a post and that, the server is the first to be looked at again.
"""

import asyncio
import logging

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.aio.database_retry import until_stored
from bot.storage.tables.notes import NoteRepository

log = logging.getLogger(__name__)
KEY = "broadcast"  # in the store's own notes; "" while there is none


class Broadcast(BaseModel):
    """One on its way. `mark`: the snowflake of the press that began it, told from all others.

    `after`: the id of the last server that is done; `sent` and `failed` count them. `stopped`: the
    rest shall not have it.
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
    """The one that is on its way, if any. Whoever sends it holds `sending`."""

    def __init__(self, notes: NoteRepository) -> None:
        self._notes = notes
        self.sending = asyncio.Lock()
        self.stopped = False

    async def current(self) -> Broadcast | None:
        """What has begun and is not over."""
        kept = await self._notes.read(KEY)
        try:
            return Broadcast.model_validate_json(kept) if kept else None
        except ValidationError:  # of another version; nobody can go on with it
            log.warning("a message to all servers cannot be read any more, and is given up")
            return None

    async def begin(self, broadcast: Broadcast) -> None:
        """From now on a restart goes on with it. Raises StoreError when it cannot be written."""
        self.stopped = False
        await self._notes.write(KEY, broadcast.model_dump_json())

    async def keep(self, broadcast: Broadcast) -> None:
        """So far it has come. However long the database is busy: nobody would send the rest."""

        async def note() -> None:
            if not self.stopped:  # also while it had to wait
                await self._notes.write(KEY, broadcast.model_dump_json())

        await until_stored(note)

    async def stop(self) -> None:
        """No further server shall have it. Raises StoreError when that cannot be written."""
        self.stopped = True
        await self._notes.write(KEY, "")

    async def end(self) -> None:
        """All servers are done."""
        await until_stored(lambda: self._notes.write(KEY, ""))
