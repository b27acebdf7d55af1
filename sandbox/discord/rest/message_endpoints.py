"""Endpoints for the messages of a channel that a bot calls with its token."""

from typing import Any, NoReturn

from aiohttp import web

from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.messages.message_store import REPLY, Message, is_replyable
from sandbox.discord.objects.channel_types import DM, WITHOUT_MESSAGES
from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.rest.bodies import RequestBody, json_response, no_content
from sandbox.discord.rest.channel_access import ChannelAccess
from sandbox.discord.rest.errors import invalid_form, refuse, wrong_field
from sandbox.discord.rest.message_edits import check_edit
from sandbox.discord.rest.thread_rules import refuse_deleting, refuse_editing, refuse_writing
from sandbox.discord.rules import is_empty, message_errors
from sandbox.discord.state import Discord

MESSAGES = "/channels/{channel}/messages"
BULK_MIN, BULK_MAX = 2, 100  # messages that one call deletes


class MessageEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities
        self._access = ChannelAccess(discord)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(MESSAGES, self.history),
            web.post(MESSAGES, self.create),
            web.post(MESSAGES + "/bulk-delete", self.delete_many),
            web.get(MESSAGES + "/{message}", self.fetch),
            web.patch(MESSAGES + "/{message}", self.edit),
            web.delete(MESSAGES + "/{message}", self.delete),
        ]

    async def history(self, request: web.Request) -> web.Response:
        channel = self._access.channel(request, Permissions.READ_MESSAGE_HISTORY)
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
        channel = self._access.channel(request)
        body = await self._access.read(request)
        invalid_form(message_errors(body.json, files=body.names))
        if is_empty(body.json, body.names):
            refuse(50006)
        self._check_sending(channel, body)
        refuse_writing(self._discord, channel)
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
        return json_response(self._discord.body_for_bot(self._access.message(request)))

    async def edit(self, request: web.Request) -> web.Response:
        message = self._access.message(request)
        if message.author_id != self._entities.bot.id:
            refuse(50005)
        body = await self._access.read(request)
        refuse_editing(self._discord, self._access.channel(request))
        check_edit(message, body.json, body.uploads)
        self._discord.edit(message, body.json, body.uploads)
        return json_response(message.body)

    async def delete(self, request: web.Request) -> web.Response:
        message = self._access.message(request)
        if message.author_id != self._entities.bot.id:
            self._access.channel(request, Permissions.MANAGE_MESSAGES)
        refuse_deleting(self._access.channel(request))
        self._discord.delete(message)
        return no_content()

    async def delete_many(self, request: web.Request) -> web.Response:
        """Delete messages at once; unknown ones are ignored."""
        channel = self._access.channel(request, Permissions.MANAGE_MESSAGES)
        body = await self._access.read(request)
        ids = {str(message_id) for message_id in body.json.get("messages") or ()}
        if not BULK_MIN <= len(ids) <= BULK_MAX:
            refuse(50016)
        listed = self._discord.messages.newest(channel.id)
        self._discord.delete_many(channel, [one for one in listed if one.id in ids])
        return no_content()

    def _check_sending(self, channel: Channel, body: RequestBody) -> None:
        allowed = self._access.allowed(channel)
        if channel.type in WITHOUT_MESSAGES:
            refuse(50008)
        if not self._access.can_send(channel):
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
        if Permissions.READ_MESSAGE_HISTORY not in self._access.allowed(channel):
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
