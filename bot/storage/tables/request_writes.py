"""The statements that write a request, each run inside one transaction."""

import sqlite3
from typing import Any

from bot.domain.kudos.budgets import Claim
from bot.domain.records import MessageRef
from bot.domain.requests.chat_turn import ChatTurn
from bot.storage.database import Row
from bot.storage.tables.chat_tables.turn_writes import begin_turn, end_turn
from bot.storage.tables.rows import OPEN_PHASES, message_of, message_values
from bot.storage.tables.spending import release, reserve, reserve_resend, settle

Found = tuple[Row, tuple[MessageRef, ...]]
_MESSAGE = "INSERT INTO messages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def insert(
    db: sqlite3.Connection,
    values: tuple[Any, ...],
    message: MessageRef,
    words: str,
    claim: Claim | None,
    turn: ChatTurn | None = None,
) -> Row | None:
    """Insert the row with its message; None when that interaction has one already.

    `turn`: the turn of a conversation that the request is.
    """
    row: Row | None = db.execute(
        "INSERT INTO requests (interaction_id, backend, user_id, guild_id, channel_id, "
        "payer, kind, request, phase, created_at, parent, status, language, unit) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?) "
        "ON CONFLICT (interaction_id) DO NOTHING RETURNING *",
        values,
    ).fetchone()
    if row is not None:
        db.execute(_MESSAGE, (row["id"], 0, *message_values(message)))
        mine = (row["user_id"], row["id"], row["kind"], words)
        db.execute("INSERT INTO history VALUES (?, ?, ?, ?)", mine)
        if claim is not None:
            reserve(db, row["id"], claim)
    return begin_turn(db, row, turn) if row is not None and turn is not None else row


def update(
    db: sqlite3.Connection, sql: str, values: dict[str, Any], *, resent: bool
) -> Found | None:
    """Run that UPDATE, and settle or renew the reserved price; None when no row fits it."""
    row = db.execute(sql, values).fetchone()
    if resent:
        reserve_resend(db, row)
    settle(db, row)
    return _whole(db, end_turn(db, row))


def pass_on(
    db: sqlite3.Connection, record_id: int, payer: str, status: str, claim: Claim | None
) -> Found | None:
    """Queue a request for another payer, with that payer's reservation instead of the old one.

    None when the request ended or was submitted before. Raises NoRoom as `reserve` does.
    """
    row = db.execute(
        "UPDATE requests SET payer = ?, status = ?, phase = 'queued', attempts = 0 WHERE id = ? "
        "AND phase IN ('queued', 'sending') AND outcome_at IS NULL AND remote_id IS NULL "
        "AND resends = 0 RETURNING *",
        (payer, status, record_id),
    ).fetchone()
    if row is not None:
        release(db, record_id)
        if claim is not None:
            reserve(db, record_id, claim)
    return _whole(db, row)


def move(
    db: sqlite3.Connection, old: tuple[Any, ...], new: tuple[Any, ...], claim: Claim | None
) -> Found | None:
    """Queue a request at another backend, with the reservation of its payer there.

    `old`: its id, backend, id at that backend and resends, unchanged since. None when the request
    ended, was cancelled or was changed. Raises NoRoom as `reserve` does.
    """
    row = db.execute(
        "UPDATE requests SET backend = ?, unit = ?, payer = ?, request = ?, status = ?, "
        "phase = 'queued', remote_id = NULL, sent_at = NULL, attempts = 0 WHERE id = ? "
        "AND backend = ? AND remote_id IS ? AND resends = ? "
        "AND phase IN ('queued', 'sending', 'waiting') "
        "AND outcome_at IS NULL AND cancel_at IS NULL RETURNING *",
        (*new, *old),
    ).fetchone()
    if row is not None:
        release(db, row["id"])
        if claim is not None:
            reserve(db, row["id"], claim)
    return _whole(db, row)


def ack(db: sqlite3.Connection, record_id: int, message_id: int) -> Found | None:
    """Store the id of the first card, and that Discord accepted it; None when the request ended."""
    db.execute(
        "UPDATE messages SET message_id = ? WHERE request_id = ? AND seq = 0",
        (message_id, record_id),
    )
    sql = f"UPDATE requests SET acked = 1 WHERE id = ? AND phase IN {OPEN_PHASES} RETURNING *"  # noqa: S608 - our own words
    return _whole(db, db.execute(sql, (record_id,)).fetchone())


def _whole(db: sqlite3.Connection, row: Row | None) -> Found | None:
    """A row with its messages."""
    if row is None:
        return None
    sql = "SELECT * FROM messages WHERE request_id = ? ORDER BY seq"
    return row, tuple(message_of(found) for found in db.execute(sql, (row["id"],)).fetchall())
