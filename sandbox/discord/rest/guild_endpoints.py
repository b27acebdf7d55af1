"""Endpoints for users, guilds, members, the application and the gateway URL."""

from aiohttp import web

from sandbox.discord.gateway.protocol import Intents
from sandbox.discord.objects.entities import Guild, User
from sandbox.discord.objects.guild_json import guild_json
from sandbox.discord.objects.json_objects import (
    application_json,
    channel_json,
    member_json,
    user_json,
)
from sandbox.discord.objects.permissions import EVERYONE
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.rest.errors import refuse
from sandbox.discord.state import Discord


class GuildEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._entities = discord.entities

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/gateway", self.gateway),
            web.get("/gateway/bot", self.gateway_bot),
            web.get("/users/@me", self.me),
            web.get("/users/@me/guilds", self.my_guilds),
            web.delete("/users/@me/guilds/{guild}", self.leave),
            web.get("/users/{user}", self.user),
            web.get("/oauth2/applications/@me", self.application),
            web.get("/applications/@me", self.application),
            web.get("/guilds/{guild}", self.guild),
            web.get("/guilds/{guild}/channels", self.guild_channels),
            web.get("/guilds/{guild}/members/{user}", self.member),
        ]

    async def gateway(self, _: web.Request) -> web.Response:
        return json_response({"url": self._discord.gateway.payload_handler.url})

    async def gateway_bot(self, _: web.Request) -> web.Response:
        starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        url = self._discord.gateway.payload_handler.url
        return json_response({"url": url, "shards": 1, "session_start_limit": starts})

    async def me(self, _: web.Request) -> web.Response:
        account = {
            "mfa_enabled": False,
            "locale": self._entities.bot.locale,
            "verified": True,
            "email": None,
        }
        return json_response(user_json(self._entities.bot) | account)

    async def my_guilds(self, _: web.Request) -> web.Response:
        mine = {"owner": False, "permissions": str(int(EVERYONE))}
        return json_response(
            [guild_json(self._entities, guild) | mine for guild in self._own_guilds()]
        )

    async def leave(self, request: web.Request) -> web.Response:
        """The bot leaves the guild."""
        guild = self._guild(request)
        guild.has_bot = False
        self._discord.gateway.emit("GUILD_DELETE", {"id": guild.id}, guild.id, Intents.GUILDS)
        return no_content()

    async def user(self, request: web.Request) -> web.Response:
        return json_response(user_json(self._user(request)))

    async def application(self, _: web.Request) -> web.Response:
        return json_response(application_json(self._entities, self._discord.settings))

    async def guild(self, request: web.Request) -> web.Response:
        return json_response(guild_json(self._entities, self._guild(request)))

    async def guild_channels(self, request: web.Request) -> web.Response:
        guild = self._guild(request)
        channels = [self._entities.channels[channel] for channel in guild.channels]
        return json_response([channel_json(self._entities, channel) for channel in channels])

    async def member(self, request: web.Request) -> web.Response:
        guild, user = self._guild(request), self._user(request)
        roles = {"roles": self._entities.roles_of(user, guild.id)}
        return json_response(member_json(user) | roles)

    def _own_guilds(self) -> list[Guild]:
        return [guild for guild in self._entities.guilds.values() if guild.has_bot]

    def _user(self, request: web.Request) -> User:
        user = self._entities.users.get(request.match_info["user"])
        return user or refuse(10013)

    def _guild(self, request: web.Request) -> Guild:
        guild = self._entities.guilds.get(request.match_info["guild"])
        if guild is None:
            refuse(10004)
        return guild if guild.has_bot else refuse(50001)
