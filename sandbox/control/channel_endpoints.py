"""Channels, threads and groups: what is made, changed and taken away, and what is forbidden."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.objects.channel_types import DM, GROUP_DM, IN_GUILDS, TEXT
from sandbox.discord.objects.entities import Channel, World
from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.objects.permissions import named
from sandbox.discord.rest.bodies import answer, nothing
from sandbox.discord.state import Discord


class NewChannel(BaseModel):
    """A channel of a guild, or without one a group of people (type 3) or two of them (type 1)."""

    model_config = ConfigDict(extra="forbid")
    guild_id: str | None = None
    name: str = Field(default="", max_length=100)
    nsfw: bool = False
    type: int = TEXT
    parent_id: str | None = None
    user_ids: list[str] = []


class NewThread(BaseModel):
    """A thread in a channel, or a post in a forum. `members`: who is in it besides its maker."""

    model_config = ConfigDict(extra="forbid")
    channel_id: str
    name: str = Field(min_length=1, max_length=100)
    user_id: str
    private: bool = False
    members: list[str] = []


class ChannelChange(BaseModel):
    """What is not named stays. Threads are archived and locked, channels age-restricted."""

    model_config = ConfigDict(extra="forbid")
    nsfw: bool | None = None
    archived: bool | None = None
    locked: bool | None = None


class Denial(BaseModel):
    """What the bot may not do in a channel; an empty list allows everything again."""

    model_config = ConfigDict(extra="forbid")
    channel_id: str
    deny: list[str]


class Places:
    """Changes to where people talk."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._world = discord.world

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/channels", self.add_channel),
            web.post("/threads", self.add_thread),
            web.patch("/channels/{id}", self.change),
            web.delete("/channels/{id}", self.remove),
            web.post("/permissions", self.deny),
        ]

    async def add_channel(self, request: web.Request) -> web.Response:
        new = NewChannel.model_validate(await request.json())
        if new.type in (DM, GROUP_DM):
            return answer(place_of(self._world, self._group(new)), 201)
        if new.guild_id not in self._world.guilds:
            raise web.HTTPNotFound(text="there is no such guild")
        if new.type not in IN_GUILDS or not new.name:
            raise ValueError("a guild has no such channel, or the channel has no name")
        assert new.guild_id is not None
        channel = self._world.add_channel(
            new.guild_id, new.name, nsfw=new.nsfw, kind=new.type, parent_id=new.parent_id
        )
        self._tell("CHANNEL_CREATE", channel)
        return answer(place_of(self._world, channel), 201)

    def _group(self, new: NewChannel) -> Channel:
        if not new.user_ids or any(user not in self._world.users for user in new.user_ids):
            raise ValueError("a group needs the user_ids of people that there are")
        return self._world.add_group(new.name or None, new.user_ids, new.type)

    async def add_thread(self, request: web.Request) -> web.Response:
        new = NewThread.model_validate(await request.json())
        parent, owner = self._channel(new.channel_id), self._world.users.get(new.user_id)
        if owner is None or not self._world.sees(owner.id, parent):
            raise ValueError("this person does not see that channel")
        if any(user not in self._world.users for user in new.members):
            raise ValueError("there is no such user")
        thread = self._world.add_thread(parent, new.name, owner, private=new.private)
        assert thread.thread is not None
        thread.thread.members.update(new.members)
        body = channel_json(self._world, thread) | {"newly_created": True}
        self._discord.tell_place("THREAD_CREATE", thread, body)
        return answer(place_of(self._world, thread), 201)

    async def change(self, request: web.Request) -> web.Response:
        channel = self._channel(request.match_info["id"])
        wanted = ChannelChange.model_validate(await request.json())
        if channel.thread:
            if wanted.nsfw is not None:
                raise ValueError("a thread is as age-restricted as its channel")
            self._discord.change_thread(channel, archived=wanted.archived, locked=wanted.locked)
        elif wanted.nsfw is None:
            raise ValueError("of a channel only nsfw can be changed")
        else:
            channel.nsfw = wanted.nsfw
            self._tell("CHANNEL_UPDATE", channel)
        return answer(place_of(self._world, channel))

    async def remove(self, request: web.Request) -> web.Response:
        channel = self._channel(request.match_info["id"])
        if not channel.guild_id:
            raise ValueError("only a channel of a guild can be deleted")
        self._discord.remove_place(channel)
        return nothing()

    async def deny(self, request: web.Request) -> web.Response:
        denial = Denial.model_validate(await request.json())
        channel = self._channel(denial.channel_id)
        if channel.thread:
            raise ValueError("a thread has the permissions of its channel")
        try:
            channel.denied = named(denial.deny)
        except KeyError as error:
            raise ValueError(f"there is no permission {error.args[0]}") from error
        if channel.guild_id:
            self._tell("CHANNEL_UPDATE", channel)
        return nothing()

    def _channel(self, channel_id: str) -> Channel:
        channel = self._world.channels.get(channel_id)
        if channel is None:
            raise web.HTTPNotFound(text="there is no such channel")
        return channel

    def _tell(self, event: str, channel: Channel) -> None:
        self._discord.tell_place(event, channel, channel_json(self._world, channel))


def place_of(world: World, channel: Channel) -> dict[str, object]:
    """A channel or a thread, for the page and for tests."""
    body: dict[str, object] = {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type,
        "nsfw": world.is_nsfw(channel),
        "parent_id": channel.parent_id,
    }
    if channel.thread:
        body |= {
            "archived": channel.thread.archived,
            "locked": channel.thread.locked,
            "user_ids": sorted(channel.thread.members),
        }
    return body
