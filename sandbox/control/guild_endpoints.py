"""Who and where there is, and changes to it."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.control.channel_endpoints import place_of
from sandbox.discord.gateway.payload_handler import Intents
from sandbox.discord.objects.entities import Guild, User
from sandbox.discord.objects.guild_json import guild_create_json, role_json
from sandbox.discord.rest.bodies import answer, nothing
from sandbox.discord.state import Discord

NOT_FOUND = "there is no such {}"


class NewUser(BaseModel):
    model_config = ConfigDict(extra="forbid")
    username: str = Field(min_length=2, max_length=32)
    admin: bool = False


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


class People:
    """The world and changes of it. `live`: pictures come from a Horde that is not ours."""

    def __init__(self, discord: Discord, *, live: bool) -> None:
        self._discord = discord
        self._world = discord.world
        self._live = live

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/world", self.show),
            web.post("/users", self.add_user),
            web.post("/guilds", self.add_guild),
            web.delete("/guilds/{id}", self.remove_guild),
            web.post("/roles", self.add_role),
        ]

    async def show(self, _: web.Request) -> web.Response:
        world = self._world
        return answer(
            {
                "application_id": world.application_id,
                "live": self._live,
                "bot": {"id": world.bot.id, "username": world.bot.username},
                "users": [_user(user) for user in world.people()],
                "guilds": [self._guild(guild) for guild in world.guilds.values()],
                "dms": [{"id": dm.id, "user_id": dm.recipients[0]} for dm in world.dms()],
                "groups": [
                    {
                        "id": one.id,
                        "name": one.name,
                        "type": one.type,
                        "user_ids": one.recipients,
                    }
                    for one in world.channels.values()
                    if not one.guild_id and not world.is_own_dm(one)
                ],
            }
        )

    async def add_user(self, request: web.Request) -> web.Response:
        new = NewUser.model_validate(await request.json())
        user = self._world.add_user(new.username, admin=new.admin)
        dm = self._world.dm_with(user.id)
        return answer(_user(user) | {"dm_id": dm.id if dm else None}, 201)

    async def add_guild(self, request: web.Request) -> web.Response:
        new = NewGuild.model_validate(await request.json())
        guild = self._world.add_guild(new.name, new.channels, has_bot=new.bot)
        if new.bot:
            self._discord.gateway.emit(
                "GUILD_CREATE",
                guild_create_json(self._world, guild, with_members=False),
                guild.id,
                Intents.GUILDS,
            )
        return answer(self._guild(guild), 201)

    async def remove_guild(self, request: web.Request) -> web.Response:
        """The bot is thrown out, and the guild is gone from the page."""
        if request.match_info["id"] not in self._world.guilds:
            raise web.HTTPNotFound(text=NOT_FOUND.format("guild"))
        guild_id = request.match_info["id"]
        for channel in self._world.remove_guild(guild_id):
            self._discord.board.forget_channel(channel)
        self._discord.gateway.emit("GUILD_DELETE", {"id": guild_id}, guild_id, Intents.GUILDS)
        return nothing()

    async def add_role(self, request: web.Request) -> web.Response:
        new = NewRole.model_validate(await request.json())
        if new.guild_id not in self._world.guilds:
            raise web.HTTPNotFound(text=NOT_FOUND.format("guild"))
        if any(user not in self._world.users for user in new.user_ids):
            raise ValueError("there is no such user")
        role = self._world.add_role(new.guild_id, new.name, new.user_ids)
        if self._world.guilds[new.guild_id].has_bot:
            body = {"guild_id": new.guild_id, "role": role_json(role.id, role.name, 0)}
            self._discord.gateway.emit("GUILD_ROLE_CREATE", body, new.guild_id, Intents.GUILDS)
        return answer({"id": role.id, "name": role.name}, 201)

    def _guild(self, guild: Guild) -> dict[str, object]:
        channels = [self._world.channels[channel] for channel in guild.channels]
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner_id,
            "bot": guild.has_bot,
            "roles": [{"id": guild.id, "name": "everyone"}, *_roles(guild)],
            "channels": [place_of(self._world, channel) for channel in channels],
            "threads": [place_of(self._world, one) for one in self._world.threads(guild.id)],
        }


def _roles(guild: Guild) -> list[dict[str, object]]:
    return [
        {"id": role.id, "name": role.name, "user_ids": sorted(role.members)}
        for role in guild.roles.values()
    ]


def _user(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "global_name": user.global_name,
        "admin": user.admin,
    }
