"""Sealed API keys, by their owner."""

from bot.domain.people import Credential
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.storage.database import Database, Row
from bot.storage.tables.row_cache import RowCache

Owner = tuple[Payer, int, str]


class CredentialRepository:
    """The table credentials."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: RowCache[Owner, Credential | None] = RowCache()

    async def put(self, credential: Credential) -> None:
        """Store a sealed key, replacing an older one of the same owner."""
        await self._database.write(
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
        self.forget_copy((credential.owner, credential.owner_id, credential.backend))

    async def get(self, owner: Payer, owner_id: int, backend: str) -> Credential | None:
        """The sealed key of that owner, if there is one."""
        key = (owner, owner_id, backend)
        return await self._cache.get(key, lambda: self._read(key))

    async def _read(self, key: Owner) -> Credential | None:
        rows = await self._database.read(
            "SELECT * FROM credentials WHERE owner = ? AND owner_id = ? AND backend = ?", key
        )
        return _credential(rows[0]) if rows else None

    async def all(self) -> list[Credential]:
        """Every stored sealed key."""
        return [_credential(row) for row in await self._database.read("SELECT * FROM credentials")]

    async def delete(self, owner: Payer, owner_id: int, backend: str) -> bool:
        """Delete a key. False when there was none."""
        rows = await self._database.write(
            "DELETE FROM credentials WHERE owner = ? AND owner_id = ? AND backend = ? RETURNING 1",
            (owner, owner_id, backend),
        )
        self.forget_copy((owner, owner_id, backend))
        return bool(rows)

    def forget_copy(self, owner: Owner) -> None:
        """Read that key from the table the next time: its row was changed elsewhere in this
        package.
        """
        self._cache.forget(owner)

    def forget_copies(self, owner: Payer, owner_id: int) -> None:
        """Read all keys of that owner from the table the next time."""
        self._cache.forget_where(lambda key: key[:2] == (owner, owner_id))


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
