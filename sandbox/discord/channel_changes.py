"""Changes of channels and threads, and the events about them."""

import time
from collections.abc import Iterable
from typing import Any

from sandbox.discord.event_stream import EventStream
from sandbox.discord.gateway.gateway import Gateway
from sandbox.discord.gateway.protocol import Intents
from sandbox.discord.messages.message_store import MessageStore
from sandbox.discord.objects.channel_types import WITHOUT_MESSAGES
from sandbox.discord.objects.entities import Channel, EntityStore, User
from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.objects.thread_json import deleted_thread_json, members_update_json
from sandbox.discord.objects.webhooks import WebhookStore

Json = dict[str, Any]


class ChannelChanges:
    """Changes channels and threads; bots with access and all pages are told."""

    def __init__(
        self,
        entities: EntityStore,
        messages: MessageStore,
        webhooks: WebhookStore,
        gateway: Gateway,
        event_stream: EventStream,
    ) -> None:
        self._entities = entities
        self._messages = messages
        self._webhooks = webhooks
        self._gateway = gateway
        self._event_stream = event_stream

    def send_event(self, event: str, channel: Channel, body: Json) -> None:
        """Send a channel event to the bot, if it has access, and update the pages."""
        if self._entities.bot_is_in(channel):
            self._gateway.emit(event, body, channel.guild_id, Intents.GUILDS)
        self._event_stream.publish("world", dict, lambda _: True)

    def send_update(self, channel: Channel) -> None:
        """Send THREAD_UPDATE or CHANNEL_UPDATE."""
        event = "THREAD_UPDATE" if channel.thread else "CHANNEL_UPDATE"
        self.send_event(event, channel, channel_json(self._entities, channel))

    def change_thread(
        self, channel: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """Archive, unarchive, lock or unlock a thread; None means no change."""
        assert channel.thread is not None
        if archived is not None and archived != channel.thread.archived:
            channel.thread.archived, channel.thread.archived_at = archived, time.time()
        if locked is not None:
            channel.thread.locked = locked
        self.send_update(channel)

    def add_members(self, channel: Channel, user_ids: Iterable[str]) -> None:
        """Add users to a thread. A bot that was not in a private one learns of it as of a new."""
        assert channel.thread is not None
        added = [one for one in user_ids if one not in channel.thread.members]
        if not added:
            return
        was_in = self._entities.bot_is_in(channel)
        channel.thread.members.update(added)
        if not was_in:
            self.send_event("THREAD_CREATE", channel, channel_json(self._entities, channel))
        self._send_members(channel, added, [])

    def remove_member(self, channel: Channel, user_id: str) -> None:
        """Remove a user from a thread; the bot learns of its own removal too."""
        assert channel.thread is not None
        if user_id in channel.thread.members:
            channel.thread.members.remove(user_id)
            self._send_members(channel, [], [user_id])

    def _send_members(self, channel: Channel, added: list[str], removed: list[str]) -> None:
        """Send THREAD_MEMBERS_UPDATE: without the members intent only about the bot itself."""
        bot = self._entities.bot.id
        concerned = bot in added or bot in removed
        if concerned or self._entities.bot_is_in(channel):
            intent = Intents.GUILDS if concerned else Intents.GUILD_MEMBERS
            body = members_update_json(channel, added, removed)
            self._gateway.emit("THREAD_MEMBERS_UPDATE", body, channel.guild_id, intent)
        self._event_stream.publish("world", dict, lambda _: True)

    def posting_refusal(self, user: User, channel: Channel) -> str:
        """The reason why this user cannot post there; "" when posting is allowed."""
        if channel.type in WITHOUT_MESSAGES:
            return "nothing is said in a channel of this type itself"
        if channel.thread and channel.thread.locked and not user.admin:
            return "the thread is locked"
        return ""

    def remove(self, channel: Channel) -> None:
        """Delete a thread, or a channel with its threads. The threads get no own events."""
        if channel.thread:
            self.send_event("THREAD_DELETE", channel, deleted_thread_json(channel))
        else:
            self.send_event("CHANNEL_DELETE", channel, channel_json(self._entities, channel))
        threads = [one for one in self._entities.channels.values() if one.parent_id == channel.id]
        for removed in [*(one for one in threads if one.thread), channel]:
            self._entities.remove_channel(removed.id)
            self._messages.forget_channel(removed.id)
            self._webhooks.forget_channel(removed.id)
