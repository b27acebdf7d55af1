"""Messages of webhooks of channels: posted, shown, edited and deleted with the webhook's token."""

from typing import Any

from aiohttp import web

from sandbox.discord.messages.message_builder import MessageDraft
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.channel_types import ChannelType
from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.webhooks import Webhook, author_json, is_local
from sandbox.discord.rest.bodies import (
    RequestBody,
    json_response,
    no_content,
    query_flag,
    read_object,
)
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rest.message_edits import check_edit
from sandbox.discord.rest.thread_rules import refuse_deleting, refuse_editing, refuse_writing
from sandbox.discord.rules import execution_errors, is_empty, thread_errors
from sandbox.discord.state import Discord
from sandbox.discord.threads import ThreadDraft, start_post

Json = dict[str, Any]


class WebhookMessages:
    """The calls with the token of a webhook of a channel. The webhooks are the application's own,
    so that their messages may have buttons.
    """

    def __init__(self, discord: Discord) -> None:
        self._discord = discord

    def webhook(self, request: web.Request) -> Webhook | None:
        """The webhook of the path; None for that of an interaction. Raises ApiError 50027."""
        webhook = self._discord.webhooks.get(request.match_info["app"])
        if webhook and webhook.token != request.match_info["token"]:
            refuse(50027)
        return webhook

    async def execute(self, webhook: Webhook, request: web.Request) -> web.Response:
        """Post a message; it is answered with `wait` only."""
        body = await self._read(request)
        invalid_form(execution_errors(body.json, files=body.names))
        if is_empty(body.json, body.names):
            refuse(50006)
        channel = self._place(webhook, request)
        if channel.type == ChannelType.FORUM:
            message = self._start_post(webhook, channel, body)
        else:
            if body.json.get("thread_name"):
                refuse(220002 if channel.thread and self._in_forum(webhook) else 220003)
            refuse_writing(self._discord, channel)
            message = self._post(webhook, channel, body)
        return json_response(message.body) if query_flag(request, "wait") else no_content()

    async def fetch(self, webhook: Webhook, request: web.Request) -> web.Response:
        return json_response(self._message(webhook, request).body)

    async def edit(self, webhook: Webhook, request: web.Request) -> web.Response:
        message = self._message(webhook, request)
        body = await self._read(request)
        refuse_editing(self._discord, self._channel(message))
        check_edit(message, body.json, body.uploads)
        self._discord.edit(message, body.json, body.uploads)
        return json_response(message.body)

    async def delete(self, webhook: Webhook, request: web.Request) -> web.Response:
        message = self._message(webhook, request)
        refuse_deleting(self._channel(message))
        self._discord.delete(message)
        return no_content()

    async def _read(self, request: web.Request) -> RequestBody:
        return await read_object(request, self._discord.settings.upload_limit)

    def _post(self, webhook: Webhook, channel: Channel, body: RequestBody) -> Message:
        draft = MessageDraft(
            channel,
            self._discord.entities.bot,
            body.json,
            body.uploads,
            extra=self._origin(webhook, body.json),
            avatar_url=self._shown_avatar(webhook, body.json),
        )
        return self._discord.post(draft)

    def _shown_avatar(self, webhook: Webhook, payload: Json) -> str | None:
        """The address of the avatar, if the page may show it: nothing comes from outside."""
        url = payload.get("avatar_url")
        if url:
            return url if is_local(url) else None
        base = self._discord.cdn.base
        return f"{base}/avatars/{webhook.id}/{webhook.avatar}.png" if webhook.avatar else None

    def _start_post(self, webhook: Webhook, forum: Channel, body: RequestBody) -> Message:
        name = body.json.get("thread_name")
        if not name:
            refuse(220001)
        invalid_form(thread_errors({"name": name}))
        draft = ThreadDraft(forum, name, self._discord.entities.bot)
        extra = self._origin(webhook, body.json)
        return start_post(self._discord, draft, body.json, body.uploads, extra=extra)[1]

    def _origin(self, webhook: Webhook, payload: Json) -> Json:
        author = author_json(webhook, payload.get("username"), payload.get("avatar_url"))
        application = self._discord.entities.application_id
        return {"author": author, "webhook_id": webhook.id, "application_id": application}

    def _place(self, webhook: Webhook, request: web.Request) -> Channel:
        """The channel of the webhook, or the thread in it that the query names."""
        channels = self._discord.entities.channels
        thread_id = request.query.get("thread_id")
        if thread_id is None:
            return channels[webhook.channel_id]
        thread = channels.get(thread_id)
        if thread is None or thread.thread is None or thread.parent_id != webhook.channel_id:
            refuse(10003)
        return thread

    def _in_forum(self, webhook: Webhook) -> bool:
        return self._discord.entities.channels[webhook.channel_id].type == ChannelType.FORUM

    def _message(self, webhook: Webhook, request: web.Request) -> Message:
        place = self._place(webhook, request)
        message = self._discord.messages.get(request.match_info["message"])
        own = message is not None and message.body.get("webhook_id") == webhook.id
        if message is None or message.deleted or not own or message.channel_id != place.id:
            refuse(10008)
        return message

    def _channel(self, message: Message) -> Channel:
        return self._discord.channel_of(message) or refuse(10003)
