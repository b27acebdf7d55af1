"""Servers that the bot has left, and what is kept of a server as long as it may come back."""

import sqlite3

from bot.records import Payer
from bot.store.guilds import GuildRows
from bot.store.personal import PersonRows

# Where a server's own things are. What people made there is theirs, and goes as their things do.
_KNOWN = (
    "SELECT guild_id FROM guilds",
    "SELECT owner_id FROM presets WHERE owner = 'guild'",
    "SELECT scope_id FROM defaults WHERE scope = 'guild'",
    "SELECT guild_id FROM defaults WHERE guild_id <> 0",
    "SELECT owner_id FROM credentials WHERE owner = 'guild'",
    "SELECT guild_id FROM blocks WHERE guild_id <> 0",
)
_FORGET = (
    "DELETE FROM guilds WHERE guild_id = :guild",
    "DELETE FROM presets WHERE owner = 'guild' AND owner_id = :guild",
    "DELETE FROM defaults WHERE (scope = 'guild' AND scope_id = :guild) OR guild_id = :guild",
    "DELETE FROM credentials WHERE owner = 'guild' AND owner_id = :guild",
    "DELETE FROM blocks WHERE guild_id = :guild",
    "DELETE FROM spending WHERE guild_id = :guild",
    "DELETE FROM departures WHERE guild_id = :guild",
)


class DepartureRows(PersonRows, GuildRows):
    """The table departures, and the others that hold what servers set up."""

    async def compare_guilds(self, present: set[int], now: float) -> None:
        """Note which servers with settings are not among those `present`, and which are back."""
        await self._together(lambda db: _compare(db, present, now))

    async def left_before(self, moment: float) -> list[int]:
        """The servers that were left before then."""
        rows = await self._read("SELECT guild_id FROM departures WHERE left_at < ?", (moment,))
        return [row["guild_id"] for row in rows]

    async def forget_guild(self, guild_id: int) -> None:
        """Erase what that server set up."""
        bound = {"guild": guild_id}
        await self._together(lambda db: [db.execute(sql, bound) for sql in _FORGET] and None)
        self._forget_known(Payer.GUILD, guild_id)
        self._guild_changes += 1
        self._guilds.pop(guild_id, None)


def _compare(db: sqlite3.Connection, present: set[int], now: float) -> None:
    known: set[int] = set()
    for sql in _KNOWN:
        known |= {row[0] for row in db.execute(sql).fetchall()}
    away = {row[0] for row in db.execute("SELECT guild_id FROM departures").fetchall()}
    gone = [(guild, now) for guild in known - present - away]
    db.executemany("INSERT INTO departures (guild_id, left_at) VALUES (?, ?)", gone)
    back = [(guild,) for guild in away & present]
    db.executemany("DELETE FROM departures WHERE guild_id = ?", back)
