"""The state that the gateway, the REST API and the control API share."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

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
from sandbox.discord.messages.message_store import Message, MessageStore
from sandbox.discord.objects.channel_types import DM, WITHOUT_MESSAGES
from sandbox.discord.objects.entities import Channel, EntityStore, User
from sandbox.discord.objects.json_objects import channel_json, deleted_thread_json
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
        self.commands = CommandRegistry(self.entities.ids, self.entities.application_id)
        self.cdn = Cdn(self.entities.ids.next)
        self.message_builder = MessageBuilder(self.entities, self.cdn)
        self.interactions = InteractionStore(self.settings, self._interaction_finished)
        self.gateway = Gateway(self.entities, self.settings, lambda: faults.latency.get("discord"))
        self.on_exchange: OnExchange | None = None  # called after every REST call, for tests
        # By user id and custom_id: the last modal shown, and the interaction that opened it.
        self.modals: OrderedDict[tuple[str, str], tuple[Json, Interaction]] = OrderedDict()

    # --- messages -------------------------------------------------------------------------

    def post(self, draft: MessageDraft) -> Message:
        """Post a message; it unarchives an archived thread. Callers check for locked threads."""
        message = self.message_builder.build(draft)
        self.messages.add(message)
        if not draft.ephemeral_for:
            self._update_channel(draft.channel, message)
        self._publish("MESSAGE_CREATE", message)
        return message

    def _update_channel(self, channel: Channel, message: Message) -> None:
        channel.last_message_id = message.id
        if channel.thread:
            channel.thread.messages += 1
            if channel.thread.archived:
                self.change_thread(channel, archived=False)

    def edit(self, message: Message, payload: Json, uploads: list[Upload]) -> None:
        self.message_builder.edit(message, payload, uploads)
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

    # --- channels -------------------------------------------------------------------------

    def change_thread(
        self, channel: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """Archive, unarchive, lock or unlock a thread; None means no change."""
        assert channel.thread is not None
        if archived is not None and archived != channel.thread.archived:
            channel.thread.archived, channel.thread.archived_at = archived, time.time()
        if locked is not None:
            channel.thread.locked = locked
        self.send_channel_event("THREAD_UPDATE", channel, channel_json(self.entities, channel))

    def posting_refusal(self, user: User, channel: Channel) -> str:
        """The reason why this user cannot post there; "" when posting is allowed."""
        if channel.type in WITHOUT_MESSAGES:
            return "nothing is said in a channel of this type itself"
        if channel.thread and channel.thread.locked and not user.admin:
            return "the thread is locked"
        return ""

    def remove_channel(self, channel: Channel) -> None:
        """Delete a thread, or a channel with its threads. The threads get no own events."""
        if channel.thread:
            self.send_channel_event("THREAD_DELETE", channel, deleted_thread_json(channel))
        else:
            self.send_channel_event("CHANNEL_DELETE", channel, channel_json(self.entities, channel))
        threads = [one for one in self.entities.channels.values() if one.parent_id == channel.id]
        for removed in [*(one for one in threads if one.thread), channel]:
            self.entities.remove_channel(removed.id)
            self.messages.forget_channel(removed.id)

    def send_channel_event(self, event: str, channel: Channel, body: Json) -> None:
        """Send a channel event to the bot, if it has access, and update the pages."""
        if self.entities.bot_is_in(channel):
            self.gateway.emit(event, body, channel.guild_id, Intents.GUILDS)
        self.event_stream.publish("world", dict, lambda _: True)

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
