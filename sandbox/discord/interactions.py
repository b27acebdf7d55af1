"""Interactions, their responses and Discord's deadlines."""

import asyncio
import base64
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.settings import Settings

Json = dict[str, Any]

KEPT_INTERACTIONS = 20_000
NOT_ANSWERED = "The application did not respond"
PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 1, 2, 3, 4, 5


@dataclass(slots=True)
class Interaction:
    """One interaction and the bot's response."""

    id: str
    token: str
    type: int
    user_id: str
    channel_id: str
    guild_id: str | None
    user_install: bool
    metadata: Json  # interaction_metadata of its response messages
    command_type: int | None = None
    source_id: str | None = None  # the message of the component, also of one that opened a modal
    created: float = field(default_factory=time.monotonic)
    acked: bool = False
    ack_ms: float | None = None
    response_type: int | None = None
    original_id: str | None = None
    ephemeral: bool | None = None
    loading: bool = False  # deferred, without a message yet
    modal: Json | None = None
    choices: list[Json] | None = None
    failure: str | None = None
    follow_ups: int = 0
    expired: bool = False
    message_ids: set[str] = field(default_factory=set[str])
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    deadline: asyncio.TimerHandle | None = None

    def outcome(self) -> Json:
        """The response as JSON, for tests and the page."""
        return {
            "interaction_id": self.id,
            "user_id": self.user_id,
            "acked": self.acked,
            "ack_ms": self.ack_ms,
            "type": self.response_type,
            "message_id": self.original_id,
            "ephemeral": self.ephemeral,
            "modal": self.modal,
            "choices": self.choices,
            "failure": self.failure,
        }

    def reaches_message(self, message_id: str) -> bool:
        """Whether the token gives access to this message."""
        return message_id in self.message_ids or message_id == self.original_id


class InteractionStore:
    """The newest interactions, by id and by token."""

    def __init__(self, settings: Settings, on_finished: Callable[[Interaction], None]) -> None:
        self._settings = settings
        self._on_finished = on_finished
        self._by_id: OrderedDict[str, Interaction] = OrderedDict()
        self._by_token: dict[str, Interaction] = {}

    def add(self, interaction: Interaction) -> None:
        """Add an interaction and start its deadline."""
        self._by_id[interaction.id] = interaction
        self._by_token[interaction.token] = interaction
        loop = asyncio.get_running_loop()
        interaction.deadline = loop.call_later(self._settings.ack_timeout, self._fail, interaction)
        if len(self._by_id) > KEPT_INTERACTIONS:
            _, oldest = self._by_id.popitem(last=False)
            del self._by_token[oldest.token]

    def get(self, interaction_id: str) -> Interaction | None:
        return self._by_id.get(interaction_id)

    def by_token(self, token: str) -> Interaction | None:
        return self._by_token.get(token)

    def by_message(self, message_id: str) -> list[Interaction]:
        return [one for one in self._by_id.values() if one.reaches_message(message_id)]

    def tokens(self) -> list[str]:
        return list(self._by_token)

    def deadline_passed(self, interaction: Interaction) -> bool:
        """Whether the deadline for the first response has passed."""
        return (
            interaction.failure is not None or self._age(interaction) > self._settings.ack_timeout
        )

    def token_expired(self, interaction: Interaction) -> bool:
        return interaction.expired or self._age(interaction) > self._settings.token_ttl

    def acknowledge(self, interaction: Interaction, response_type: int) -> None:
        """Record the first response."""
        interaction.acked = True
        interaction.response_type = response_type
        interaction.ack_ms = round(self._age(interaction) * 1000, 3)
        self._finish(interaction)

    def close(self) -> None:
        """Cancel all deadlines."""
        for interaction in self._by_id.values():
            if interaction.deadline:
                interaction.deadline.cancel()
            interaction.finished.set()

    def _fail(self, interaction: Interaction) -> None:
        interaction.failure = NOT_ANSWERED
        self._finish(interaction)

    def _finish(self, interaction: Interaction) -> None:
        if interaction.deadline:
            interaction.deadline.cancel()
            interaction.deadline = None
        interaction.finished.set()
        self._on_finished(interaction)

    def _age(self, interaction: Interaction) -> float:
        return time.monotonic() - interaction.created


def new_token(interaction_id: str) -> str:
    """A token in the format of Discord's."""
    secret = secrets.token_urlsafe(96)
    return base64.urlsafe_b64encode(f"interaction:{interaction_id}:{secret}".encode()).decode()
