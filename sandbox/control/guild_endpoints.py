"""Endpoints that list users, guilds and channels, and add users, guilds and roles."""

from collections.abc import Collection

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sandbox.control.channel_endpoints import channel_summary
from sandbox.discord.gateway.protocol import Intents
from sandbox.discord.objects.entities import Guild, User
from sandbox.discord.objects.guild_json import guild_create_json, guild_json, role_json
from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.rules.command_names import LOCALES
from sandbox.discord.state import Discord

NO_SUCH = "there is no such {}"


class NewUser(BaseModel):
    model_config = ConfigDict(extra="forbid")
    username: str = Field(min_length=2, max_length=32)
    admin: bool = False
    bot: bool = False  # of another bot


class Language(BaseModel):
    """The language that a user or a guild chose."""

    model_config = ConfigDict(extra="forbid")
    locale: str

    @field_validator("locale")
    @classmethod
    def _known(cls, locale: str) -> str:
        if locale not in LOCALES:
            raise ValueError(f"Discord has no locale {locale!r}")
        return locale


class NewGuild(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str = Field(min_length=2, max_length=100)
    channels: list[str] = ["general"]
    bot: bool = True


class NewRole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    guild_id: str
    name: str = Field(min_length=1, max_length=100)
    user_ids: list[str] = []


class GuildEndpoints:
    """Endpoints for users, guilds and roles. `external_horde`: the local Horde is not used.

    `optional_servers`: the names of those that run.
    """

    def __init__(
        self, discord: Discord, *, external_horde: bool, optional_servers: Collection[str] = ()
    ) -> None:
        self._discord = discord
        self._entities = discord.entities
        self._external_horde = external_horde
        self._optional_servers = sorted(optional_servers)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/world", self.overview),
            web.post("/users", self.add_user),
            web.patch("/users/{id}", self.set_user_language),
            web.post("/guilds", self.add_guild),
            web.patch("/guilds/{id}", self.set_guild_language),
            web.delete("/guilds/{id}", self.remove_guild),
            web.post("/roles", self.add_role),
        ]

    async def overview(self, _: web.Request) -> web.Response:
        entities = self._entities
        return json_response(
            {
                "application_id": entities.application_id,
                "live": self._external_horde,
                "optional_servers": self._optional_servers,
                "bot": {"id": entities.bot.id, "username": entities.bot.username},
                "users": [_user_json(user) for user in entities.human_users()],
                "guilds": [self._guild_json(guild) for guild in entities.guilds.values()],
                "dms": [{"id": dm.id, "user_id": dm.recipients[0]} for dm in entities.dms()],
                "groups": [
                    {
                        "id": one.id,
                        "name": one.name,
                        "type": one.type,
                        "user_ids": one.recipients,
                    }
                    for one in entities.channels.values()
                    if not one.guild_id and not entities.is_bot_dm(one)
                ],
            }
        )

    async def add_user(self, request: web.Request) -> web.Response:
        new = NewUser.model_validate(await request.json())
        user = self._entities.add_user(new.username, admin=new.admin, is_bot=new.bot)
        dm = self._entities.dm_of(user.id)
        return json_response(_user_json(user) | {"dm_id": dm.id if dm else None}, 201)

    async def add_guild(self, request: web.Request) -> web.Response:
        new = NewGuild.model_validate(await request.json())
        guild = self._entities.add_guild(new.name, new.channels, has_bot=new.bot)
        if new.bot:
            self._discord.gateway.emit(
                "GUILD_CREATE",
                guild_create_json(self._entities, guild, with_members=False),
                guild.id,
                Intents.GUILDS,
            )
        return json_response(self._guild_json(guild), 201)

    async def set_user_language(self, request: web.Request) -> web.Response:
        user = self._entities.users.get(request.match_info["id"])
        if user is None or user.bot:
            raise web.HTTPNotFound(text=NO_SUCH.format("user"))
        user.locale = Language.model_validate(await request.json()).locale
        self._discord.event_stream.publish("world", dict, lambda _: True)
        return json_response(_user_json(user))

    async def set_guild_language(self, request: web.Request) -> web.Response:
        """Change the guild's language; the bot gets GUILD_UPDATE."""
        guild = self._entities.guilds.get(request.match_info["id"])
        if guild is None:
            raise web.HTTPNotFound(text=NO_SUCH.format("guild"))
        guild.locale = Language.model_validate(await request.json()).locale
        if guild.has_bot:
            body = guild_json(self._entities, guild)
            self._discord.gateway.emit("GUILD_UPDATE", body, guild.id, Intents.GUILDS)
        self._discord.event_stream.publish("world", dict, lambda _: True)
        return json_response(self._guild_json(guild))

    async def remove_guild(self, request: web.Request) -> web.Response:
        """Delete the guild; the bot gets GUILD_DELETE."""
        if request.match_info["id"] not in self._entities.guilds:
            raise web.HTTPNotFound(text=NO_SUCH.format("guild"))
        guild_id = request.match_info["id"]
        for channel in self._entities.remove_guild(guild_id):
            self._discord.messages.forget_channel(channel)
            self._discord.webhooks.forget_channel(channel)
        self._discord.gateway.emit("GUILD_DELETE", {"id": guild_id}, guild_id, Intents.GUILDS)
        return no_content()

    async def add_role(self, request: web.Request) -> web.Response:
        new = NewRole.model_validate(await request.json())
        if new.guild_id not in self._entities.guilds:
            raise web.HTTPNotFound(text=NO_SUCH.format("guild"))
        if any(user not in self._entities.users for user in new.user_ids):
            raise ValueError("there is no such user")
        role = self._entities.add_role(new.guild_id, new.name, new.user_ids)
        if self._entities.guilds[new.guild_id].has_bot:
            body = {"guild_id": new.guild_id, "role": role_json(role.id, role.name, 0)}
            self._discord.gateway.emit("GUILD_ROLE_CREATE", body, new.guild_id, Intents.GUILDS)
        return json_response({"id": role.id, "name": role.name}, 201)

    def _guild_json(self, guild: Guild) -> dict[str, object]:
        channels = [self._entities.channels[channel] for channel in guild.channels]
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner_id,
            "locale": guild.locale,
            "bot": guild.has_bot,
            "roles": [{"id": guild.id, "name": "everyone"}, *_roles_json(guild)],
            "channels": [channel_summary(self._entities, channel) for channel in channels],
            "threads": [
                channel_summary(self._entities, one) for one in self._entities.threads(guild.id)
            ],
        }


def _roles_json(guild: Guild) -> list[dict[str, object]]:
    return [
        {"id": role.id, "name": role.name, "user_ids": sorted(role.members)}
        for role in guild.roles.values()
    ]


def _user_json(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "global_name": user.global_name,
        "admin": user.admin,
        "locale": user.locale,
    }
