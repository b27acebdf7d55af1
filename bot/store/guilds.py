"""What servers decide for themselves."""

from bot.rules import NO_RULES, GuildSettings
from bot.store.database import Database
from bot.store.together import Connection

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
