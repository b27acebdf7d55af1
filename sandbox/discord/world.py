"""The people, guilds and channels of the sandbox."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.permissions import ADMIN, EVERYONE, NONE, Permissions
from sandbox.discord.snowflake import Snowflakes, shard_of

TEXT, DM, GROUP_DM = 0, 1, 3  # channel types
BOT_NAME = "hordecord"
AVATAR = "0" * 32  # every drawn avatar has this hash


@dataclass(slots=True)
class User:
    id: str
    username: str
    global_name: str | None
    admin: bool = False
    bot: bool = False
    wire: dict[str, Any] | None = None  # its JSON, once it was asked for; thousands share it


@dataclass(slots=True)
class Channel:
    """A place for messages; `denied` is what the bot may not do there."""

    id: str
    type: int
    name: str | None
    guild_id: str | None = None
    nsfw: bool = False
    position: int = 0
    recipients: list[str] = field(default_factory=list[str])
    denied: Permissions = NONE
    last_message_id: str | None = None


@dataclass(slots=True)
class Guild:
    """A server; everybody is in it, the bot only when `has_bot`."""

    id: str
    name: str
    owner_id: str
    has_bot: bool = True
    channels: list[str] = field(default_factory=list[str])


class World:
    """Who and what there is. Lookups by id give None for what is unknown."""

    def __init__(self) -> None:
        self.ids = Snowflakes()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self._dm_of: dict[str, str] = {}  # user id -> channel id
        self.application_id = self.ids.spaced()
        # Discord gives newer applications and their bot users one id.
        self.bot = User(self.application_id, BOT_NAME, None, bot=True)
        self.users[self.bot.id] = self.bot
        self._populate()

    def _populate(self) -> None:
        self.add_user("ada", admin=True)
        self.add_user("ben")
        self.add_user("cleo")
        guild = self.add_guild("The Workshop", ["general", "pictures"])
        self.add_channel(guild.id, "after-dark", nsfw=True)

    def people(self) -> Iterator[User]:
        return (user for user in self.users.values() if not user.bot)

    def add_user(self, username: str, *, admin: bool = False) -> User:
        """A new person, with a direct channel to the bot. Raises ValueError for a taken name."""
        if any(user.username == username for user in self.users.values()):
            raise ValueError(f"there is a user {username!r} already")
        user = User(self.ids.spaced(), username, username.title(), admin=admin)
        self.users[user.id] = user
        self._dm(user.id)
        return user

    def add_guild(self, name: str, channels: Iterable[str], *, has_bot: bool = True) -> Guild:
        """A new guild; it belongs to the first person."""
        owner = next(self.people())
        guild = Guild(self.ids.spaced(), name, owner.id, has_bot)
        self.guilds[guild.id] = guild
        for channel in channels:
            self.add_channel(guild.id, channel)
        return guild

    def add_channel(
        self, guild_id: str, name: str, *, nsfw: bool = False, kind: int = TEXT
    ) -> Channel:
        guild = self.guilds[guild_id]
        position = len(guild.channels)
        channel = Channel(self.ids.next(), kind, name, guild_id, nsfw=nsfw, position=position)
        self.channels[channel.id] = channel
        guild.channels.append(channel.id)
        return channel

    def add_group(self, name: str | None, recipients: list[str]) -> Channel:
        """A group of people that talk without a guild; a bot cannot be in one."""
        channel = Channel(self.ids.next(), GROUP_DM, name, recipients=recipients)
        self.channels[channel.id] = channel
        return channel

    def remove_channel(self, channel_id: str) -> Channel:
        """Delete a channel of a guild or a group. Raises KeyError for an unknown one."""
        channel = self.channels.pop(channel_id)
        if channel.guild_id:
            self.guilds[channel.guild_id].channels.remove(channel_id)
        return channel

    def remove_guild(self, guild_id: str) -> Guild:
        guild = self.guilds.pop(guild_id)
        for channel_id in guild.channels:
            del self.channels[channel_id]
        return guild

    def _dm(self, user_id: str) -> None:
        channel = Channel(self.ids.next(), DM, None, recipients=[user_id])
        self.channels[channel.id] = channel
        self._dm_of[user_id] = channel.id

    def dms(self) -> Iterator[Channel]:
        return (self.channels[channel_id] for channel_id in self._dm_of.values())

    def dm_with(self, user_id: str) -> Channel | None:
        channel_id = self._dm_of.get(user_id)
        return self.channels[channel_id] if channel_id else None

    def bot_is_in(self, channel: Channel) -> bool:
        if channel.guild_id:
            return self.guilds[channel.guild_id].has_bot
        return channel.type == DM

    def sees(self, user_id: str, channel: Channel) -> bool:
        """Whether this person can read the channel."""
        return bool(channel.guild_id) or user_id in channel.recipients

    def bot_permissions(self, channel: Channel) -> Permissions:
        return EVERYONE & ~channel.denied if self.bot_is_in(channel) else NONE

    def member_permissions(self, user: User) -> Permissions:
        return ADMIN if user.admin else EVERYONE

    def guilds_of_shard(self, shard: int, shards: int) -> list[Guild]:
        """The guilds that the bot is in and that this shard hears of."""
        return [
            guild
            for guild in self.guilds.values()
            if guild.has_bot and shard_of(guild.id, shards) == shard
        ]
