"""Characters of members, which a server may use when they are shared with it."""

from bot.domain.chat.characters import Character, CharacterLabel, StoredCharacter
from bot.storage.database import Database, Row

_NEW = "INSERT INTO characters (owner_id, name, data, avatar, adult, created_at)"


class CharacterRepository:
    """The table characters."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        owner_id: int,
        character: Character,
        now: float,
        most: int,
        *,
        avatar: str = "",
        adult: bool = False,
    ) -> StoredCharacter | None:
        """Store a character of its owner alone. None when the owner has `most` of them."""
        rows = await self._database.write(
            f"{_NEW} SELECT :owner, :name, :data, :avatar, :adult, :now "  # noqa: S608 - ours
            "WHERE (SELECT count(*) FROM characters WHERE owner_id = :owner) < :most RETURNING *",
            {
                **_columns(character),
                "owner": owner_id,
                "avatar": avatar,
                "adult": int(adult),
                "now": now,
                "most": most,
            },
        )
        return _stored(rows[0]) if rows else None

    async def get(self, character_id: int) -> StoredCharacter | None:
        """That character."""
        rows = await self._database.read("SELECT * FROM characters WHERE id = ?", (character_id,))
        return _stored(rows[0]) if rows else None

    async def labels(self, owner_id: int, guild_id: int) -> tuple[CharacterLabel, ...]:
        """The characters of that member, then the others that the server shares, by name."""
        rows = await self._database.read(
            "SELECT id, owner_id, guild_id, name, adult FROM characters WHERE owner_id = :owner "
            "OR (guild_id = :guild AND guild_id <> 0) ORDER BY owner_id <> :owner, name, id",
            {"owner": owner_id, "guild": guild_id},
        )
        return tuple(
            CharacterLabel(
                row["id"], row["owner_id"], row["guild_id"], row["name"], bool(row["adult"])
            )
            for row in rows
        )

    async def of_owner(self, owner_id: int) -> tuple[StoredCharacter, ...]:
        """The characters of that member, by name."""
        rows = await self._database.read(
            "SELECT * FROM characters WHERE owner_id = ? ORDER BY name, id", (owner_id,)
        )
        return tuple(map(_stored, rows))

    async def of_guild(self, guild_id: int) -> tuple[StoredCharacter, ...]:
        """The characters that are shared with that server, by name."""
        rows = await self._database.read(
            "SELECT * FROM characters WHERE guild_id = ? AND guild_id <> 0 ORDER BY name, id",
            (guild_id,),
        )
        return tuple(map(_stored, rows))

    async def put(self, character_id: int, character: Character, *, adult: bool) -> bool:
        """Replace its fields. False when it is not stored."""
        rows = await self._database.write(
            "UPDATE characters SET name = :name, data = :data, adult = :adult WHERE id = :id "
            "RETURNING 1",
            {**_columns(character), "adult": int(adult), "id": character_id},
        )
        return bool(rows)

    async def put_avatar(self, character_id: int, avatar: str) -> None:
        """Name the file of its avatar; "" for none."""
        await self._database.write(
            "UPDATE characters SET avatar = ? WHERE id = ?", (avatar, character_id)
        )

    async def share(self, character_id: int, guild_id: int, most: int) -> bool:
        """Share it with that server, 0: with none. False when the server has `most` of them."""
        rows = await self._database.write(
            "UPDATE characters SET guild_id = :guild WHERE id = :id AND (:guild = 0 OR "
            "(SELECT count(*) FROM characters WHERE guild_id = :guild AND id <> :id) < :most) "
            "RETURNING 1",
            {"guild": guild_id, "id": character_id, "most": most},
        )
        return bool(rows)

    async def delete(self, character_id: int) -> StoredCharacter | None:
        """Delete it. Returns the deleted character; its conversations stay."""
        rows = await self._database.write(
            "DELETE FROM characters WHERE id = ? RETURNING *", (character_id,)
        )
        return _stored(rows[0]) if rows else None

    async def avatars(self) -> set[str]:
        """The names of all files of avatars."""
        rows = await self._database.read("SELECT avatar FROM characters WHERE avatar <> ''")
        return {row["avatar"] for row in rows}


def _columns(character: Character) -> dict[str, str]:
    return {"name": character.name, "data": character.model_dump_json()}


def _stored(row: Row) -> StoredCharacter:
    return StoredCharacter(
        id=row["id"],
        owner_id=row["owner_id"],
        guild_id=row["guild_id"],
        character=Character.model_validate_json(row["data"]),
        avatar=row["avatar"],
        adult=bool(row["adult"]),
        created_at=row["created_at"],
    )
