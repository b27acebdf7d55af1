"""Everything that the gateway, the REST API and the control API act on."""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sandbox.discord.event_stream import Feed
from sandbox.discord.gateway.gateway import Gateway
from sandbox.discord.gateway.payload_handler import Intents
from sandbox.discord.interactions import Interaction, Interactions
from sandbox.discord.messages.attachments import Cdn, Upload
from sandbox.discord.messages.message_builder import Composer, Draft
from sandbox.discord.messages.message_store import Board, Message
from sandbox.discord.objects.channel_types import DM, WORDLESS
from sandbox.discord.objects.entities import Channel, User, World
from sandbox.discord.objects.json_objects import channel_json, gone_thread_json, member_json
from sandbox.discord.registered_commands import Commands
from sandbox.discord.settings import Knobs
from sandbox.faults import Faults

Json = dict[str, Any]

KEPT_MODALS = 1000
# Method, path, the request's JSON, status, the answer's JSON.
OnExchange = Callable[[str, str, Any, int, Any], None]
CONTENT: Json = {"content": "", "embeds": [], "attachments": [], "components": []}


class Discord:
    """The state of one sandboxed Discord. What changes here is told to bots and to pages."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.knobs = Knobs()
        self.world = World()
        self.board = Board()
        self.feed = Feed()
        self.commands = Commands(self.world.ids, self.world.application_id)
        self.cdn = Cdn(self.world.ids.next)
        self.composer = Composer(self.world, self.cdn)
        self.interactions = Interactions(self.knobs, self._settled)
        self.gateway = Gateway(self.world, self.knobs, lambda: faults.latency.get("discord"))
        self.on_exchange: OnExchange | None = None  # hears of every REST call, for tests
        # The last modal that each person was shown under a custom_id, and by what.
        self.modals: OrderedDict[tuple[str, str], tuple[Json, Interaction]] = OrderedDict()

    # --- messages -------------------------------------------------------------------------

    def post(self, draft: Draft) -> Message:
        """Post a message. An archived thread opens again with it; nobody posts in a locked one."""
        message = self.composer.compose(draft)
        self.board.add(message)
        if not draft.ephemeral_for:
            self._in_channel(draft.channel, message)
        self._announce("MESSAGE_CREATE", "create", message)
        return message

    def _in_channel(self, channel: Channel, message: Message) -> None:
        channel.last_message_id = message.id
        if channel.thread:
            channel.thread.messages += 1
            if channel.thread.archived:
                self.change_thread(channel, archived=False)

    def edit(self, message: Message, payload: Json, uploads: list[Upload]) -> None:
        self.composer.revise(message, payload, uploads)
        self._announce("MESSAGE_UPDATE", "update", message)

    def delete(self, message: Message) -> None:
        self.board.delete(message)
        self._announce("MESSAGE_DELETE", "delete", message)

    def channel_of(self, message: Message) -> Channel | None:
        return self.world.channels.get(message.channel_id)

    def sees(self, user_id: str, message: Message) -> bool:
        """Whether this person sees the message on the page."""
        channel = self.channel_of(message)
        if channel is None or not self.world.sees(user_id, channel):
            return False
        return message.ephemeral_for in (None, user_id)

    def _announce(self, event: str, op: str, message: Message) -> None:
        self.feed.publish(
            "message",
            lambda: {"op": op, "message": seen(message)},
            lambda user_id: self.sees(user_id, message),
        )
        channel = self.channel_of(message)
        if channel is None or message.ephemeral_for or not self.world.bot_is_in(channel):
            return
        direct = channel.type == DM
        intent = Intents.DIRECT_MESSAGES if direct else Intents.GUILD_MESSAGES
        body = self._event_body(event, message)
        hidden = None if direct or self._bot_reads(message) else body | CONTENT
        if event == "MESSAGE_DELETE":
            hidden = None
        self.gateway.emit(event, body, message.guild_id, intent, without_content=hidden)

    def _event_body(self, event: str, message: Message) -> Json:
        where = {"guild_id": message.guild_id} if message.guild_id else {}
        if event == "MESSAGE_DELETE":
            return {"id": message.id, "channel_id": message.channel_id, **where}
        if not message.guild_id:
            return message.body
        author = self.world.users[message.author_id]
        return message.body | where | {"member": member_json(author, with_user=False)}

    def _bot_reads(self, message: Message) -> bool:
        """Without the content intent a bot still reads its own and what mentions it."""
        bot = self.world.bot.id
        told = any(user["id"] == bot for user in message.body["mentions"])
        return told or message.author_id == bot

    # --- places ---------------------------------------------------------------------------

    def change_thread(
        self, channel: Channel, *, archived: bool | None = None, locked: bool | None = None
    ) -> None:
        """Archive, open, lock or unlock a thread; None leaves it as it is."""
        assert channel.thread is not None
        if archived is not None and archived != channel.thread.archived:
            channel.thread.archived, channel.thread.archived_at = archived, time.time()
        if locked is not None:
            channel.thread.locked = locked
        self.tell_place("THREAD_UPDATE", channel, channel_json(self.world, channel))

    def closed_to(self, user: User, channel: Channel) -> str:
        """Why this person can say nothing there; "" when they can."""
        if channel.type in WORDLESS:
            return "nothing is said in a channel of this type itself"
        if channel.thread and channel.thread.locked and not user.admin:
            return "the thread is locked"
        return ""

    def remove_place(self, channel: Channel) -> None:
        """Delete a thread, or a channel: with it go its threads, and no event says so of each."""
        if channel.thread:
            self.tell_place("THREAD_DELETE", channel, gone_thread_json(channel))
        else:
            self.tell_place("CHANNEL_DELETE", channel, channel_json(self.world, channel))
        threads = [one for one in self.world.channels.values() if one.parent_id == channel.id]
        for gone in [*(one for one in threads if one.thread), channel]:
            self.world.remove_channel(gone.id)
            self.board.forget_channel(gone.id)

    def tell_place(self, event: str, channel: Channel, body: Json) -> None:
        """Tell the bot, if it is there, about a channel or a thread; and the pages."""
        if self.world.bot_is_in(channel):
            self.gateway.emit(event, body, channel.guild_id, Intents.GUILDS)
        self.feed.publish("world", dict, lambda _: True)

    # --- interactions ---------------------------------------------------------------------

    def show_modal(self, interaction: Interaction, modal: Json) -> None:
        interaction.modal = modal
        key = interaction.user_id, modal["custom_id"]
        self.modals[key] = modal, interaction
        self.modals.move_to_end(key)
        if len(self.modals) > KEPT_MODALS:
            self.modals.popitem(last=False)

    def _settled(self, interaction: Interaction) -> None:
        self.feed.publish(
            "interaction",
            lambda: {"id": interaction.id, **interaction.outcome()},
            lambda user_id: user_id == interaction.user_id,
        )


def seen(message: Message) -> Json:
    """A message for the page and for tests."""
    return message.body | {
        "guild_id": message.guild_id,
        "ephemeral_for": message.ephemeral_for,
        "edits": message.edits,
        "created_at": message.created_at,
        "edited_at": message.edited_at,
    }
