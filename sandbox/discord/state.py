"""The state that the gateway, the REST API and the control API share."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sandbox.discord.channel_changes import ChannelChanges
from sandbox.discord.event_stream import EventStream
from sandbox.discord.gateway.gateway import Gateway
from sandbox.discord.gateway.protocol import Intents
from sandbox.discord.interactions import Interaction, InteractionStore
from sandbox.discord.messages import reactions
from sandbox.discord.messages.attachments import Cdn, Upload
from sandbox.discord.messages.content_access import visible_body
from sandbox.discord.messages.message_builder import MessageBuilder, MessageDraft
from sandbox.discord.messages.message_events import (
    bulk_delete_event_body,
    delete_event_body,
    message_event_body,
    needed_intent,
)
from sandbox.discord.messages.message_store import THREAD_STARTER, Message, MessageStore
from sandbox.discord.objects.application_emojis import StoredEmoji
from sandbox.discord.objects.channel_types import DM
from sandbox.discord.objects.entities import Channel, EntityStore, User
from sandbox.discord.objects.webhooks import WebhookStore
from sandbox.discord.registered_commands import CommandRegistry
from sandbox.discord.settings import Settings
from sandbox.faults import Faults

Json = dict[str, Any]

KEPT_MODALS = 1000
# Method, path, the request's JSON, status, the answer's JSON.
OnExchange = Callable[[str, str, Any, int, Any], None]


class Discord:
    """The state of one local Discord. Changes are sent to bots and to pages."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.settings = Settings()
        self.entities = EntityStore()
        self.messages = MessageStore()
        self.event_stream = EventStream()
        self.webhooks = WebhookStore(self.entities.ids.next)
        self.emojis: dict[str, StoredEmoji] = {}  # of the application, by id
        self.commands = CommandRegistry(self.entities.ids, self.entities.application_id)
        self.cdn = Cdn(self.entities.ids.next)
        self.message_builder = MessageBuilder(self.entities, self.cdn)
        self.interactions = InteractionStore(self.settings, self._interaction_finished)
        self.gateway = Gateway(self.entities, self.settings, lambda: faults.latency.get("discord"))
        self.channels = ChannelChanges(
            self.entities, self.messages, self.webhooks, self.gateway, self.event_stream
        )
        self.on_exchange: OnExchange | None = None  # called after every REST call, for tests
        # By user id and custom_id: the last modal shown, and the interaction that opened it.
        self.modals: OrderedDict[tuple[str, str], tuple[Json, Interaction]] = OrderedDict()

    # --- messages -------------------------------------------------------------------------

    def post(self, draft: MessageDraft) -> Message:
        """Post a message; it unarchives an archived thread. Callers check for locked threads."""
        message = self.message_builder.build(draft)
        self.messages.add(message)
        if not draft.ephemeral_for:
            self._update_channel(draft, message)
        self._publish("MESSAGE_CREATE", message)
        return message

    def _update_channel(self, draft: MessageDraft, message: Message) -> None:
        """Writing in a thread unarchives it and joins it; its first message is not counted."""
        channel = draft.channel
        channel.last_message_id = message.id
        if channel.thread is None:
            return
        if draft.kind != THREAD_STARTER and message.id != channel.id:
            channel.thread.messages += 1
        if channel.thread.archived:
            self.channels.change_thread(channel, archived=False)
        if "webhook_id" not in message.body:
            self.channels.add_members(channel, [draft.author.id])

    def edit(self, message: Message, payload: Json, uploads: list[Upload]) -> None:
        self.message_builder.edit(message, payload, uploads)
        self.announce_update(message)

    def announce_update(self, message: Message) -> None:
        """Send MESSAGE_UPDATE."""
        self._publish("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        self.messages.delete(message)
        self._publish_to_pages("delete", message)
        channel = self.channel_of(message)
        if channel and not message.ephemeral_for:
            self._emit("MESSAGE_DELETE", channel, delete_event_body(message))

    def delete_many(self, channel: Channel, messages: list[Message]) -> None:
        """Delete messages of one guild channel at once, as a moderation bot does."""
        for message in messages:
            self.messages.delete(message)
            self._publish_to_pages("delete", message)
        self._emit("MESSAGE_DELETE_BULK", channel, bulk_delete_event_body(channel, messages))

    def channel_of(self, message: Message) -> Channel | None:
        return self.entities.channels.get(message.channel_id)

    def can_see(self, user_id: str, message: Message) -> bool:
        """Whether this user sees the message on the page."""
        channel = self.channel_of(message)
        if channel is None or not self.entities.can_see(user_id, channel):
            return False
        return message.ephemeral_for in (None, user_id)

    def _publish_to_pages(self, op: str, message: Message) -> None:
        self.event_stream.publish(
            "message",
            lambda: {"op": op, "message": self.message_json(message)},
            lambda user_id: self.can_see(user_id, message),
        )

    def _publish(self, event: str, message: Message) -> None:
        self._publish_to_pages("create" if event == "MESSAGE_CREATE" else "update", message)
        channel = self.channel_of(message)
        if channel is None or message.ephemeral_for:
            return
        body = message_event_body(self.entities, message)
        reduced = visible_body(body, self.entities.bot.id) if message.guild_id else None
        self._emit(event, channel, body, reduced)

    def _emit(
        self, event: str, channel: Channel, body: Json, without_content: Json | None = None
    ) -> None:
        """Send an event about messages to the bot, if it is in the channel."""
        if self.entities.bot_is_in(channel):
            intent = needed_intent(channel)
            self.gateway.emit(
                event, body, channel.guild_id, intent, without_content=without_content
            )

    def body_for_bot(self, message: Message) -> Json:
        """The message as the REST API answers it: without content that the bot may not see."""
        body = self.messages.current_body(message)
        if self.settings.message_content or not message.guild_id:
            return body
        return visible_body(body, self.entities.bot.id)

    def message_json(self, message: Message) -> Json:
        """The JSON of a message for the page and for tests."""
        return self.messages.current_body(message) | {
            "guild_id": message.guild_id,
            "ephemeral_for": message.ephemeral_for,
            "edits": message.edits,
            "created_at": message.created_at,
            "edited_at": message.edited_at,
            "avatar_url": message.avatar_url,
            "reacted": reactions.reactions_json(message),
        }

    def change_reaction(self, user: User, message: Message, emoji: str, *, on: bool) -> None:
        """Add or remove a reaction of a user. Raises ValueError for one that cannot be."""
        if message.ephemeral_for:
            raise ValueError("a message that only one person sees has no reactions")
        if not reactions.change(user, message, emoji, on=on):
            return
        self._publish_to_pages("update", message)
        channel = self.channel_of(message)
        if channel is None or not self.entities.bot_is_in(channel):
            return
        direct = channel.type == DM
        intent = Intents.DIRECT_MESSAGE_REACTIONS if direct else Intents.GUILD_MESSAGE_REACTIONS
        event = "MESSAGE_REACTION_ADD" if on else "MESSAGE_REACTION_REMOVE"
        body = reactions.event_body(user, message, emoji, on=on)
        self.gateway.emit(event, body, message.guild_id, intent)

    # --- interactions ---------------------------------------------------------------------

    def show_modal(self, interaction: Interaction, modal: Json) -> None:
        interaction.modal = modal
        key = interaction.user_id, modal["custom_id"]
        self.modals[key] = modal, interaction
        self.modals.move_to_end(key)
        if len(self.modals) > KEPT_MODALS:
            self.modals.popitem(last=False)

    def _interaction_finished(self, interaction: Interaction) -> None:
        self.event_stream.publish(
            "interaction",
            lambda: {"id": interaction.id, **interaction.outcome()},
            lambda user_id: user_id == interaction.user_id,
        )
