"""Endpoints by which members start threads and posts of forums, join them and leave them."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.control.channel_endpoints import channel_summary
from sandbox.discord.messages.message_store import Message
from sandbox.discord.objects.channel_types import ChannelType
from sandbox.discord.objects.entities import Channel, User
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.state import Discord
from sandbox.discord.threads import ThreadDraft, start_post, start_thread

CONTENT_MAX = 2000  # characters


class NewThread(BaseModel):
    """A thread in a channel, or a post in a forum. `members`: user ids besides the owner's.

    `message_id`: the message of which it is the thread. `content`: the first message of a post; a
    post without one has none yet.
    """

    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    channel_id: str
    name: str = Field(min_length=1, max_length=100)
    user_id: str
    private: bool = False
    members: list[str] = []
    message_id: str | None = None
    content: str = Field(default="", max_length=CONTENT_MAX)


class ThreadEndpoints:
    """Endpoints for threads of members."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/threads", self.start),
            web.put("/threads/{id}/members/{user}", self.join),
            web.delete("/threads/{id}/members/{user}", self.leave),
        ]

    async def start(self, request: web.Request) -> web.Response:
        new = NewThread.model_validate(await request.json())
        parent = self._channel(new.channel_id)
        owner = self._entities.users.get(new.user_id)
        if owner is None or not self._entities.can_see(owner.id, parent):
            raise ValueError("this person does not see that channel")
        if any(user not in self._entities.users for user in new.members):
            raise ValueError("there is no such user")
        thread = self._started(new, parent, owner)
        return json_response(channel_summary(self._entities, thread), 201)

    def _started(self, new: NewThread, parent: Channel, owner: User) -> Channel:
        draft = ThreadDraft(parent, new.name, owner, private=new.private, members=list(new.members))
        message = self._message(new.message_id, parent) if new.message_id else None
        if message and (parent.type == ChannelType.FORUM or "thread" in message.body):
            raise ValueError("this message cannot have a thread, or it has one")
        if not new.content:
            return start_thread(self._discord, draft, message)
        if parent.type != ChannelType.FORUM:
            raise ValueError("only a post of a forum starts with a message")
        return start_post(self._discord, draft, {"content": new.content})[0]

    async def join(self, request: web.Request) -> web.Response:
        """Add a user to a thread, also the bot."""
        self._discord.channels.add_members(self._thread(request), [self._user(request)])
        return no_content()

    async def leave(self, request: web.Request) -> web.Response:
        """Remove a user from a thread, also the bot."""
        self._discord.channels.remove_member(self._thread(request), self._user(request))
        return no_content()

    def _thread(self, request: web.Request) -> Channel:
        channel = self._channel(request.match_info["id"])
        if channel.thread is None:
            raise ValueError("this channel is no thread")
        return channel

    def _user(self, request: web.Request) -> str:
        user_id = request.match_info["user"]
        if user_id not in self._entities.users:
            raise web.HTTPNotFound(text="there is no such user")
        return user_id

    def _channel(self, channel_id: str) -> Channel:
        channel = self._entities.channels.get(channel_id)
        if channel is None:
            raise web.HTTPNotFound(text="there is no such channel")
        return channel

    def _message(self, message_id: str, channel: Channel) -> Message:
        message = self._discord.messages.get(message_id)
        if message is None or message.deleted or message.channel_id != channel.id:
            raise web.HTTPNotFound(text="there is no such message in that channel")
        return message
