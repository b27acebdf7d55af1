"""Endpoints that add, change and remove channels and groups, and set the bot's permissions."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.objects.channel_types import DM, GROUP_DM, GUILD_TYPES, TEXT
from sandbox.discord.objects.entities import Channel, EntityStore
from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.objects.permissions import permissions_named
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.state import Discord


class NewChannel(BaseModel):
    """A channel of a guild; without a guild a group (type 3) or a direct channel (type 1)."""

    model_config = ConfigDict(extra="forbid")
    guild_id: str | None = None
    name: str = Field(default="", max_length=100)
    nsfw: bool = False
    type: int = TEXT
    parent_id: str | None = None
    user_ids: list[str] = []


class ChannelChange(BaseModel):
    """The fields to change. Threads have archived and locked, channels have nsfw."""

    model_config = ConfigDict(extra="forbid")
    nsfw: bool | None = None
    archived: bool | None = None
    locked: bool | None = None


class PermissionDenial(BaseModel):
    """The permissions that the bot lacks or has in a channel, beside those of its role."""

    model_config = ConfigDict(extra="forbid")
    channel_id: str
    deny: list[str] = []
    allow: list[str] = []


class ChannelEndpoints:
    """Endpoints for channels, threads and groups."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/channels", self.add_channel),
            web.patch("/channels/{id}", self.change),
            web.delete("/channels/{id}", self.remove),
            web.post("/permissions", self.deny),
        ]

    async def add_channel(self, request: web.Request) -> web.Response:
        new = NewChannel.model_validate(await request.json())
        if new.type in (DM, GROUP_DM):
            return json_response(channel_summary(self._entities, self._add_group(new)), 201)
        if new.guild_id not in self._entities.guilds:
            raise web.HTTPNotFound(text="there is no such guild")
        if new.type not in GUILD_TYPES or not new.name:
            raise ValueError("a guild has no such channel, or the channel has no name")
        assert new.guild_id is not None
        channel = self._entities.add_channel(
            new.guild_id, new.name, nsfw=new.nsfw, kind=new.type, parent_id=new.parent_id
        )
        self._send_event("CHANNEL_CREATE", channel)
        return json_response(channel_summary(self._entities, channel), 201)

    def _add_group(self, new: NewChannel) -> Channel:
        if not new.user_ids or any(user not in self._entities.users for user in new.user_ids):
            raise ValueError("a group needs the user_ids of people that there are")
        return self._entities.add_group(new.name or None, new.user_ids, new.type)

    async def change(self, request: web.Request) -> web.Response:
        channel = self._channel(request.match_info["id"])
        change = ChannelChange.model_validate(await request.json())
        if channel.thread:
            if change.nsfw is not None:
                raise ValueError("a thread is as age-restricted as its channel")
            self._discord.channels.change_thread(
                channel, archived=change.archived, locked=change.locked
            )
        elif change.nsfw is None:
            raise ValueError("of a channel only nsfw can be changed")
        else:
            channel.nsfw = change.nsfw
            self._send_event("CHANNEL_UPDATE", channel)
        return json_response(channel_summary(self._entities, channel))

    async def remove(self, request: web.Request) -> web.Response:
        channel = self._channel(request.match_info["id"])
        if not channel.guild_id:
            raise ValueError("only a channel of a guild can be deleted")
        self._discord.channels.remove(channel)
        return no_content()

    async def deny(self, request: web.Request) -> web.Response:
        denial = PermissionDenial.model_validate(await request.json())
        channel = self._channel(denial.channel_id)
        if channel.thread:
            raise ValueError("a thread has the permissions of its channel")
        try:
            denied, allowed = permissions_named(denial.deny), permissions_named(denial.allow)
        except KeyError as error:
            raise ValueError(f"there is no permission {error.args[0]}") from error
        channel.denied, channel.allowed = denied, allowed
        if channel.guild_id:
            self._send_event("CHANNEL_UPDATE", channel)
        return no_content()

    def _channel(self, channel_id: str) -> Channel:
        channel = self._entities.channels.get(channel_id)
        if channel is None:
            raise web.HTTPNotFound(text="there is no such channel")
        return channel

    def _send_event(self, event: str, channel: Channel) -> None:
        self._discord.channels.send_event(event, channel, channel_json(self._entities, channel))


def channel_summary(entities: EntityStore, channel: Channel) -> dict[str, object]:
    """The JSON of a channel or thread, for the page and for tests."""
    body: dict[str, object] = {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type,
        "nsfw": entities.is_nsfw(channel),
        "parent_id": channel.parent_id,
    }
    if channel.thread:
        body |= {
            "archived": channel.thread.archived,
            "locked": channel.thread.locked,
            "user_ids": sorted(channel.thread.members),
        }
    return body
