"""Endpoints for threads: starting, members, lists."""

from typing import Any

from aiohttp import web

from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.channel_types import THREAD_TYPES, ChannelType
from sandbox.discord.objects.entities import Channel
from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.objects.thread_json import thread_member_json
from sandbox.discord.rest.bodies import RequestBody, json_response, no_content
from sandbox.discord.rest.channel_access import ChannelAccess
from sandbox.discord.rest.errors import invalid_form, refuse
from sandbox.discord.rules import is_empty, message_errors, thread_errors
from sandbox.discord.state import Discord
from sandbox.discord.threads import ThreadDraft, start_post, start_thread

Json = dict[str, Any]

MEMBERS = "/channels/{channel}/thread-members"
ARCHIVED = "/channels/{channel}/threads/archived"


class ThreadEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities
        self._access = ChannelAccess(discord)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/channels/{channel}/threads", self.start),
            web.post("/channels/{channel}/messages/{message}/threads", self.start_from_message),
            web.get("/guilds/{guild}/threads/active", self.active),
            web.get(ARCHIVED + "/{kind:public|private}", self.archived),
            web.get(MEMBERS, self.members),
            web.get(MEMBERS + "/{user}", self.member),
            web.put(MEMBERS + "/{user}", self.join),
            web.delete(MEMBERS + "/{user}", self.leave),
        ]

    async def start(self, request: web.Request) -> web.Response:
        """Start a thread without a message, or a post of a forum with its first message."""
        parent = self._access.channel(request)
        body = await self._access.read(request)
        if parent.type == ChannelType.FORUM:
            return await self._start_post(parent, body)
        invalid_form(thread_errors(body.json))
        # Without a type the thread is private, as it was when Discord introduced threads.
        kind = body.json.get("type") or ChannelType.PRIVATE_THREAD
        private = kind == ChannelType.PRIVATE_THREAD
        self._need(
            parent,
            Permissions.CREATE_PRIVATE_THREADS if private else Permissions.CREATE_PUBLIC_THREADS,
        )
        return self._answer(self._start(parent, body.json, private=private), 201)

    async def start_from_message(self, request: web.Request) -> web.Response:
        parent, message = self._access.channel(request), self._access.message(request)
        body = await self._access.read(request)
        invalid_form(thread_errors(body.json))
        self._need(parent, Permissions.CREATE_PUBLIC_THREADS)
        if "thread" in message.body:
            refuse(160004)
        return self._answer(self._start(parent, body.json, message), 201)

    async def _start_post(self, forum: Channel, body: RequestBody) -> web.Response:
        errors = thread_errors(body.json) or {}
        payload: Json = body.json.get("message") or {}
        if wrong := message_errors(payload, files=body.names):
            errors = {**errors, "message": wrong}
        invalid_form(errors)
        if is_empty(payload, body.names):
            refuse(50006)
        self._need(forum, Permissions.SEND_MESSAGES)
        draft = self._draft(forum, body.json, private=False)
        thread, message = start_post(self._discord, draft, payload, body.uploads)
        answer = channel_json(self._entities, thread) | {"message": message.body}
        return json_response(answer, 201)

    async def active(self, request: web.Request) -> web.Response:
        guild = self._entities.guilds.get(request.match_info["guild"])
        if guild is None:
            refuse(10004)
        threads = self._entities.threads(guild.id)
        listed = [one for one in threads if one.thread and not one.thread.archived]
        return json_response(self._list([one for one in listed if self._entities.bot_is_in(one)]))

    async def archived(self, request: web.Request) -> web.Response:
        """The archived threads of a channel, the last archived one first."""
        parent = self._access.channel(request, Permissions.READ_MESSAGE_HISTORY)
        private = request.match_info["kind"] == "private"
        if private:
            self._need(parent, Permissions.MANAGE_THREADS)
        found = [
            (one.thread.archived_at, one)
            for one in self._entities.threads(parent.guild_id or "")
            if one.thread and one.thread.archived and one.parent_id == parent.id
            if (one.type == ChannelType.PRIVATE_THREAD) == private
        ]
        listed = [one for _, one in sorted(found, key=lambda each: -each[0])]
        return json_response(self._list(listed))

    async def members(self, request: web.Request) -> web.Response:
        thread = self._access.thread(request)
        assert thread.thread is not None
        users = sorted(thread.thread.members)
        return json_response([thread_member_json(thread, user) for user in users])

    async def member(self, request: web.Request) -> web.Response:
        thread, user = self._access.thread(request), self._user(request)
        assert thread.thread is not None
        if user not in thread.thread.members:
            refuse(10007)
        return json_response(thread_member_json(thread, user))

    async def join(self, request: web.Request) -> web.Response:
        """Join a thread as the bot, or add a user, for which the bot must be able to write."""
        thread, user = self._open_thread(request), self._user(request)
        if user != self._entities.bot.id and not self._access.can_send(thread):
            refuse(50013)
        self._discord.channels.add_members(thread, [user])
        return no_content()

    async def leave(self, request: web.Request) -> web.Response:
        """Leave a thread as the bot; to remove a user needs MANAGE_THREADS, or a private thread
        of the bot.
        """
        thread, user = self._open_thread(request), self._user(request)
        assert thread.thread is not None
        bot = self._entities.bot.id
        owns = thread.type == ChannelType.PRIVATE_THREAD and thread.thread.owner_id == bot
        if user != bot and not owns:
            self._need(thread, Permissions.MANAGE_THREADS)
        self._discord.channels.remove_member(thread, user)
        return no_content()

    def _open_thread(self, request: web.Request) -> Channel:
        thread = self._access.thread(request)
        return refuse(50083) if thread.thread and thread.thread.archived else thread

    def _user(self, request: web.Request) -> str:
        named = request.match_info["user"]
        user_id = self._entities.bot.id if named == "@me" else named
        return user_id if user_id in self._entities.users else refuse(10013)

    def _need(self, channel: Channel, permission: Permissions) -> None:
        if permission not in self._access.allowed(channel):
            refuse(50013)

    def _draft(self, parent: Channel, payload: Json, *, private: bool) -> ThreadDraft:
        return ThreadDraft(
            parent,
            payload["name"],
            self._entities.bot,
            private=private,
            invitable=payload.get("invitable") is not False,
            minutes=payload.get("auto_archive_duration"),
            slow_mode=payload.get("rate_limit_per_user") or 0,
        )

    def _start(
        self,
        parent: Channel,
        payload: Json,
        message: Message | None = None,
        *,
        private: bool = False,
    ) -> Channel:
        kind = THREAD_TYPES.get(ChannelType(parent.type))
        if kind is None or parent.type == ChannelType.FORUM or (private and parent.type != 0):
            refuse(50024)
        return start_thread(self._discord, self._draft(parent, payload, private=private), message)

    def _answer(self, thread: Channel, status: int) -> web.Response:
        return json_response(channel_json(self._entities, thread), status)

    def _list(self, threads: list[Channel]) -> Json:
        bot = self._entities.bot.id
        own = [one for one in threads if one.thread and bot in one.thread.members]
        return {
            "threads": [channel_json(self._entities, one) for one in threads],
            "members": [thread_member_json(one, bot) for one in own],
            "has_more": False,
        }
