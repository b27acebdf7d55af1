"""What the transactions of requests change in conversations: the beginning and end of a turn."""

import json
import sqlite3

from bot.domain.chat.conversations import ChatMessage, MessageState, Side
from bot.domain.requests import REQUEST, Request, TextRequest
from bot.domain.requests.chat_turn import ChatTurn
from bot.domain.results import Status
from bot.storage.database import Row
from bot.storage.tables.chat_tables.message_rows import PATH, add_message

LATE_MAX = 100  # lines that come while the prompt of a turn is made


def stored_turn_of(request: Request) -> ChatTurn | None:
    """The turn that a request is."""
    return request.chat if isinstance(request, TextRequest) else None


def begin_turn(db: sqlite3.Connection, row: Row, turn: ChatTurn) -> Row:
    """Add the message that the new request of `row` writes. Returns the row with its id.

    Its line and the older ones wait no longer. SQLite refuses a second turn at the same time.
    """
    if not turn.is_message:
        return row
    answer = add_message(db, turn.conversation, turn.parent, _pending(row, turn))
    _follow(db, turn, answer)
    db.execute(
        "DELETE FROM waiting_lines WHERE conversation_id = ? AND message_id <= ?",
        (turn.conversation, turn.before),
    )
    sql = "UPDATE requests SET request = json_set(request, '$.chat.answer', ?) WHERE id = ?"
    found: Row = db.execute(f"{sql} RETURNING *", (answer, row["id"])).fetchone()
    return found


def _follow(db: sqlite3.Connection, turn: ChatTurn, answer: int) -> None:
    """Show the answer. A line that came while its prompt was made follows it, and waits."""
    sql = "SELECT leaf FROM conversations WHERE id = ?"
    shown = db.execute(sql, (turn.conversation,)).fetchone()
    if shown is None or shown["leaf"] == turn.before:
        db.execute("UPDATE conversations SET leaf = ? WHERE id = ?", (answer, turn.conversation))
        return
    db.execute(
        f"{PATH} UPDATE chat_messages SET parent = :answer WHERE parent = :before "  # noqa: S608 - ours
        "AND side = 'member' AND id IN (SELECT id FROM above)",
        {"leaf": shown["leaf"], "most": LATE_MAX, "answer": answer, "before": turn.before},
    )


def _pending(row: Row, turn: ChatTurn) -> ChatMessage:
    return ChatMessage(
        id=0,
        conversation=turn.conversation,
        parent=turn.parent,
        side=Side.CHARACTER,
        author=turn.character,
        name=turn.name,
        text=turn.continued,
        created_at=row["created_at"],
        state=MessageState.PENDING,
        record_id=row["id"],
    )


def end_turn(db: sqlite3.Connection, row: Row | None) -> Row | None:
    """Store the text of a request that has ended in its conversation, and remove its prompt.

    Once: repeated, or for another request, it changes nothing. Returns the changed row.
    """
    if row is None or row["kind"] != "text":
        return row
    if row["outcome_at"] is None and row["closed_at"] is None:
        return row
    turn = stored_turn_of(REQUEST.validate_json(row["request"]))
    if turn is None or not turn.messages:
        return row
    status = Status.model_validate_json(row["status"]) if row["status"] else None
    if turn.is_message:
        _end_message(db, row["id"], turn, status)
    elif turn.action == "summary":
        _put_summary(db, turn, status)
    sql = "UPDATE requests SET request = json_set(request, '$.chat.messages', json(?)) WHERE id = ?"
    found: Row = db.execute(f"{sql} RETURNING *", (json.dumps([]), row["id"])).fetchone()
    return found


def _end_message(
    db: sqlite3.Connection, record_id: int, turn: ChatTurn, status: Status | None
) -> None:
    texts = [text for text in status.texts if text.arrived] if status else []
    if texts:
        db.execute(
            "UPDATE chat_messages SET text = ?, thoughts = ?, state = 'done' "
            "WHERE record_id = ? AND state = 'pending'",
            (turn.continued + texts[0].text, texts[0].thinking, record_id),
        )
        return
    row = db.execute(
        "UPDATE chat_messages SET state = 'failed' WHERE record_id = ? AND state = 'pending' "
        "RETURNING id",
        (record_id,),
    ).fetchone()
    if row is not None:
        moved = (turn.before, turn.conversation, row["id"])
        db.execute(
            "UPDATE chat_messages SET parent = ? WHERE conversation_id = ? AND parent = ?", moved
        )
        db.execute("UPDATE conversations SET leaf = ? WHERE id = ? AND leaf = ?", moved)


def _put_summary(db: sqlite3.Connection, turn: ChatTurn, status: Status | None) -> None:
    texts = [text.text for text in status.texts if text.arrived] if status else []
    if texts:
        db.execute(
            "UPDATE conversations SET summary = ?, summarized = ? WHERE id = ? AND summarized < ?",
            (texts[0].strip(), turn.parent, turn.conversation, turn.parent),
        )
