"""Defaults of users, channels and servers, and the settings of a user."""

from bot.domain.people import PersonSettings, Scope
from bot.storage.database import Database
from bot.storage.tables.row_cache import RowCache

Owner = tuple[Scope, int]


class DefaultsRepository:
    """The table defaults. Choices are JSON text, "" for none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: RowCache[Owner, str] = RowCache()

    async def get(self, scope: Scope, scope_id: int) -> str:
        """The choices of that scope, as JSON; "" for none."""
        key = (scope, scope_id)
        return await self._cache.get(key, lambda: self._read(key))

    async def _read(self, key: Owner) -> str:
        rows = await self._database.read(
            "SELECT choices FROM defaults WHERE scope = ? AND scope_id = ?", key
        )
        return str(rows[0]["choices"]) if rows else ""

    async def put(self, scope: Scope, scope_id: int, choices: str, guild_id: int = 0) -> None:
        """Store these choices; "" for none. `guild_id`: the server of a channel."""
        if choices:
            await self._database.write(
                "INSERT INTO defaults (scope, scope_id, choices, guild_id) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET choices = excluded.choices, "
                "guild_id = excluded.guild_id",
                (scope, scope_id, choices, guild_id),
            )
        else:
            await self._database.write(
                "DELETE FROM defaults WHERE scope = ? AND scope_id = ?", (scope, scope_id)
            )
        self._cache.forget((scope, scope_id))

    def forget_copies(self) -> None:
        """Read all defaults from the table the next time: only it knows the channels of
        a server.
        """
        self._cache.clear()


class PersonSettingsRepository:
    """The table people."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: RowCache[int, PersonSettings] = RowCache()

    async def get(self, user_id: int) -> PersonSettings:
        """The settings of that user; the defaults where none were set."""
        return await self._cache.get(user_id, lambda: self._read(user_id))

    async def _read(self, user_id: int) -> PersonSettings:
        rows = await self._database.read(
            "SELECT settings FROM people WHERE user_id = ?", (user_id,)
        )
        if not rows:
            return PersonSettings()
        return PersonSettings.model_validate_json(rows[0]["settings"])

    async def put(self, user_id: int, settings: PersonSettings) -> None:
        """Store the settings of that user."""
        await self._database.write(
            "INSERT INTO people (user_id, settings) VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET settings = excluded.settings",
            (user_id, settings.model_dump_json()),
        )
        self._cache.forget(user_id)

    def forget_copy(self, user_id: int) -> None:
        """Read that user's settings from the table the next time."""
        self._cache.forget(user_id)
