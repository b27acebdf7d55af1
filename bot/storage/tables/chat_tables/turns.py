"""Turns: lines that wait for one, and what its beginning and its end change.

A line waits from its arrival until the request that answers it is stored, in one transaction with
the message that the request writes. The outcome of the request and the end of that message are one
transaction, too. So the process can be killed at any time, and a line gets one answer.
"""

import sqlite3
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from bot.domain.chat.conversations import ChatMessage
from bot.domain.records import Origin
from bot.storage.database import Database
from bot.storage.tables.chat_tables.message_rows import add_message

_ORIGIN = TypeAdapter(Origin)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """The newest line that no turn answers yet."""

    conversation: int
    message: int
    origin: Origin


class TurnRepository:
    """The table waiting_lines, and the lines of members in chat_messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_line(self, line: ChatMessage, origin: Origin, most: int) -> int | None:
        """Store the line of a member as the last message; it waits for a turn. Returns its id.

        None when that message of Discord is stored already; 0 when the conversation has `most`
        messages or is closed.
        """
        return await self._database.write_together(lambda db: _add_line(db, line, origin, most))

    async def waiting(self, conversation_id: int) -> WaitingLine | None:
        """The newest line that waits for a turn, while none runs in the conversation."""
        rows = await self._database.read(
            "SELECT * FROM waiting_lines w WHERE conversation_id = ? AND NOT EXISTS (SELECT 1 FROM "
            "chat_messages m WHERE m.conversation_id = w.conversation_id AND state = 'pending')",
            (conversation_id,),
        )
        if not rows:
            return None
        origin = _ORIGIN.validate_json(rows[0]["origin"])
        return WaitingLine(rows[0]["conversation_id"], rows[0]["message_id"], origin)

    async def all_waiting(self) -> list[int]:
        """The conversations with lines that wait while no turn runs."""
        rows = await self._database.read(
            "SELECT conversation_id FROM waiting_lines w WHERE NOT EXISTS (SELECT 1 FROM "
            "chat_messages m WHERE m.conversation_id = w.conversation_id AND state = 'pending')"
        )
        return [row["conversation_id"] for row in rows]

    async def drop_waiting(self, line: WaitingLine) -> None:
        """Let that line have no answer; a newer one still waits."""
        await self._database.write(
            "DELETE FROM waiting_lines WHERE conversation_id = ? AND message_id = ?",
            (line.conversation, line.message),
        )

    async def take_back(self, line_id: int) -> None:
        """Delete a line whose turn was refused, if nothing follows it."""
        await self._database.write_together(lambda db: _take_back(db, line_id))


def origin_json(origin: Origin) -> str:
    """An origin as JSON, without the token of its interaction."""
    return _ORIGIN.dump_json(without_token(origin)).decode()


def origin_of_json(text: str) -> Origin:
    """The origin of that JSON. Raises ValueError."""
    return _ORIGIN.validate_json(text)


def without_token(origin: Origin) -> Origin:
    """The same place, reached as the bot alone."""
    message = replace(origin.message, token="", token_expires_at=0.0, ephemeral=False, message_id=0)
    return replace(origin, message=message)


def _add_line(db: sqlite3.Connection, line: ChatMessage, origin: Origin, most: int) -> int | None:
    known = "SELECT 1 FROM chat_messages WHERE discord_id = ? AND discord_id <> 0 AND side = ?"
    if db.execute(known, (line.discord_id, line.side)).fetchone():
        return None
    sql = (
        "SELECT leaf FROM conversations WHERE id = :id AND closed_at IS NULL AND "
        "(SELECT count(*) FROM chat_messages WHERE conversation_id = :id) < :most"
    )
    row = db.execute(sql, {"id": line.conversation, "most": most}).fetchone()
    if row is None:
        return 0
    line_id = add_message(db, line.conversation, row["leaf"], line)
    db.execute("UPDATE conversations SET leaf = ? WHERE id = ?", (line_id, line.conversation))
    db.execute(
        "INSERT OR REPLACE INTO waiting_lines VALUES (?, ?, ?)",
        (line.conversation, line_id, origin_json(origin)),
    )
    return line_id


def _take_back(db: sqlite3.Connection, line_id: int) -> None:
    row = db.execute(
        "DELETE FROM chat_messages WHERE id = :id AND side = 'member' AND NOT EXISTS (SELECT 1 "
        "FROM chat_messages later WHERE later.conversation_id = chat_messages.conversation_id "
        "AND later.parent = :id) RETURNING conversation_id, parent",
        {"id": line_id},
    ).fetchone()
    db.execute("DELETE FROM waiting_lines WHERE message_id = ?", (line_id,))
    if row is not None:
        db.execute(
            "UPDATE conversations SET leaf = ? WHERE id = ? AND leaf = ?",
            (row["parent"], row["conversation_id"], line_id),
        )
