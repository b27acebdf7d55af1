"""Converts rows to records, and references of messages to rows."""

import logging
import sqlite3
import unicodedata
from functools import lru_cache
from typing import Any

from bot.domain.capabilities import PriceUnit
from bot.domain.records import MessageAccess, MessagePart, MessageRef, Payer, Record
from bot.domain.requests import REQUEST, AlchemyRequest, ImageRequest, Request
from bot.domain.results import OPEN, Phase, Status
from bot.domain.well_formed import well_formed
from bot.i18n import language_of
from bot.storage.database import Row

log = logging.getLogger(__name__)
# For SQL: the phases of an open request. They come from the enum, not from outside.
OPEN_PHASES = "('" + "','".join(sorted(OPEN)) + "')"
_PLAIN = (
    *("id", "interaction_id", "backend", "remote_id", "user_id", "guild_id", "channel_id"),
    *("attempts", "resends", "created_at", "sent_at", "cancel_at"),
    *("outcome_at", "closed_at", "parent"),
)
MessagesByRequest = dict[int, tuple[MessageRef, ...]]


def record_from_row(row: Row, messages: tuple[MessageRef, ...]) -> Record:
    """The record of a row, with its messages."""
    return Record(
        **{name: row[name] for name in _PLAIN},
        messages=tuple(ref for ref in messages if ref.part is MessagePart.CARD),
        others=tuple(ref for ref in messages if ref.part is not MessagePart.CARD),
        payer=Payer(row["payer"]),
        request=_request(row["request"]),
        phase=Phase(row["phase"]),
        status=Status.model_validate_json(row["status"]) if row["status"] else None,
        acked=bool(row["acked"]),
        language=language_of(row["language"]),
        unit=PriceUnit(row["unit"]),
    )


def readable(row: Row, messages: tuple[MessageRef, ...]) -> Record | None:
    """The same; None if another version stored something that this one cannot read."""
    try:
        return record_from_row(row, messages)
    except ValueError as error:  # its text would quote the prompt
        log.error("#%d cannot be read by this version: %s", row["id"], type(error).__name__)  # noqa: TRY400
        return None


@lru_cache(maxsize=256)  # the same few rows are read repeatedly while their requests are open
def _request(text: str) -> Request:
    return REQUEST.validate_json(text)


def message_of(row: Row) -> MessageRef:
    """The message of a row."""
    return MessageRef(
        channel_id=row["channel_id"],
        message_id=row["message_id"],
        token=row["token"],
        token_expires_at=row["token_expires_at"],
        ephemeral=bool(row["ephemeral"]),
        reach=MessageAccess(row["reach"]),
        upload_limit=row["upload_limit"],
        part=MessagePart(row["part"]),
    )


def message_values(ref: MessageRef) -> tuple[Any, ...]:
    """The columns of a message, in the order of the table."""
    return (
        ref.channel_id,
        ref.message_id,
        ref.token,
        ref.token_expires_at,
        int(ref.ephemeral),
        ref.reach,
        ref.upload_limit,
        ref.part,
    )


def column(value: Any) -> Any:
    """A value in the type of its column."""
    return value.model_dump_json() if hasattr(value, "model_dump_json") else value


def searchable(request: Request) -> str:
    """Its prompt, its models and style, its forms; folded."""
    match request:
        case ImageRequest():
            parts = (request.prompt, request.style, *request.models)
        case AlchemyRequest():
            parts = (request.source.filename, *request.forms)
        case _:
            parts = (request.prompt, *request.models)
    return search_words(" ".join(parts))


def search_words(text: str) -> str:
    """The text as searches compare it: without case, in one form of each character."""
    plain = unicodedata.normalize("NFKC", well_formed(text))
    return " ".join(plain.casefold().split())


def messages_by_request(db: sqlite3.Connection, ids: list[int]) -> MessagesByRequest:
    """The messages of those requests, oldest first."""
    found: MessagesByRequest = {}
    for start in range(0, len(ids), 500):  # SQLite limits the number of values
        part = ids[start : start + 500]
        marks = ",".join("?" * len(part))
        sql = f"SELECT * FROM messages WHERE request_id IN ({marks}) ORDER BY request_id, seq"  # noqa: S608 - marks
        for row in db.execute(sql, part):
            found[row["request_id"]] = (*found.get(row["request_id"], ()), message_of(row))
    return found
