"""Values of the bot itself: the table meta."""

from bot.storage.database import Database


class NoteRepository:
    """The table meta: text values by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, key: str) -> str | None:
        """The value of that name, if it was set."""
        rows = await self._database.read("SELECT value FROM meta WHERE key = ?", (key,))
        return rows[0]["value"] if rows else None

    async def write(self, key: str, value: str) -> None:
        """Store a value under that name."""
        await self._database.write(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            (key, value),
        )
