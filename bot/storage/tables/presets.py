"""Presets of users and servers."""

import sqlite3

from bot.domain.people import Preset, Scope, preset_key
from bot.storage.database import Database, Row
from bot.storage.tables.row_cache import RowCache

Owner = tuple[Scope, int]


class PresetRepository:
    """The table presets."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: RowCache[Owner, tuple[Preset, ...]] = RowCache()

    async def of(self, owner: Scope, owner_id: int) -> tuple[Preset, ...]:
        """The presets of that owner, last used first."""
        key = (owner, owner_id)
        return await self._cache.get(key, lambda: self._read(key))

    async def _read(self, key: Owner) -> tuple[Preset, ...]:
        rows = await self._database.read(
            "SELECT * FROM presets WHERE owner = ? AND owner_id = ? ORDER BY used_at DESC, key", key
        )
        return tuple(_preset(row) for row in rows)

    async def put(self, preset: Preset, most: int) -> bool:
        """Store it under its name. False when its owner has `most` others."""
        stored = await self._database.write_together(lambda db: _put(db, preset, most))
        self._cache.forget((preset.owner, preset.owner_id))
        return stored

    async def mark_used(self, preset: Preset, now: float) -> None:
        """Record that it was used now."""
        await self._database.write(
            "UPDATE presets SET used_at = ? WHERE owner = ? AND owner_id = ? AND key = ?",
            (now, preset.owner, preset.owner_id, preset.key),
        )
        self._cache.forget((preset.owner, preset.owner_id))

    async def delete(self, owner: Scope, owner_id: int, name: str) -> bool:
        """Delete it. False when there was none of that name."""
        rows = await self._database.write(
            "DELETE FROM presets WHERE owner = ? AND owner_id = ? AND key = ? RETURNING 1",
            (owner, owner_id, preset_key(name)),
        )
        self._cache.forget((owner, owner_id))
        return bool(rows)

    def forget_copies(self) -> None:
        """Read all presets from the table the next time: they name their makers, whose rows
        changed.
        """
        self._cache.clear()


def _put(db: sqlite3.Connection, preset: Preset, most: int) -> bool:
    owner = (preset.owner, preset.owner_id, preset.key)
    sql = "SELECT count(*) FROM presets WHERE owner = ? AND owner_id = ? AND key <> ?"
    if db.execute(sql, owner).fetchone()[0] >= most:
        return False
    values = (preset.name, preset.choices, preset.made_by, preset.created_at, preset.used_at)
    db.execute(
        "INSERT INTO presets (owner, owner_id, key, name, choices, made_by, created_at, used_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
        "name = excluded.name, choices = excluded.choices, made_by = excluded.made_by, "
        "created_at = excluded.created_at, used_at = excluded.used_at",
        (*owner, *values),
    )
    return True


def _preset(row: Row) -> Preset:
    return Preset(
        owner=Scope(row["owner"]),
        owner_id=row["owner_id"],
        name=row["name"],
        choices=row["choices"],
        made_by=row["made_by"],
        created_at=row["created_at"],
        used_at=row["used_at"],
    )
