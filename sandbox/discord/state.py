"""Everything that the gateway, the REST API and the control API act on."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sandbox.discord.commands import Commands
from sandbox.discord.compose import Composer, Draft
from sandbox.discord.feed import Feed
from sandbox.discord.gateway import Gateway
from sandbox.discord.handshake import Intents
from sandbox.discord.interactions import Interaction, Interactions
from sandbox.discord.knobs import Knobs
from sandbox.discord.media import Cdn, Upload
from sandbox.discord.messages import Board, Message
from sandbox.discord.wire import member_json
from sandbox.discord.world import DM, Channel, World
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
        message = self.composer.compose(draft)
        self.board.add(message)
        draft.channel.last_message_id = message.id
        self._announce("MESSAGE_CREATE", "create", message)
        return message

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
