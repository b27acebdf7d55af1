"""Rows of messages, and the statements on their tree that several repositories use."""

import sqlite3

from bot.domain.chat.conversations import ChatMessage, MessageState, Side
from bot.storage.database import Row

# The messages from that one up to the first one of its branch.
PATH = """
    WITH RECURSIVE above (id, parent, depth) AS (
        SELECT id, parent, 0 FROM chat_messages WHERE id = :leaf
        UNION ALL
        SELECT m.id, m.parent, depth + 1 FROM above JOIN chat_messages m ON m.id = above.parent
        WHERE depth < :most
    )
"""
# That message and all that follow it.
BRANCH = """
    WITH RECURSIVE branch (id) AS (
        SELECT :root UNION ALL
        SELECT m.id FROM branch JOIN chat_messages m
        ON m.conversation_id = :conversation AND m.parent = branch.id
    )
"""


def add_message(
    db: sqlite3.Connection, conversation_id: int, parent: int, message: ChatMessage
) -> int:
    """Insert a message with the other fields of `message`. Returns its id."""
    row = db.execute(
        "INSERT INTO chat_messages (conversation_id, parent, side, author, name, text, thoughts, "
        "state, record_id, discord_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "RETURNING id",
        (
            *(conversation_id, parent, message.side, message.author, message.name, message.text),
            *(message.thoughts, message.state, message.record_id, message.discord_id),
            message.created_at,
        ),
    ).fetchone()
    return int(row["id"])


def newest_leaf(db: sqlite3.Connection, conversation_id: int, message_id: int) -> int:
    """The end of the branch under that message that was continued last."""
    sql = (
        "SELECT max(id) AS id FROM chat_messages WHERE conversation_id = ? AND parent = ? "
        "AND state <> 'failed'"
    )
    while (below := db.execute(sql, (conversation_id, message_id)).fetchone()["id"]) is not None:
        message_id = below
    return message_id


def chat_message(row: Row) -> ChatMessage:
    """The message of a row."""
    return ChatMessage(
        id=row["id"],
        conversation=row["conversation_id"],
        parent=row["parent"],
        side=Side(row["side"]),
        author=row["author"],
        name=row["name"],
        text=row["text"],
        created_at=row["created_at"],
        state=MessageState(row["state"]),
        record_id=row["record_id"],
        discord_id=row["discord_id"],
        thoughts=row["thoughts"],
    )
