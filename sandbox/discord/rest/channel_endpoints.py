"""Endpoints for channels and messages that a bot calls with its token."""

from typing import Any, NoReturn

from aiohttp import web

from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.messages.message_store import REPLY, Message, is_replyable
from sandbox.discord.objects.channel_types import DM, WITHOUT_MESSAGES
from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.rest.bodies import RequestBody, json_response, no_content, read_object
from sandbox.discord.rest.errors import invalid_form, refuse, wrong_field
from sandbox.discord.rest.message_edits import check_edit
from sandbox.discord.rest.thread_rules import refuse_deleting, refuse_editing, refuse_posting
from sandbox.discord.rules import is_empty, message_errors
from sandbox.discord.state import Discord

MESSAGES = "/channels/{channel}/messages"
TYPING_SECONDS = 10
THREAD_NAME_MAX = 100


class ChannelEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/users/@me/channels", self.open_dm),
            web.get("/channels/{channel}", self.fetch_channel),
            web.patch("/channels/{channel}", self.change_channel),
            web.post("/channels/{channel}/threads", self.create_thread),
            web.post("/channels/{channel}/typing", self.start_typing),
            web.get(MESSAGES, self.history),
            web.post(MESSAGES, self.create),
            web.get(MESSAGES + "/{message}", self.fetch),
            web.patch(MESSAGES + "/{message}", self.edit),
            web.delete(MESSAGES + "/{message}", self.delete),
        ]

    async def open_dm(self, request: web.Request) -> web.Response:
        body = await self._read(request)
        channel = self._entities.dm_of(str(body.json.get("recipient_id")))
        return json_response(channel_json(self._entities, channel)) if channel else refuse(50033)

    async def fetch_channel(self, request: web.Request) -> web.Response:
        return json_response(channel_json(self._entities, self._channel(request)))

    async def change_channel(self, request: web.Request) -> web.Response:
        """Unarchive a thread, the one change that Discord allows every member who can write."""
        channel = self._channel(request)
        body = await self._read(request)
        opens = body.json == {"archived": False} and channel.thread
        if not opens or opens.locked or _send_permission(channel) not in self._allowed(channel):
            refuse(50013)
        self._discord.change_thread(channel, archived=False)
        return json_response(channel_json(self._entities, channel))

    async def create_thread(self, request: web.Request) -> web.Response:
        """Create a public thread without a message."""
        parent = self._channel(request, Permissions.CREATE_PUBLIC_THREADS)
        body = await self._read(request)
        name = str(body.json.get("name", ""))
        if not 1 <= len(name) <= THREAD_NAME_MAX:
            wrong_field(("name",), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        thread = self._entities.add_thread(parent, name, self._entities.bot)
        answer = channel_json(self._entities, thread)
        self._discord.send_channel_event("THREAD_CREATE", thread, answer | {"newly_created": True})
        return json_response(answer, 201)

    async def start_typing(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        if _send_permission(channel) not in self._allowed(channel):
            refuse(50013)
        self._discord.event_stream.publish(
            "typing",
            lambda: {"channel_id": channel.id, "seconds": TYPING_SECONDS},
            lambda user_id: self._entities.can_see(user_id, channel),
        )
        return no_content()

    async def history(self, request: web.Request) -> web.Response:
        channel = self._channel(request, Permissions.READ_MESSAGE_HISTORY)
        query = request.query
        limit = int(query.get("limit", 50))
        if not 1 <= limit <= 100:
            wrong_field(("limit",), "NUMBER_TYPE_MAX", "Value should be between 1 and 100.")
        before, after = int(query.get("before", 1 << 63)), int(query.get("after", 0))
        found = [
            self._discord.body_for_bot(message)
            for message in self._discord.messages.newest(channel.id)
            if after < int(message.id) < before and not message.ephemeral_for
        ]
        return json_response(found[-limit:] if "after" in query else found[:limit])

    async def create(self, request: web.Request) -> web.Response:
        channel = self._channel(request)
        body = await self._read(request)
        invalid_form(message_errors(body.json, files=body.names))
        if is_empty(body.json, body.names):
            refuse(50006)
        self._check_sending(channel, body)
        refuse_posting(self._discord, channel)
        if known := self._message_with_nonce(channel, body.json):
            return json_response(known.body)
        replied = self._replied_to(channel, body.json)
        message = self._discord.post(
            MessageDraft(
                channel,
                self._entities.bot,
                body.json,
                body.uploads,
                kind=REPLY if replied else 0,
                replied_to=replied,
            )
        )
        if body.json.get("nonce") is not None:
            self._discord.messages.remember_nonce(message, str(body.json["nonce"]))
        return json_response(message.body)

    async def fetch(self, request: web.Request) -> web.Response:
        return json_response(self._discord.body_for_bot(self._message(request)))

    async def edit(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message.author_id != self._entities.bot.id:
            refuse(50005)
        body = await self._read(request)
        refuse_editing(self._discord, self._channel(request))
        check_edit(message, body.json, body.uploads)
        self._discord.edit(message, body.json, body.uploads)
        return json_response(message.body)

    async def delete(self, request: web.Request) -> web.Response:
        message = self._message(request)
        if message.author_id != self._entities.bot.id:
            self._channel(request, Permissions.MANAGE_MESSAGES)
        refuse_deleting(self._channel(request))
        self._discord.delete(message)
        return no_content()

    async def _read(self, request: web.Request) -> RequestBody:
        return await read_object(request, self._discord.settings.upload_limit)

    def _channel(self, request: web.Request, needed: Permissions | None = None) -> Channel:
        """The channel of the path, if the bot can see it and has the needed permission."""
        channel = self._entities.channels.get(request.match_info["channel"])
        if channel is None:
            refuse(10003)
        allowed = self._allowed(channel)
        if Permissions.VIEW_CHANNEL not in allowed:
            refuse(50001)
        if needed and needed not in allowed:
            refuse(50013)
        return channel

    def _allowed(self, channel: Channel) -> Permissions:
        return self._entities.bot_permissions(channel)

    def _message(self, request: web.Request) -> Message:
        channel = self._channel(request)
        message = self._discord.messages.get(request.match_info["message"])
        if message is None or message.deleted or message.ephemeral_for:
            refuse(10008)
        return message if message.channel_id == channel.id else refuse(10008)

    def _check_sending(self, channel: Channel, body: RequestBody) -> None:
        allowed = self._allowed(channel)
        if channel.type in WITHOUT_MESSAGES:
            refuse(50008)
        if _send_permission(channel) not in allowed:
            refuse(50007 if channel.type == DM else 50013)
        if body.uploads and Permissions.ATTACH_FILES not in allowed:
            refuse(50013)
        if body.json.get("embeds") and Permissions.EMBED_LINKS not in allowed:
            refuse(50013)

    def _message_with_nonce(self, channel: Channel, payload: dict[str, Any]) -> Message | None:
        """The message that an earlier call with the same enforced nonce posted."""
        if not payload.get("enforce_nonce") or payload.get("nonce") is None:
            return None
        return self._discord.messages.find_by_nonce(channel.id, str(payload["nonce"]))

    def _replied_to(self, channel: Channel, payload: dict[str, Any]) -> Message | None:
        reference = payload.get("message_reference")
        if not reference:
            return None
        message = self._discord.messages.get(str(reference.get("message_id")))
        if Permissions.READ_MESSAGE_HISTORY not in self._allowed(channel):
            refuse(160002)
        if message and not message.deleted and message.channel_id == channel.id:
            return message if is_replyable(message) else _refuse_system_message()
        if reference.get("fail_if_not_exists", True):
            wrong_field(
                ("message_reference",), "MESSAGE_REFERENCE_UNKNOWN_MESSAGE", "Unknown message"
            )
        return None


def _refuse_system_message() -> NoReturn:
    code = "REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"
    wrong_field(("message_reference",), code, "Cannot reply to a system message")


def _send_permission(channel: Channel) -> Permissions:
    """The permission that is needed to write in a channel."""
    in_thread = Permissions.SEND_MESSAGES_IN_THREADS
    return in_thread if channel.thread else Permissions.SEND_MESSAGES
