"""Data that depends on the secret keys: sealed keys and tokens, and the marks of users."""

import sqlite3
from collections.abc import Callable, Iterable

from bot.domain.people import Credential
from bot.storage.database import Database
from bot.storage.tables.chat_tables.webhooks import ChannelWebhook
from bot.storage.tables.credentials import CredentialRepository

Mark = Callable[[int], str]


class Resealing:
    """Rewrites all data that depends on the secret keys, in one transaction."""

    def __init__(self, database: Database, credentials: CredentialRepository) -> None:
        self._database = database
        self._credentials = credentials

    async def sealed(self) -> list[bytes]:
        """Every stored sealed key."""
        return [
            row["sealed"] for row in await self._database.read("SELECT sealed FROM credentials")
        ]

    async def reseal(
        self,
        again: Iterable[Credential],
        lost: Iterable[Credential],
        webhooks: Iterable[ChannelWebhook],
        mark: Mark,
    ) -> bool:
        """Replace sealed keys by these, delete the lost ones, and replace the marks of users.

        `webhooks`: those whose tokens could be read. The bot can ask Discord for the others.
        All or nothing. False when a user is known by an older mark alone, which still needs its
        key.
        """
        resealed, forgotten, hooks = list(again), list(lost), list(webhooks)

        def write(db: sqlite3.Connection) -> bool:
            _reseal_webhooks(db, hooks)
            return _reseal(db, resealed, forgotten, mark)

        whole = await self._database.write_together(write)
        for credential in (*resealed, *forgotten):
            self._credentials.forget_copy(
                (credential.owner, credential.owner_id, credential.backend)
            )
        return whole


def _reseal_webhooks(db: sqlite3.Connection, webhooks: list[ChannelWebhook]) -> None:
    db.execute("DELETE FROM channel_webhooks")
    rows = [(one.channel_id, one.guild_id, one.webhook_id, one.token) for one in webhooks]
    db.executemany("INSERT INTO channel_webhooks VALUES (?, ?, ?, ?)", rows)


def _reseal(
    db: sqlite3.Connection, again: list[Credential], lost: list[Credential], mark: Mark
) -> bool:
    where = "WHERE owner = ? AND owner_id = ? AND backend = ?"
    for one in again:
        values = (one.sealed, one.owner, one.owner_id, one.backend)
        db.execute(f"UPDATE credentials SET sealed = ? {where}", values)  # noqa: S608 - ours
    for one in lost:
        db.execute(f"DELETE FROM credentials {where}", (one.owner, one.owner_id, one.backend))  # noqa: S608 - ours
    blocked = "SELECT DISTINCT user_id FROM blocks WHERE user_id IS NOT NULL"
    for (user_id,) in db.execute(blocked).fetchall():
        db.execute("UPDATE blocks SET mark = ? WHERE user_id = ?", (mark(user_id), user_id))
    spent = (
        "SELECT spending.request_id, requests.user_id FROM spending "
        "JOIN requests ON requests.id = spending.request_id"
    )
    for request_id, user_id in db.execute(spent).fetchall():
        values = (mark(user_id), request_id)
        db.execute("UPDATE spending SET mark = ? WHERE request_id = ?", values)
    return db.execute("SELECT 1 FROM blocks WHERE user_id IS NULL LIMIT 1").fetchone() is None
