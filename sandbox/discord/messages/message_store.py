"""Stores the newest messages with all their versions."""

import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.messages.attachments import Attachment

Json = dict[str, Any]

KEPT_MESSAGES = 20_000
KEPT_VERSIONS = 100
NONCE_LIFE = 300.0  # seconds; Discord says "the past few minutes"

THREAD_CREATED, REPLY, THREAD_STARTER = 18, 19, 21  # message types
REPLYABLE = {0, REPLY, 20, 23}  # ordinary messages, replies, responses to commands
HAS_THREAD = 1 << 5
SUPPRESS_EMBEDS, EPHEMERAL, LOADING, SUPPRESS_NOTIFICATIONS = 1 << 2, 1 << 6, 1 << 7, 1 << 12
IS_COMPONENTS_V2 = 1 << 15


@dataclass(frozen=True, slots=True)
class Version:
    at: float
    body: Json


@dataclass(slots=True)
class Message:
    """A message; `body` is Discord's message object and is replaced, never mutated."""

    body: Json
    files: list[Attachment]
    guild_id: str | None
    ephemeral_for: str | None = None
    created_at: float = field(default_factory=time.time)
    edited_at: float | None = None
    edits: int = 0
    deleted: bool = False
    history: list[Version] = field(default_factory=list[Version])
    avatar_url: str | None = None  # of a webhook's message, for the page
    pinged: str | None = None  # the user whom the ping of a reply mentions
    reactions: dict[str, list[str]] = field(default_factory=dict[str, list[str]])  # emoji: user ids

    @property
    def id(self) -> str:
        return self.body["id"]

    @property
    def channel_id(self) -> str:
        return self.body["channel_id"]

    @property
    def flags(self) -> int:
        return self.body["flags"]

    @property
    def author_id(self) -> str:
        return self.body["author"]["id"]

    def replace_body(self, body: Json, files: list[Attachment]) -> None:
        """Replace body and files; adds a version to the history."""
        now = time.time()
        self.body, self.files = body, files
        self.edited_at = now
        self.edits += 1
        self.history.append(Version(now, body))
        del self.history[:-KEPT_VERSIONS]


def is_replyable(message: Message) -> bool:
    """Whether Discord accepts replies to it: system messages and ephemeral ones have none."""
    return message.body["type"] in REPLYABLE and message.ephemeral_for is None


class MessageStore:
    """All messages, by id and by channel, oldest first."""

    def __init__(self) -> None:
        self._messages: OrderedDict[str, Message] = OrderedDict()
        self._channels: dict[str, deque[str]] = {}
        self._nonces: OrderedDict[tuple[str, str], tuple[float, str]] = OrderedDict()

    def add(self, message: Message) -> None:
        message.history.append(Version(message.created_at, message.body))
        self._messages[message.id] = message
        self._channels.setdefault(message.channel_id, deque()).append(message.id)
        if len(self._messages) > KEPT_MESSAGES:
            _, oldest = self._messages.popitem(last=False)
            self._remove_from_channel(oldest)

    def get(self, message_id: str) -> Message | None:
        """A message, also a deleted one."""
        return self._messages.get(message_id)

    def current_body(self, message: Message) -> Json:
        """The body with the replied message as it is now; null when that is deleted."""
        if message.body.get("referenced_message") is None:
            return message.body
        replied = self._messages.get(message.body["referenced_message"]["id"])
        if replied is None:
            return message.body
        inner = {k: v for k, v in replied.body.items() if k != "referenced_message"}
        return message.body | {"referenced_message": None if replied.deleted else inner}

    def delete(self, message: Message) -> None:
        message.deleted = True
        self._remove_from_channel(message)

    def _remove_from_channel(self, message: Message) -> None:
        listed = self._channels.get(message.channel_id)
        if listed and message.id in listed:
            listed.remove(message.id)

    def newest(self, channel_id: str) -> Iterator[Message]:
        """The messages of a channel that are not deleted, newest first."""
        for message_id in reversed(self._channels.get(channel_id, ())):
            yield self._messages[message_id]

    def forget_channel(self, channel_id: str) -> None:
        """Mark all messages of a deleted channel as deleted."""
        for message_id in self._channels.pop(channel_id, ()):
            self._messages[message_id].deleted = True

    def find_by_nonce(self, channel_id: str, nonce: str) -> Message | None:
        """The bot's message with this nonce, if it was posted within NONCE_LIFE."""
        posted = self._nonces.get((channel_id, nonce))
        if posted is None or posted[0] < time.time() - NONCE_LIFE:
            return None
        known = self._messages.get(posted[1])
        return None if known is None or known.deleted else known

    def remember_nonce(self, message: Message, nonce: str) -> None:
        self._nonces[message.channel_id, nonce] = message.created_at, message.id
        if len(self._nonces) > KEPT_MESSAGES:
            self._nonces.popitem(last=False)
