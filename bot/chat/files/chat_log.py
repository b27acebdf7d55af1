"""Conversations as files: SillyTavern's JSONL with swipes, and plain text."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.chat.files.json_input import Json
from bot.domain.chat.conversations import ChatMessage, MessageState, Side


@dataclass(frozen=True, slots=True)
class LogLine:
    """A message with its swipes. `shown`: index of the text that is shown. `sent_at`: UTC seconds.

    `thoughts`: the reasoning of the shown text.
    """

    side: Side
    name: str
    texts: tuple[str, ...]
    shown: int = 0
    sent_at: float = 0.0
    thoughts: str = ""

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self.texts[self.shown]


@dataclass(frozen=True, slots=True)
class ChatLog:
    """A conversation. `member`, `character`: names of the two sides in the head of the file.

    `skipped`: messages of an imported file that no prompt contains.
    """

    member: str
    character: str
    lines: tuple[LogLine, ...]
    skipped: int = 0


def log_of(messages: Sequence[ChatMessage], leaf: int, *, member: str, character: str) -> ChatLog:
    """The branch of a conversation that ends at the message `leaf`, with all swipes on it."""
    by_id = {message.id: message for message in messages}
    children: dict[int, list[ChatMessage]] = {}
    for message in messages:
        if message.state is MessageState.DONE:
            children.setdefault(message.parent, []).append(message)
    path: list[ChatMessage] = []
    at = by_id.get(leaf)
    while at is not None:
        path.append(at)
        at = by_id.get(at.parent)
    lines = [_line(one, children.get(one.parent, [])) for one in reversed(path) if _is_said(one)]
    return ChatLog(member, character, tuple(lines))


def _is_said(message: ChatMessage) -> bool:
    return message.state is MessageState.DONE


def _line(message: ChatMessage, siblings: list[ChatMessage]) -> LogLine:
    swipes = [one for one in siblings if one.side is message.side]
    return LogLine(
        side=message.side,
        name=message.name,
        texts=tuple(one.text for one in swipes),
        shown=next(number for number, one in enumerate(swipes) if one.id == message.id),
        sent_at=message.created_at,
        thoughts=message.thoughts,
    )


def chat_jsonl(log: ChatLog) -> bytes:
    """The conversation as SillyTavern's JSONL: a head, then one message a line."""
    start = log.lines[0].sent_at if log.lines else 0.0
    head: Json = {
        "user_name": log.member,
        "character_name": log.character,
        "create_date": _date(start),
        "chat_metadata": {},
    }
    rows = [head, *(_row(line) for line in log.lines)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def _row(line: LogLine) -> Json:
    row: Json = {
        "name": line.name,
        "is_user": line.side is Side.MEMBER,
        "is_system": False,
        "send_date": _date(line.sent_at),
        "mes": line.text,
        "extra": {"reasoning": line.thoughts} if line.thoughts else {},
    }
    if line.side is Side.CHARACTER:
        row |= {"swipes": list(line.texts), "swipe_id": line.shown}
    return row


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def chat_text(log: ChatLog) -> bytes:
    """The conversation as plain text: the name, a colon and the shown text of each message."""
    return "\n\n".join(f"{line.name}: {line.text}" for line in log.lines).encode() + b"\n"
