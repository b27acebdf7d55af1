"""Endpoints for channels that a bot calls with its token."""

from aiohttp import web

from sandbox.discord.objects.json_objects import channel_json
from sandbox.discord.objects.permissions import Permissions
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.rest.channel_access import ChannelAccess
from sandbox.discord.rest.errors import refuse
from sandbox.discord.rest.thread_rules import check_thread_change, thread_changes
from sandbox.discord.state import Discord

TYPING_SECONDS = 10


class ChannelEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities
        self._access = ChannelAccess(discord)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/users/@me/channels", self.open_dm),
            web.get("/channels/{channel}", self.fetch),
            web.patch("/channels/{channel}", self.change),
            web.delete("/channels/{channel}", self.delete),
            web.post("/channels/{channel}/typing", self.start_typing),
        ]

    async def open_dm(self, request: web.Request) -> web.Response:
        body = await self._access.read(request)
        channel = self._entities.dm_of(str(body.json.get("recipient_id")))
        return json_response(channel_json(self._entities, channel)) if channel else refuse(50033)

    async def fetch(self, request: web.Request) -> web.Response:
        return json_response(channel_json(self._entities, self._access.channel(request)))

    async def change(self, request: web.Request) -> web.Response:
        """Change a thread. The sandbox's bots do not manage other channels."""
        channel = self._access.channel(request)
        body = await self._access.read(request)
        if channel.thread is None:
            refuse(50013)
        check_thread_change(self._discord, channel, body.json)
        for field, value in thread_changes(body.json).items():
            setattr(channel.thread, field, value)
        channel.name = body.json.get("name") or channel.name
        archived, locked = body.json.get("archived"), body.json.get("locked")
        self._discord.channels.change_thread(channel, archived=archived, locked=locked)
        return json_response(channel_json(self._entities, channel))

    async def delete(self, request: web.Request) -> web.Response:
        """Delete a thread or a channel of a guild."""
        channel = self._access.channel(request)
        manages = Permissions.MANAGE_THREADS if channel.thread else Permissions.MANAGE_CHANNELS
        if manages not in self._access.allowed(channel):
            refuse(50013)
        answer = channel_json(self._entities, channel)
        self._discord.channels.remove(channel)
        return json_response(answer)

    async def start_typing(self, request: web.Request) -> web.Response:
        channel = self._access.channel(request)
        if not self._access.can_send(channel):
            refuse(50013)
        self._discord.event_stream.publish(
            "typing",
            lambda: {"channel_id": channel.id, "seconds": TYPING_SECONDS},
            lambda user_id: self._entities.can_see(user_id, channel),
        )
        return no_content()
