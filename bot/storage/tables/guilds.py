"""Rules of servers, and the data that servers own."""

import sqlite3

from bot.domain.records import Payer
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.storage.database import Database
from bot.storage.tables.credentials import CredentialRepository
from bot.storage.tables.defaults import DefaultsRepository
from bot.storage.tables.presets import PresetRepository
from bot.storage.tables.row_cache import RowCache

# Data of the server itself. Data that members made there belongs to them and is deleted with
# theirs.
_KNOWN = (
    "SELECT guild_id FROM guilds",
    "SELECT owner_id FROM presets WHERE owner = 'guild'",
    "SELECT scope_id FROM defaults WHERE scope = 'guild'",
    "SELECT guild_id FROM defaults WHERE guild_id <> 0",
    "SELECT owner_id FROM credentials WHERE owner = 'guild'",
    "SELECT guild_id FROM blocks WHERE guild_id <> 0",
    "SELECT guild_id FROM conversations WHERE guild_id <> 0",
    "SELECT guild_id FROM characters WHERE guild_id <> 0",
    "SELECT guild_id FROM channel_webhooks",
)
_FORGET = (
    "DELETE FROM guilds WHERE guild_id = :guild",
    "DELETE FROM presets WHERE owner = 'guild' AND owner_id = :guild",
    "DELETE FROM defaults WHERE (scope = 'guild' AND scope_id = :guild) OR guild_id = :guild",
    "DELETE FROM credentials WHERE owner = 'guild' AND owner_id = :guild",
    "DELETE FROM blocks WHERE guild_id = :guild",
    "DELETE FROM spending WHERE guild_id = :guild",
    "DELETE FROM conversations WHERE guild_id = :guild",
    "DELETE FROM channel_webhooks WHERE guild_id = :guild",
    "UPDATE characters SET guild_id = 0 WHERE guild_id = :guild",  # they are their owners'
    "DELETE FROM departures WHERE guild_id = :guild",
)


class GuildRepository:
    """The tables guilds and departures, and the other rows that servers own."""

    def __init__(
        self,
        database: Database,
        credentials: CredentialRepository,
        presets: PresetRepository,
        defaults: DefaultsRepository,
    ) -> None:
        self._database = database
        self._credentials = credentials
        self._presets = presets
        self._defaults = defaults
        self._cache: RowCache[int, GuildSettings] = RowCache()

    async def settings(self, guild_id: int) -> GuildSettings:
        """The rules of that server; NO_RULES where it never set any."""
        return await self._cache.get(guild_id, lambda: self._read(guild_id))

    async def _read(self, guild_id: int) -> GuildSettings:
        rows = await self._database.read(
            "SELECT settings FROM guilds WHERE guild_id = ?", (guild_id,)
        )
        return GuildSettings.model_validate_json(rows[0]["settings"]) if rows else NO_RULES

    async def put_settings(self, guild_id: int, settings: GuildSettings) -> None:
        """Store the rules of that server."""
        await self._database.write(
            "INSERT INTO guilds VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET settings = excluded.settings",
            (guild_id, settings.model_dump_json(exclude_defaults=True)),
        )
        self._cache.forget(guild_id)

    async def note_departures(self, present: set[int], now: float) -> None:
        """Record which servers with settings are not among those `present`, and which are back."""
        await self._database.write_together(lambda db: _compare(db, present, now))

    async def left_before(self, moment: float) -> list[int]:
        """The servers that removed the bot before then."""
        rows = await self._database.read(
            "SELECT guild_id FROM departures WHERE left_at < ?", (moment,)
        )
        return [row["guild_id"] for row in rows]

    async def forget(self, guild_id: int) -> None:
        """Delete all data that belongs to that server."""
        bound = {"guild": guild_id}
        await self._database.write_together(
            lambda db: [db.execute(sql, bound) for sql in _FORGET] and None
        )
        self._credentials.forget_copies(Payer.GUILD, guild_id)
        self._presets.forget_copies()
        self._defaults.forget_copies()
        self._cache.forget(guild_id)


def _compare(db: sqlite3.Connection, present: set[int], now: float) -> None:
    known: set[int] = set()
    for sql in _KNOWN:
        known |= {row[0] for row in db.execute(sql).fetchall()}
    away = {row[0] for row in db.execute("SELECT guild_id FROM departures").fetchall()}
    gone = [(guild, now) for guild in known - present - away]
    db.executemany("INSERT INTO departures (guild_id, left_at) VALUES (?, ?)", gone)
    back = [(guild,) for guild in away & present]
    db.executemany("DELETE FROM departures WHERE guild_id = ?", back)
