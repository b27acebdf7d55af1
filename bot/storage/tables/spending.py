"""Amounts spent from servers' keys, in the unit of their backend.

Reserved and settled by the transactions that change the request.
"""

import sqlite3
from collections.abc import Sequence

from bot.domain.capabilities import PriceUnit
from bot.domain.kudos.budgets import Claim, Room, Spent, spent_on
from bot.domain.requests import REQUEST
from bot.domain.results import Status
from bot.storage.database import Database, Row

KEEP_DAYS = 7  # of past days; only the present day counts


class NoRoom(Exception):
    """A request exceeds a budget. Undoes the transaction that would have stored it."""

    def __init__(self, room: Room) -> None:
        super().__init__(room.bound)
        self.room = room


class SpendingRepository:
    """The table spending."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def spent(self, guild_id: int, backend: str, marks: Sequence[str], day: int) -> Spent:
        """What a server's key paid at that backend on that day, and the part of the user with those
        marks.
        """
        return await self._database.read_together(
            lambda db: _spent(db, guild_id, backend, marks, day)
        )

    async def forget_old(self, today: int) -> None:
        """Delete days that do not count any more."""
        await self._database.write("DELETE FROM spending WHERE day < ?", (today - KEEP_DAYS,))


def reserve(db: sqlite3.Connection, request_id: int, claim: Claim) -> None:
    """Reserve the price of a new request, in its transaction. Raises NoRoom when it exceeds the
    budget.
    """
    spent = _spent(db, claim.guild_id, claim.backend, claim.marks, claim.day)
    bound = claim.passes(spent)
    if bound is not None:
        raise NoRoom(claim.room(bound, spent))
    db.execute(
        "INSERT INTO spending (request_id, guild_id, backend, mark, day, kudos) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (request_id, claim.guild_id, claim.backend, claim.marks[0], claim.day, claim.price),
    )


def release(db: sqlite3.Connection, request_id: int) -> None:
    """Delete the reservation of a request that another key will pay, in its transaction."""
    db.execute("DELETE FROM spending WHERE request_id = ?", (request_id,))


def reserve_resend(db: sqlite3.Connection, row: Row | None) -> None:
    """Reserve the estimate once more for a repeated submit, in its transaction.

    The backend may have charged the earlier submit although it does not know it any more.
    """
    if row is not None and row["resends"] > 0:
        db.execute(
            "UPDATE spending SET kudos = kudos * (:n + 1) / :n "
            "WHERE request_id = :id AND settled = 0",
            {"n": float(row["resends"]), "id": row["id"]},
        )


def settle(db: sqlite3.Connection, row: Row | None) -> None:
    """Replace the estimate of the last submit by its cost, in the transaction of the outcome. Once.

    The estimates of earlier submits stay.
    """
    if row is None or (row["outcome_at"] is None and row["closed_at"] is None):
        return
    if row["payer"] != "guild":
        return
    status = Status.model_validate_json(row["status"]) if row["status"] else None
    sent = row["remote_id"] is not None or row["resends"] > 0
    request, unit = REQUEST.validate_json(row["request"]), PriceUnit(row["unit"])
    cost = spent_on(request, status, sent=sent, unit=unit)
    # A running job is charged later: the estimate stays if it is higher.
    unknown = status is not None and (status.begun or status.processing > 0)
    db.execute(
        "UPDATE spending SET settled = 1, "
        "kudos = max(kudos * :least / (:n + 1), :cost) + kudos * :n / (:n + 1) "
        "WHERE request_id = :id AND settled = 0",
        {"least": float(unknown), "n": float(row["resends"]), "cost": cost, "id": row["id"]},
    )


def _spent(
    db: sqlite3.Connection, guild_id: int, backend: str, marks: Sequence[str], day: int
) -> Spent:
    wanted = ",".join("?" * len(marks))
    person = f"total(CASE WHEN mark IN ({wanted}) THEN kudos END)"
    row = db.execute(
        f"SELECT total(kudos) AS server, {person} AS person FROM spending "  # noqa: S608 - marks
        "WHERE guild_id = ? AND backend = ? AND day = ?",
        (*marks, guild_id, backend, day),
    ).fetchone()
    return Spent(server=row["server"], person=row["person"])
