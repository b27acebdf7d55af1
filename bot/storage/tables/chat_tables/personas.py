"""Personas: how characters see a member."""

import sqlite3

from bot.domain.chat.characters import Persona
from bot.storage.database import Database, Row


class PersonaRepository:
    """The table personas. At most one persona of a member is active."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, user_id: int) -> tuple[Persona, ...]:
        """The personas of that member, by name."""
        rows = await self._database.read(
            "SELECT * FROM personas WHERE user_id = ? ORDER BY name, id", (user_id,)
        )
        return tuple(map(_persona, rows))

    async def active(self, user_id: int) -> Persona | None:
        """The persona that the member uses; None for none."""
        rows = await self._database.read(
            "SELECT * FROM personas WHERE user_id = ? AND active = 1", (user_id,)
        )
        return _persona(rows[0]) if rows else None

    async def add(self, user_id: int, name: str, description: str, most: int) -> Persona | None:
        """Store a persona. None when the member has `most` of them."""
        rows = await self._database.write(
            "INSERT INTO personas (user_id, name, description) SELECT ?1, ?2, ?3 "
            "WHERE (SELECT count(*) FROM personas WHERE user_id = ?1) < ?4 RETURNING *",
            (user_id, name, description, most),
        )
        return _persona(rows[0]) if rows else None

    async def put(self, persona: Persona) -> bool:
        """Replace its name and description. False when it is not stored."""
        rows = await self._database.write(
            "UPDATE personas SET name = ?, description = ? WHERE id = ? AND user_id = ? "
            "RETURNING 1",
            (persona.name, persona.description, persona.id, persona.user_id),
        )
        return bool(rows)

    async def use(self, user_id: int, persona_id: int) -> None:
        """Make that persona the active one of the member, 0: none."""
        await self._database.write_together(lambda db: _use(db, user_id, persona_id))

    async def delete(self, user_id: int, persona_id: int) -> bool:
        """Delete it. False when the member has none with that id."""
        rows = await self._database.write(
            "DELETE FROM personas WHERE user_id = ? AND id = ? RETURNING 1", (user_id, persona_id)
        )
        return bool(rows)


def _use(db: sqlite3.Connection, user_id: int, persona_id: int) -> None:
    db.execute("UPDATE personas SET active = 0 WHERE user_id = ? AND active = 1", (user_id,))
    db.execute("UPDATE personas SET active = 1 WHERE user_id = ? AND id = ?", (user_id, persona_id))


def _persona(row: Row) -> Persona:
    return Persona(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        description=row["description"],
        active=bool(row["active"]),
    )
