"""The messages of an interaction: its response and its follow-ups."""

from typing import Any

from sandbox.discord.interactions import COMMAND, Interaction
from sandbox.discord.messages.attachments import Upload
from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.messages.message_store import EPHEMERAL, LOADING, REPLY, Message
from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.json_objects import user_json
from sandbox.discord.rest.bodies import RequestBody
from sandbox.discord.rest.errors import refuse
from sandbox.discord.rest.thread_rules import refuse_editing, refuse_posting
from sandbox.discord.state import Discord

Json = dict[str, Any]

PLAIN, CHAT_INPUT, CONTEXT_MENU = 0, 20, 23  # message types
MOST_FOLLOW_UPS = 5  # of a user-installed app in a channel without the bot


class InteractionResponses:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def create(self, interaction: Interaction, data: Json, uploads: list[Upload]) -> Message:
        """The message of a response of type 4."""
        message = self._post(interaction, data, uploads, ephemeral=_is_ephemeral(data))
        self._set_original(interaction, message)
        return message

    def defer(self, interaction: Interaction, *, ephemeral: bool) -> Message:
        """The loading message of a response of type 5; it fixes the visibility."""
        message = self._post(interaction, {}, [], ephemeral=ephemeral, flags=LOADING)
        self._set_original(interaction, message)
        interaction.loading = True
        return message

    def follow_up(self, interaction: Interaction, body: RequestBody) -> Message:
        """A further message; the first one after a deferral fills the loading message."""
        if interaction.user_install:
            if interaction.follow_ups >= MOST_FOLLOW_UPS:
                refuse(40094)
            interaction.follow_ups += 1
        original = self._discord.messages.get(interaction.original_id or "")
        if interaction.loading and original and not original.deleted:
            self.edit(interaction, original, body)
            return original
        ephemeral = _is_ephemeral(body.json)
        message = self._post(
            interaction, body.json, body.uploads, ephemeral=ephemeral, replied_to=original
        )
        interaction.message_ids.add(message.id)
        return message

    def edit(self, interaction: Interaction, message: Message, body: RequestBody) -> None:
        refuse_editing(self._discord, self.channel(interaction))
        if message.id == interaction.original_id:
            interaction.loading = False
        self._discord.edit(message, body.json, body.uploads)

    def channel(self, interaction: Interaction) -> Channel:
        return self._discord.entities.channels.get(interaction.channel_id) or refuse(10003)

    def _set_original(self, interaction: Interaction, message: Message) -> None:
        interaction.original_id = message.id
        interaction.ephemeral = message.ephemeral_for is not None

    def _post(
        self,
        interaction: Interaction,
        data: Json,
        uploads: list[Upload],
        *,
        ephemeral: bool,
        flags: int = 0,
        replied_to: Message | None = None,
    ) -> Message:
        entities = self._discord.entities
        refuse_posting(self._discord, self.channel(interaction))
        source = self._discord.messages.get(interaction.source_id or "")
        answered = replied_to or (None if interaction.type == COMMAND else source)
        return self._discord.post(
            MessageDraft(
                self.channel(interaction),
                entities.bot,
                data,
                uploads,
                kind=_message_type(interaction, answered),
                flags=flags,
                ephemeral_for=interaction.user_id if ephemeral else None,
                extra=self._interaction_fields(interaction),
                replied_to=answered,
            )
        )

    def _interaction_fields(self, interaction: Interaction) -> Json:
        """The message fields that describe its interaction."""
        entities = self._discord.entities
        origin: Json = {
            "application_id": entities.application_id,
            "webhook_id": entities.application_id,
            "interaction_metadata": interaction.metadata,
        }
        if interaction.original_id:
            first = {"original_response_message_id": interaction.original_id}
            origin["interaction_metadata"] = interaction.metadata | first
        if interaction.type == COMMAND:
            origin["interaction"] = {
                "id": interaction.id,
                "type": interaction.type,
                "name": interaction.metadata["name"],
                "user": user_json(entities.users[interaction.user_id]),
            }
        return origin


def _message_type(interaction: Interaction, answered: Message | None) -> int:
    if answered:
        return REPLY
    if interaction.type == COMMAND:
        return CHAT_INPUT if interaction.command_type == 1 else CONTEXT_MENU
    return PLAIN


def _is_ephemeral(data: Json) -> bool:
    return bool(int(data.get("flags") or 0) & EPHEMERAL)
