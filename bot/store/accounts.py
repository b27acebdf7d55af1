"""Keys and rules: whose API key is sealed here, and what a server has set."""

from bot.records import Credential, GuildSettings, Payer
from bot.requests import Kind
from bot.store.database import Database, Row


class AccountRows(Database):
    """The tables credentials and guilds."""

    async def put_credential(self, credential: Credential) -> None:
        """Keep a sealed key, instead of an older one of the same owner."""
        await self._write(
            "INSERT INTO credentials VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
            "sealed = excluded.sealed, username = excluded.username, pays = excluded.pays, "
            "created_at = excluded.created_at",
            (
                credential.owner,
                credential.owner_id,
                credential.backend,
                credential.sealed,
                credential.username,
                ",".join(sorted(credential.pays)),
                credential.created_at,
            ),
        )

    async def credential(self, owner: Payer, owner_id: int, backend: str) -> Credential | None:
        """The sealed key of that owner, if there is one."""
        rows = await self._read(
            "SELECT * FROM credentials WHERE owner = ? AND owner_id = ? AND backend = ?",
            (owner, owner_id, backend),
        )
        return _credential(rows[0]) if rows else None

    async def drop_credential(self, owner: Payer, owner_id: int, backend: str) -> bool:
        """Forget a key. False when there was none."""
        rows = await self._write(
            "DELETE FROM credentials WHERE owner = ? AND owner_id = ? AND backend = ? RETURNING 1",
            (owner, owner_id, backend),
        )
        return bool(rows)

    async def guild_settings(self, guild_id: int | None) -> GuildSettings:
        """A server's rules; the defaults where it set none, and in DMs."""
        if guild_id is None:
            return GuildSettings()
        rows = await self._read("SELECT settings FROM guilds WHERE guild_id = ?", (guild_id,))
        return GuildSettings.model_validate_json(rows[0]["settings"]) if rows else GuildSettings()


def _credential(row: Row) -> Credential:
    return Credential(
        owner=Payer(row["owner"]),
        owner_id=row["owner_id"],
        backend=row["backend"],
        sealed=row["sealed"],
        username=row["username"],
        pays=frozenset(Kind(kind) for kind in row["pays"].split(",") if kind),
        created_at=row["created_at"],
    )
