"""Conversations. Nothing is read at start: one indexed query finds that of a channel."""

import json
import sqlite3
from collections.abc import Sequence
from typing import Any

from bot.domain.chat.conversations import ChatMessage, ChatSettings, Conversation
from bot.storage.database import Database, Row
from bot.storage.tables.chat_tables.message_rows import add_message


class ConversationRepository:
    """The table conversations. One place has at most one open conversation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, conversation: Conversation, first: Sequence[ChatMessage], most: int
    ) -> Conversation | None:
        """Store a new conversation with its first messages, of which the first one is shown.

        Each has the parent 0, so that the others are its swipes. None when its owner has `most`
        open ones, or its channel has one.
        """
        return await self._database.write_together(lambda db: _add(db, conversation, first, most))

    async def add_copy(
        self, conversation: Conversation, path: Sequence[ChatMessage], most: int
    ) -> Conversation | None:
        """Store a new conversation with a copy of these messages, each after the one before it.

        None as of `add`. A summary of a message that is not among them is left out.
        """
        return await self._database.write_together(
            lambda db: _add_copy(db, conversation, path, most)
        )

    async def get(self, conversation_id: int) -> Conversation | None:
        """That conversation, open or closed."""
        return await self._one("WHERE id = ?", (conversation_id,))

    async def open_in(self, channel_id: int) -> Conversation | None:
        """The open conversation of that channel."""
        return await self._one("WHERE channel_id = ? AND closed_at IS NULL", (channel_id,))

    async def of_owner(self, owner_id: int) -> tuple[Conversation, ...]:
        """The conversations that a member began, the newest first."""
        rows = await self._database.read(
            "SELECT * FROM conversations WHERE owner_id = ? ORDER BY id DESC", (owner_id,)
        )
        return tuple(map(_conversation, rows))

    async def count_open(self, owner_id: int) -> int:
        """How many open conversations a member began."""
        rows = await self._database.read(
            "SELECT count(*) AS n FROM conversations WHERE owner_id = ? AND closed_at IS NULL",
            (owner_id,),
        )
        return int(rows[0]["n"])

    async def close(self, conversation_id: int, now: float) -> bool:
        """Close it. False when it was closed before."""
        return await self._change("closed_at = ? WHERE closed_at IS NULL AND", now, conversation_id)

    async def put_settings(self, conversation_id: int, settings: ChatSettings) -> bool:
        """Replace its settings. False when it is not stored."""
        return await self._change("settings = ? WHERE", settings.model_dump_json(), conversation_id)

    async def put_cast(self, conversation_id: int, cast: Sequence[int]) -> bool:
        """Replace its characters. False when it is not stored."""
        return await self._change("cast_ids = ? WHERE", json.dumps(list(cast)), conversation_id)

    async def put_summary(self, conversation_id: int, summary: str) -> bool:
        """Replace the text of its summary. False when it is not stored."""
        return await self._change("summary = ? WHERE", summary, conversation_id)

    async def put_leaf(self, conversation_id: int, leaf: int) -> bool:
        """Show another branch. False while a turn runs."""
        rows = await self._database.write(
            "UPDATE conversations SET leaf = :leaf WHERE id = :id AND NOT EXISTS (SELECT 1 FROM "
            "chat_messages WHERE conversation_id = :id AND state = 'pending') RETURNING 1",
            {"leaf": leaf, "id": conversation_id},
        )
        return bool(rows)

    async def delete(self, conversation_id: int) -> bool:
        """Delete it with its messages. False when it is not stored."""
        rows = await self._database.write(
            "DELETE FROM conversations WHERE id = ? RETURNING 1", (conversation_id,)
        )
        return bool(rows)

    async def forget_before(self, then: float) -> None:
        """Delete conversations that ended before that time."""
        await self._database.write("DELETE FROM conversations WHERE closed_at < ?", (then,))

    async def _change(self, change: str, value: Any, conversation_id: int) -> bool:
        sql = f"UPDATE conversations SET {change} id = ? RETURNING 1"  # noqa: S608 - ours
        return bool(await self._database.write(sql, (value, conversation_id)))

    async def _one(self, where: str, values: tuple[Any, ...]) -> Conversation | None:
        rows = await self._database.read(f"SELECT * FROM conversations {where}", values)  # noqa: S608 - ours
        return _conversation(rows[0]) if rows else None


def _add(
    db: sqlite3.Connection, conversation: Conversation, first: Sequence[ChatMessage], most: int
) -> Conversation | None:
    row = _insert(db, conversation, most)
    if row is None:
        return None
    ids = [add_message(db, row["id"], 0, message) for message in first]
    return _with_leaf(db, row["id"], ids[0] if ids else 0)


def _add_copy(
    db: sqlite3.Connection, conversation: Conversation, path: Sequence[ChatMessage], most: int
) -> Conversation | None:
    row = _insert(db, conversation, most)
    if row is None:
        return None
    copies, leaf = dict[int, int](), 0
    for message in path:
        leaf = copies[message.id] = add_message(db, row["id"], leaf, message)
    summarized = copies.get(conversation.summarized, 0)
    db.execute(
        "UPDATE conversations SET summary = ?, summarized = ? WHERE id = ?",
        (conversation.summary if summarized else "", summarized, row["id"]),
    )
    return _with_leaf(db, row["id"], leaf)


def _insert(db: sqlite3.Connection, new: Conversation, most: int) -> Row | None:
    row: Row | None = db.execute(
        "INSERT INTO conversations (guild_id, channel_id, owner_id, cast_ids, settings, created_at)"
        " SELECT :guild, :channel, :owner, :cast, :settings, :now WHERE (SELECT count(*) FROM "
        "conversations WHERE owner_id = :owner AND closed_at IS NULL) < :most AND NOT EXISTS "
        "(SELECT 1 FROM conversations WHERE channel_id = :channel AND closed_at IS NULL) "
        "RETURNING *",
        {
            "guild": new.guild_id,
            "channel": new.channel_id,
            "owner": new.owner_id,
            "cast": json.dumps(new.cast),
            "settings": new.settings.model_dump_json(),
            "now": new.created_at,
            "most": most,
        },
    ).fetchone()
    return row


def _with_leaf(db: sqlite3.Connection, conversation_id: int, leaf: int) -> Conversation:
    sql = "UPDATE conversations SET leaf = ? WHERE id = ? RETURNING *"
    return _conversation(db.execute(sql, (leaf, conversation_id)).fetchone())


def _conversation(row: Row) -> Conversation:
    return Conversation(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        owner_id=row["owner_id"],
        cast=tuple(json.loads(row["cast_ids"])),
        leaf=row["leaf"],
        settings=ChatSettings.model_validate_json(row["settings"]),
        created_at=row["created_at"],
        closed_at=row["closed_at"],
        summary=row["summary"],
        summarized=row["summarized"],
    )
