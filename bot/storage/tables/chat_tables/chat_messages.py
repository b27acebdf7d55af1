"""Messages of conversations: a tree, in which swipes have the same parent."""

import sqlite3
from typing import Any

from bot.domain.chat.conversations import ChatMessage, Side
from bot.storage.database import Database
from bot.storage.tables.chat_tables.message_rows import (
    BRANCH,
    PATH,
    add_message,
    chat_message,
    newest_leaf,
)


class ChatMessageRepository:
    """The table chat_messages."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, message_id: int) -> ChatMessage | None:
        """That message."""
        return await self._one("WHERE id = ?", (message_id,))

    async def of_record(self, record_id: int) -> ChatMessage | None:
        """The message that a request writes or wrote."""
        return await self._one("WHERE record_id = ? AND record_id <> 0", (record_id,))

    async def on_discord(self, discord_id: int) -> ChatMessage | None:
        """The message that a message on Discord shows: of its swipes the one shown last."""
        where = "WHERE discord_id = ? AND discord_id <> 0 ORDER BY id DESC LIMIT 1"
        return await self._one(where, (discord_id,))

    async def running(self, conversation_id: int) -> ChatMessage | None:
        """The message that a turn of the conversation writes now."""
        return await self._one(
            "WHERE conversation_id = ? AND state = 'pending'", (conversation_id,)
        )

    async def path(self, leaf: int, most: int) -> tuple[ChatMessage, ...]:
        """The written messages that lead to that one, at most so many of the newest."""
        rows = await self._database.read(
            f"{PATH} SELECT m.* FROM above JOIN chat_messages m ON m.id = above.id "  # noqa: S608 - ours
            "WHERE m.state = 'done' ORDER BY above.depth DESC",
            {"leaf": leaf, "most": most - 1},
        )
        return tuple(map(chat_message, rows))

    async def swipes(self, message: ChatMessage) -> tuple[ChatMessage, ...]:
        """The messages with the same parent and side, but for failed ones, the oldest first."""
        rows = await self._database.read(
            "SELECT * FROM chat_messages WHERE conversation_id = ? AND parent = ? AND side = ? "
            "AND state <> 'failed' ORDER BY id",
            (message.conversation, message.parent, message.side),
        )
        return tuple(map(chat_message, rows))

    async def has_following(self, message: ChatMessage) -> bool:
        """Whether another message follows that one."""
        rows = await self._database.read(
            "SELECT 1 FROM chat_messages WHERE conversation_id = ? AND parent = ? "
            "AND state <> 'failed' LIMIT 1",
            (message.conversation, message.id),
        )
        return bool(rows)

    async def newest_leaf(self, message: ChatMessage) -> int:
        """The end of the branch under that message that was continued last."""
        return await self._database.read_together(
            lambda db: newest_leaf(db, message.conversation, message.id)
        )

    async def all_of(self, conversation_id: int) -> tuple[ChatMessage, ...]:
        """All messages of the conversation, for its export."""
        rows = await self._database.read(
            "SELECT * FROM chat_messages WHERE conversation_id = ? ORDER BY id", (conversation_id,)
        )
        return tuple(map(chat_message, rows))

    async def count(self, conversation_id: int) -> int:
        """How many messages the conversation has."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM chat_messages WHERE conversation_id = ?", (conversation_id,)
        )
        return int(rows[0]["n"])

    async def add_swipe(self, swipe: ChatMessage) -> ChatMessage | None:
        """Store another text for a message and show it. None while a turn runs.

        `swipe`: with the conversation, the parent and the place on Discord of its siblings.
        """
        found = await self._database.write_together(lambda db: _add_swipe(db, swipe))
        return await self.get(found) if found else None

    async def put_on_discord(self, message_id: int, discord_id: int) -> None:
        """That message on Discord shows it from now on."""
        await self._database.write(
            "UPDATE chat_messages SET discord_id = ? WHERE id = ?", (discord_id, message_id)
        )

    async def delete_branch(self, message: ChatMessage) -> int | None:
        """Delete the message and all that follow it. Returns the new last one, None while a turn
        runs.
        """
        return await self._database.write_together(lambda db: _delete_branch(db, message))

    async def _one(self, where: str, values: tuple[Any, ...]) -> ChatMessage | None:
        rows = await self._database.read(f"SELECT * FROM chat_messages {where}", values)  # noqa: S608 - ours
        return chat_message(rows[0]) if rows else None


def _runs(db: sqlite3.Connection, conversation_id: int) -> bool:
    sql = "SELECT 1 FROM chat_messages WHERE conversation_id = ? AND state = 'pending'"
    return db.execute(sql, (conversation_id,)).fetchone() is not None


def _put_leaf(db: sqlite3.Connection, conversation_id: int, leaf: int) -> int:
    db.execute("UPDATE conversations SET leaf = ? WHERE id = ?", (leaf, conversation_id))
    return leaf


def _add_swipe(db: sqlite3.Connection, swipe: ChatMessage) -> int:
    if _runs(db, swipe.conversation):
        return 0
    return _put_leaf(
        db, swipe.conversation, add_message(db, swipe.conversation, swipe.parent, swipe)
    )


def _delete_branch(db: sqlite3.Connection, message: ChatMessage) -> int | None:
    if _runs(db, message.conversation):
        return None
    bound = {"root": message.id, "conversation": message.conversation}
    shown = db.execute("SELECT leaf FROM conversations WHERE id = :conversation", bound).fetchone()
    gone = {row["id"] for row in db.execute(f"{BRANCH} SELECT id FROM branch", bound)}  # noqa: S608 - ours
    db.execute(f"{BRANCH} DELETE FROM chat_messages WHERE id IN (SELECT id FROM branch)", bound)  # noqa: S608 - ours
    db.execute(
        "DELETE FROM waiting_lines WHERE conversation_id = :conversation AND message_id NOT IN "
        "(SELECT id FROM chat_messages WHERE conversation_id = :conversation)",
        bound,
    )
    if shown is None or shown["leaf"] not in gone:
        return shown["leaf"] if shown else 0
    return _put_leaf(db, message.conversation, _leaf_beside(db, message))


def _leaf_beside(db: sqlite3.Connection, message: ChatMessage) -> int:
    """The end of the branch of the nearest swipe; without one the message before."""
    row = db.execute(
        "SELECT id FROM chat_messages WHERE conversation_id = ? AND parent = ? AND side = ? "
        "AND state = 'done' ORDER BY abs(id - ?) LIMIT 1",
        (message.conversation, message.parent, Side(message.side), message.id),
    ).fetchone()
    return newest_leaf(db, message.conversation, row["id"]) if row else message.parent
