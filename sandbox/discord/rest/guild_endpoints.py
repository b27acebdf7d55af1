"""Who the bot is and whom it can see: users, guilds, members, the gateway's address."""

from aiohttp import web

from sandbox.discord.gateway.payload_handler import Intents
from sandbox.discord.objects.entities import Guild, User
from sandbox.discord.objects.guild_json import guild_json
from sandbox.discord.objects.json_objects import (
    LOCALE,
    application_json,
    channel_json,
    member_json,
    user_json,
)
from sandbox.discord.objects.permissions import EVERYONE
from sandbox.discord.rest.bodies import answer, nothing
from sandbox.discord.rest.errors import refuse
from sandbox.discord.state import Discord


class People:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._world = discord.world

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
            web.get("/applications/{application}/emojis", self.emojis),
            web.get("/guilds/{guild}", self.guild),
            web.get("/guilds/{guild}/channels", self.guild_channels),
            web.get("/guilds/{guild}/members/{user}", self.member),
        ]

    async def gateway(self, _: web.Request) -> web.Response:
        return answer({"url": self._discord.gateway.handshake.url})

    async def gateway_bot(self, _: web.Request) -> web.Response:
        starts = {"total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1}
        url = self._discord.gateway.handshake.url
        return answer({"url": url, "shards": 1, "session_start_limit": starts})

    async def me(self, _: web.Request) -> web.Response:
        account = {"mfa_enabled": False, "locale": LOCALE, "verified": True, "email": None}
        return answer(user_json(self._world.bot) | account)

    async def my_guilds(self, _: web.Request) -> web.Response:
        mine = {"owner": False, "permissions": str(int(EVERYONE))}
        return answer([guild_json(self._world, guild) | mine for guild in self._own_guilds()])

    async def leave(self, request: web.Request) -> web.Response:
        """The bot goes; the guild stays, with its people."""
        guild = self._guild(request)
        guild.has_bot = False
        self._discord.gateway.emit("GUILD_DELETE", {"id": guild.id}, guild.id, Intents.GUILDS)
        return nothing()

    async def user(self, request: web.Request) -> web.Response:
        return answer(user_json(self._user(request)))

    async def application(self, _: web.Request) -> web.Response:
        return answer(application_json(self._world))

    async def emojis(self, _: web.Request) -> web.Response:
        return answer({"items": []})

    async def guild(self, request: web.Request) -> web.Response:
        return answer(guild_json(self._world, self._guild(request)))

    async def guild_channels(self, request: web.Request) -> web.Response:
        guild = self._guild(request)
        channels = [self._world.channels[channel] for channel in guild.channels]
        return answer([channel_json(self._world, channel) for channel in channels])

    async def member(self, request: web.Request) -> web.Response:
        self._guild(request)
        return answer(member_json(self._user(request)))

    def _own_guilds(self) -> list[Guild]:
        return [guild for guild in self._world.guilds.values() if guild.has_bot]

    def _user(self, request: web.Request) -> User:
        user = self._world.users.get(request.match_info["user"])
        return user or refuse(10013)

    def _guild(self, request: web.Request) -> Guild:
        guild = self._world.guilds.get(request.match_info["guild"])
        if guild is None:
            refuse(10004)
        return guild if guild.has_bot else refuse(50001)
