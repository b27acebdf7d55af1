"""Who and where there is, and changes to it."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.handshake import Intents
from sandbox.discord.permissions import named
from sandbox.discord.rest.bodies import answer, nothing
from sandbox.discord.state import Discord
from sandbox.discord.wire import channel_json, guild_create_json
from sandbox.discord.world import GROUP_DM, TEXT, Channel, Guild, User

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


class NewChannel(BaseModel):
    """A channel of a guild, or (type 3) a group of people without one."""

    model_config = ConfigDict(extra="forbid")
    guild_id: str | None = None
    name: str = Field(min_length=1, max_length=100)
    nsfw: bool = False
    type: int = TEXT
    user_ids: list[str] = []


class ChannelChange(BaseModel):
    model_config = ConfigDict(extra="forbid")
    nsfw: bool


class Denial(BaseModel):
    """What the bot may not do in a channel; an empty list allows everything again."""

    model_config = ConfigDict(extra="forbid")
    channel_id: str
    deny: list[str]


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
            web.post("/channels", self.add_channel),
            web.patch("/channels/{id}", self.change_channel),
            web.delete("/channels/{id}", self.remove_channel),
            web.post("/permissions", self.deny),
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
                    {"id": one.id, "name": one.name, "user_ids": one.recipients}
                    for one in world.channels.values()
                    if one.type == GROUP_DM
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
        guild = self._world.remove_guild(request.match_info["id"])
        for channel in guild.channels:
            self._discord.board.forget_channel(channel)
        self._discord.gateway.emit("GUILD_DELETE", {"id": guild.id}, guild.id, Intents.GUILDS)
        return nothing()

    async def add_channel(self, request: web.Request) -> web.Response:
        new = NewChannel.model_validate(await request.json())
        if new.type == GROUP_DM:
            if not new.user_ids or any(user not in self._world.users for user in new.user_ids):
                raise ValueError("a group needs the user_ids of people that there are")
            return answer(_channel(self._world.add_group(new.name, new.user_ids)), 201)
        if new.guild_id not in self._world.guilds:
            raise web.HTTPNotFound(text=NOT_FOUND.format("guild"))
        assert new.guild_id is not None
        channel = self._world.add_channel(new.guild_id, new.name, nsfw=new.nsfw, kind=new.type)
        self._tell("CHANNEL_CREATE", channel)
        return answer(_channel(channel), 201)

    async def change_channel(self, request: web.Request) -> web.Response:
        channel = self._channel(request.match_info["id"])
        channel.nsfw = ChannelChange.model_validate(await request.json()).nsfw
        self._tell("CHANNEL_UPDATE", channel)
        return answer(_channel(channel))

    async def remove_channel(self, request: web.Request) -> web.Response:
        channel = self._channel(request.match_info["id"])
        if not channel.guild_id:
            raise ValueError("only a channel of a guild can be deleted")
        self._tell("CHANNEL_DELETE", channel)
        self._world.remove_channel(channel.id)
        self._discord.board.forget_channel(channel.id)
        return nothing()

    async def deny(self, request: web.Request) -> web.Response:
        denial = Denial.model_validate(await request.json())
        channel = self._channel(denial.channel_id)
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
            raise web.HTTPNotFound(text=NOT_FOUND.format("channel"))
        return channel

    def _tell(self, event: str, channel: Channel) -> None:
        if self._world.bot_is_in(channel):
            body = channel_json(self._world, channel)
            self._discord.gateway.emit(event, body, channel.guild_id, Intents.GUILDS)

    def _guild(self, guild: Guild) -> dict[str, object]:
        channels = [_channel(self._world.channels[channel]) for channel in guild.channels]
        return {
            "id": guild.id,
            "name": guild.name,
            "owner_id": guild.owner_id,
            "bot": guild.has_bot,
            "channels": channels,
        }


def _user(user: User) -> dict[str, object]:
    return {
        "id": user.id,
        "username": user.username,
        "global_name": user.global_name,
        "admin": user.admin,
    }


def _channel(channel: Channel) -> dict[str, object]:
    return {
        "id": channel.id,
        "name": channel.name,
        "type": channel.type,
        "nsfw": channel.nsfw,
    }
