"""What people keep: presets, defaults of people and places, how they want to be told."""

import sqlite3
from typing import Any

from bot.domain.people import PersonSettings, Preset, Scope, preset_key
from bot.storage.batching import Connection
from bot.storage.database import Database, Row

KNOWN_MAX = 20_000  # owners remembered, with or without settings
Owner = tuple[Scope, int]


class PresetRows(Database):
    """The tables presets, defaults and people.

    They are read before every answer, so they are kept in memory as the keys are: this process is
    the only one that writes them.
    """

    def __init__(self, writer: Connection, reader: Connection) -> None:
        super().__init__(writer, reader)
        self._presets: dict[Owner, tuple[Preset, ...]] = {}
        self._defaults: dict[Owner, str] = {}
        self._people: dict[int, PersonSettings] = {}
        self._settings_changes = 0  # a read that began before a change must not be kept after it

    async def presets(self, owner: Scope, owner_id: int) -> tuple[Preset, ...]:
        """What that owner saved, last used first."""
        key = (owner, owner_id)
        if key in self._presets:
            return self._presets[key]
        before = self._settings_changes
        rows = await self._read(
            "SELECT * FROM presets WHERE owner = ? AND owner_id = ? ORDER BY used_at DESC, key", key
        )
        found = tuple(_preset(row) for row in rows)
        if self._settings_changes == before:
            _make_room(self._presets)
            self._presets[key] = found
        return found

    async def put_preset(self, preset: Preset, most: int) -> bool:
        """Keep it, instead of an older one of that name. False when its owner has `most` others."""
        kept = await self._together(lambda db: _put(db, preset, most))
        self._forget_presets(preset.owner, preset.owner_id)
        return kept

    async def preset_used(self, preset: Preset, now: float) -> None:
        """It was used just now."""
        await self._write(
            "UPDATE presets SET used_at = ? WHERE owner = ? AND owner_id = ? AND key = ?",
            (now, preset.owner, preset.owner_id, preset.key),
        )
        self._forget_presets(preset.owner, preset.owner_id)

    async def drop_preset(self, owner: Scope, owner_id: int, name: str) -> bool:
        """Forget it. False when there was none of that name."""
        rows = await self._write(
            "DELETE FROM presets WHERE owner = ? AND owner_id = ? AND key = ? RETURNING 1",
            (owner, owner_id, preset_key(name)),
        )
        self._forget_presets(owner, owner_id)
        return bool(rows)

    async def defaults(self, scope: Scope, scope_id: int) -> str:
        """The choices that stand there, as JSON; "" for none."""
        key = (scope, scope_id)
        if key in self._defaults:
            return self._defaults[key]
        before = self._settings_changes
        rows = await self._read(
            "SELECT choices FROM defaults WHERE scope = ? AND scope_id = ?", key
        )
        found = str(rows[0]["choices"]) if rows else ""
        if self._settings_changes == before:
            _make_room(self._defaults)
            self._defaults[key] = found
        return found

    async def put_defaults(
        self, scope: Scope, scope_id: int, choices: str, guild_id: int = 0
    ) -> None:
        """From now on these stand there; "" for none. `guild_id`: the server of a channel."""
        if choices:
            await self._write(
                "INSERT INTO defaults (scope, scope_id, choices, guild_id) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET choices = excluded.choices, "
                "guild_id = excluded.guild_id",
                (scope, scope_id, choices, guild_id),
            )
        else:
            await self._write(
                "DELETE FROM defaults WHERE scope = ? AND scope_id = ?", (scope, scope_id)
            )
        self._settings_changes += 1
        self._defaults.pop((scope, scope_id), None)

    async def person(self, user_id: int) -> PersonSettings:
        """A person's own rules; the usual ones where they set none."""
        if user_id in self._people:
            return self._people[user_id]
        before = self._settings_changes
        rows = await self._read("SELECT settings FROM people WHERE user_id = ?", (user_id,))
        found = (
            PersonSettings.model_validate_json(rows[0]["settings"]) if rows else PersonSettings()
        )
        if self._settings_changes == before:
            _make_room(self._people)
            self._people[user_id] = found
        return found

    async def put_person(self, user_id: int, settings: PersonSettings) -> None:
        """From now on these are a person's rules."""
        await self._write(
            "INSERT INTO people (user_id, settings) VALUES (?, ?) "
            "ON CONFLICT DO UPDATE SET settings = excluded.settings",
            (user_id, settings.model_dump_json()),
        )
        self._settings_changes += 1
        self._people.pop(user_id, None)

    def _forget_presets(self, owner: Scope, owner_id: int) -> None:
        self._settings_changes += 1
        self._presets.pop((owner, owner_id), None)


def _make_room(known: dict[Any, Any]) -> None:
    if len(known) >= KNOWN_MAX:
        known.clear()


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
