"""What servers decide for themselves."""

import sqlite3

from bot.domain.records import Payer
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.storage.batching import Connection
from bot.storage.database import Database
from bot.storage.person_data import PersonDataRows

KNOWN_MAX = 20_000  # servers remembered, with or without rules


class GuildRows(Database):
    """The table guilds.

    Every command asks for them before it is answered: those answers are kept in memory. This
    process is the only one that writes them.
    """

    def __init__(self, writer: Connection, reader: Connection) -> None:
        super().__init__(writer, reader)
        self._guilds: dict[int, GuildSettings] = {}
        self._guild_changes = 0  # a read that began before a change must not be kept after it

    async def guild_settings(self, guild_id: int) -> GuildSettings:
        """The rules of that server; none where it never set any."""
        if guild_id in self._guilds:
            return self._guilds[guild_id]
        before = self._guild_changes
        rows = await self._read("SELECT settings FROM guilds WHERE guild_id = ?", (guild_id,))
        found = GuildSettings.model_validate_json(rows[0]["settings"]) if rows else NO_RULES
        if self._guild_changes == before:
            if len(self._guilds) >= KNOWN_MAX:
                self._guilds.clear()
            self._guilds[guild_id] = found
        return found

    async def put_guild_settings(self, guild_id: int, settings: GuildSettings) -> None:
        """From now on these are its rules."""
        await self._write(
            "INSERT INTO guilds VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET settings = excluded.settings",
            (guild_id, settings.model_dump_json(exclude_defaults=True)),
        )
        self._guild_changes += 1
        self._guilds.pop(guild_id, None)


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


class DepartureRows(PersonDataRows, GuildRows):
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
