"""Keys: whose API key is sealed here."""

from bot.domain.people import Credential
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.storage.batching import Connection
from bot.storage.database import Database, Row

KNOWN_MAX = 20_000  # owners remembered, with or without a key
Owner = tuple[Payer, int, str]


class CredentialRows(Database):
    """The table credentials.

    Every command asks who pays, before it is answered: those answers are kept in memory. This
    process is the only one that writes them.
    """

    def __init__(self, writer: Connection, reader: Connection) -> None:
        super().__init__(writer, reader)
        self._known: dict[Owner, Credential | None] = {}
        self._changes = 0  # a read that began before a change must not be kept after it

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
        self._forget((credential.owner, credential.owner_id, credential.backend))

    async def credential(self, owner: Payer, owner_id: int, backend: str) -> Credential | None:
        """The sealed key of that owner, if there is one."""
        key = (owner, owner_id, backend)
        if key in self._known:
            return self._known[key]
        before = self._changes
        rows = await self._read(
            "SELECT * FROM credentials WHERE owner = ? AND owner_id = ? AND backend = ?",
            (owner, owner_id, backend),
        )
        found = _credential(rows[0]) if rows else None
        if self._changes == before:
            if len(self._known) >= KNOWN_MAX:
                self._known.clear()
            self._known[key] = found
        return found

    async def credentials(self) -> list[Credential]:
        """Every sealed key that is kept."""
        return [_credential(row) for row in await self._read("SELECT * FROM credentials")]

    async def drop_credential(self, owner: Payer, owner_id: int, backend: str) -> bool:
        """Forget a key. False when there was none."""
        rows = await self._write(
            "DELETE FROM credentials WHERE owner = ? AND owner_id = ? AND backend = ? RETURNING 1",
            (owner, owner_id, backend),
        )
        self._forget((owner, owner_id, backend))
        return bool(rows)

    def _forget(self, owner: Owner) -> None:
        self._changes += 1
        self._known.pop(owner, None)


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
