"""Lorebooks that were imported by themselves."""

from collections.abc import Sequence

from bot.domain.chat.characters import StoredLorebook
from bot.domain.chat.lorebooks import Lorebook
from bot.storage.database import Database, Row


class LorebookRepository:
    """The table lorebooks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, owner_id: int, lorebook: Lorebook, now: float, most: int
    ) -> StoredLorebook | None:
        """Store a lorebook of its owner. None when the owner has `most` of them."""
        rows = await self._database.write(
            "INSERT INTO lorebooks (owner_id, name, data, created_at) SELECT ?1, ?2, ?3, ?4 "
            "WHERE (SELECT count(*) FROM lorebooks WHERE owner_id = ?1) < ?5 RETURNING *",
            (owner_id, lorebook.name, lorebook.model_dump_json(), now, most),
        )
        return _stored(rows[0]) if rows else None

    async def get(self, lorebook_id: int) -> StoredLorebook | None:
        """That lorebook."""
        return next(iter(await self.some((lorebook_id,))), None)

    async def some(self, ids: Sequence[int]) -> tuple[StoredLorebook, ...]:
        """Those of them that are stored, in the order of their ids."""
        marks = ",".join("?" * len(ids))
        sql = f"SELECT * FROM lorebooks WHERE id IN ({marks}) ORDER BY id"  # noqa: S608 - marks
        return tuple(map(_stored, await self._database.read(sql, ids))) if ids else ()

    async def of_owner(self, owner_id: int) -> tuple[StoredLorebook, ...]:
        """The lorebooks of that member, by name."""
        rows = await self._database.read(
            "SELECT * FROM lorebooks WHERE owner_id = ? ORDER BY name, id", (owner_id,)
        )
        return tuple(map(_stored, rows))

    async def put(self, lorebook_id: int, lorebook: Lorebook) -> bool:
        """Replace it. False when it is not stored."""
        rows = await self._database.write(
            "UPDATE lorebooks SET name = ?, data = ? WHERE id = ? RETURNING 1",
            (lorebook.name, lorebook.model_dump_json(), lorebook_id),
        )
        return bool(rows)

    async def delete(self, lorebook_id: int) -> bool:
        """Delete it. False when it is not stored."""
        rows = await self._database.write(
            "DELETE FROM lorebooks WHERE id = ? RETURNING 1", (lorebook_id,)
        )
        return bool(rows)


def _stored(row: Row) -> StoredLorebook:
    return StoredLorebook(
        id=row["id"],
        owner_id=row["owner_id"],
        guild_id=row["guild_id"],
        lorebook=Lorebook.model_validate_json(row["data"]),
        created_at=row["created_at"],
    )
