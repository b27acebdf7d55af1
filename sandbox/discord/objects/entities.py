"""Users, guilds, channels, threads and roles."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sandbox.discord.objects.channel_types import DM, GROUP_DM, TEXT, THREAD_TYPES, ChannelType
from sandbox.discord.objects.permissions import ADMIN, BOT, EVERYONE, NONE, Permissions
from sandbox.discord.objects.snowflake import SnowflakeGenerator, shard_of

BOT_NAME = "hordecord"
LOCALE = "en-US"  # of a new user or guild
AVATAR = "0" * 32  # the hash of every default avatar


@dataclass(slots=True)
class User:
    id: str
    username: str
    global_name: str | None
    admin: bool = False
    bot: bool = False
    locale: str = LOCALE  # of this user's client
    cached_json: dict[str, Any] | None = None  # set by user_json; many messages share it


@dataclass(slots=True)
class Thread:
    """The fields that only threads have. `members`: user ids, including the bot's if added."""

    owner_id: str
    members: set[str]
    created_at: float
    archived_at: float  # when it was last archived or unarchived
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    auto_archive_duration: int = 4320  # minutes
    slow_mode: int = 0  # seconds
    messages: int = 0


@dataclass(slots=True)
class Channel:
    """A channel or thread; `denied` and `allowed`: permissions that the bot lacks or has there.

    A thread inherits permissions and the age restriction from its parent.
    """

    id: str
    type: int
    name: str | None
    guild_id: str | None = None
    nsfw: bool = False
    position: int = 0
    recipients: list[str] = field(default_factory=list[str])
    denied: Permissions = NONE
    allowed: Permissions = NONE
    last_message_id: str | None = None
    parent_id: str | None = None
    thread: Thread | None = None


@dataclass(slots=True)
class Role:
    """A role of a guild, with the user ids of its members."""

    id: str
    name: str
    members: set[str]


@dataclass(slots=True)
class Guild:
    """A guild. All users are members; the bot is one when `has_bot`, with a role of its own."""

    id: str
    name: str
    owner_id: str
    bot_role: str
    has_bot: bool = True
    channels: list[str] = field(default_factory=list[str])
    roles: dict[str, Role] = field(default_factory=dict[str, Role])  # besides @everyone
    locale: str = LOCALE


class EntityStore:
    """All users, guilds and channels by id."""

    def __init__(self) -> None:
        self.ids = SnowflakeGenerator()
        self.users: dict[str, User] = {}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self._dm_of: dict[str, str] = {}  # user id -> channel id
        self.application_id = self.ids.next_spaced()
        # Discord gives newer applications and their bot users one id.
        self.bot = User(self.application_id, BOT_NAME, None, bot=True)
        self.users[self.bot.id] = self.bot
        self._add_initial_entities()

    def _add_initial_entities(self) -> None:
        self.add_user("ada", admin=True)
        self.add_user("ben")
        self.add_user("cleo")
        guild = self.add_guild("The Workshop", ["general", "pictures"])
        self.add_channel(guild.id, "after-dark", nsfw=True)

    def human_users(self) -> Iterator[User]:
        return (user for user in self.users.values() if not user.bot)

    def add_user(self, username: str, *, admin: bool = False, is_bot: bool = False) -> User:
        """Add a user with a direct channel to the bot. Raises ValueError for a taken name."""
        if any(user.username == username for user in self.users.values()):
            raise ValueError(f"there is a user {username!r} already")
        user = User(self.ids.next_spaced(), username, username.title(), admin=admin, bot=is_bot)
        self.users[user.id] = user
        self._add_dm(user.id)
        return user

    def add_guild(self, name: str, channels: Iterable[str], *, has_bot: bool = True) -> Guild:
        """Add a guild; the first user owns it."""
        owner = next(self.human_users())
        guild_id = self.ids.next_spaced()
        bot_role = str(int(guild_id) - 1)  # free, since a guild has a millisecond of its own
        guild = Guild(guild_id, name, owner.id, bot_role, has_bot)
        self.guilds[guild.id] = guild
        for channel in channels:
            self.add_channel(guild.id, channel)
        return guild

    def add_role(self, guild_id: str, name: str, members: Iterable[str]) -> Role:
        role = Role(self.ids.next_spaced(), name, set(members))
        self.guilds[guild_id].roles[role.id] = role
        return role

    def roles_of(self, user: User, guild_id: str) -> list[str]:
        """The role ids of a member, without @everyone, as Discord lists them."""
        guild = self.guilds[guild_id]
        own = [guild.bot_role] if user.id == self.bot.id and guild.has_bot else []
        return own + [role.id for role in guild.roles.values() if user.id in role.members]

    def add_channel(
        self,
        guild_id: str,
        name: str,
        *,
        nsfw: bool = False,
        kind: int = TEXT,
        parent_id: str | None = None,
    ) -> Channel:
        """Add a channel to a guild, optionally in a category."""
        guild = self.guilds[guild_id]
        position = len(guild.channels)
        channel = Channel(
            self.ids.next(), kind, name, guild_id, nsfw, position, parent_id=parent_id
        )
        self.channels[channel.id] = channel
        guild.channels.append(channel.id)
        return channel

    def add_thread(
        self,
        parent: Channel,
        name: str,
        owner: User,
        *,
        private: bool = False,
        thread_id: str | None = None,
    ) -> Channel:
        """Add a thread or a forum post. Raises ValueError for a parent without such threads.

        `thread_id`: the id of the message of which it is the thread.
        """
        kind = THREAD_TYPES.get(ChannelType(parent.type))
        if kind is None or (private and parent.type != TEXT):
            raise ValueError("there is no such thread in a channel of this type")
        kind, now = ChannelType.PRIVATE_THREAD if private else kind, time.time()
        thread = Thread(owner.id, {owner.id}, now, now)
        new_id = thread_id or self.ids.next()
        channel = Channel(new_id, kind, name, parent.guild_id, parent_id=parent.id, thread=thread)
        self.channels[channel.id] = channel
        return channel

    def threads(self, guild_id: str) -> list[Channel]:
        """The threads of a guild, oldest first."""
        return [one for one in self.channels.values() if one.thread and one.guild_id == guild_id]

    def add_group(self, name: str | None, recipients: list[str], kind: int = GROUP_DM) -> Channel:
        """Add a group channel or (type 1) a direct channel between two users, without the bot."""
        channel = Channel(self.ids.next(), kind, name, recipients=recipients)
        self.channels[channel.id] = channel
        return channel

    def remove_channel(self, channel_id: str) -> Channel:
        """Delete a channel or a thread. Raises KeyError for an unknown one."""
        channel = self.channels.pop(channel_id)
        if channel.guild_id and not channel.thread:
            self.guilds[channel.guild_id].channels.remove(channel_id)
        return channel

    def remove_guild(self, guild_id: str) -> list[str]:
        """Delete a guild; returns the ids of its channels and threads."""
        del self.guilds[guild_id]
        removed = [one.id for one in self.channels.values() if one.guild_id == guild_id]
        for channel_id in removed:
            del self.channels[channel_id]
        return removed

    def _add_dm(self, user_id: str) -> None:
        channel = Channel(self.ids.next(), DM, None, recipients=[user_id])
        self.channels[channel.id] = channel
        self._dm_of[user_id] = channel.id

    def dms(self) -> Iterator[Channel]:
        return (self.channels[channel_id] for channel_id in self._dm_of.values())

    def dm_of(self, user_id: str) -> Channel | None:
        channel_id = self._dm_of.get(user_id)
        return self.channels[channel_id] if channel_id else None

    def is_bot_dm(self, channel: Channel) -> bool:
        """Whether it is a direct channel with the bot."""
        return channel.id in self._dm_of.values()

    def permission_channel(self, channel: Channel) -> Channel:
        """The channel that defines permissions and age restriction: for a thread its parent."""
        return self.channels[channel.parent_id or ""] if channel.thread else channel

    def is_nsfw(self, channel: Channel) -> bool:
        return self.permission_channel(channel).nsfw

    def bot_is_in(self, channel: Channel) -> bool:
        """Whether the bot has access. A private thread must have it as a member."""
        if channel.guild_id:
            return self.guilds[channel.guild_id].has_bot and self._can_enter(self.bot.id, channel)
        return self.is_bot_dm(channel)

    def can_see(self, user_id: str, channel: Channel) -> bool:
        """Whether this user can read the channel."""
        if not channel.guild_id:
            return user_id in channel.recipients
        user = self.users.get(user_id)
        return self._can_enter(user_id, channel) or bool(user and user.admin)

    def _can_enter(self, user_id: str, channel: Channel) -> bool:
        private = channel.type == ChannelType.PRIVATE_THREAD
        return not private or bool(channel.thread and user_id in channel.thread.members)

    def bot_permissions(self, channel: Channel) -> Permissions:
        if not self.bot_is_in(channel):
            return NONE
        place = self.permission_channel(channel)
        return (BOT if channel.guild_id else EVERYONE) & ~place.denied | place.allowed

    def member_permissions(self, user: User) -> Permissions:
        return ADMIN if user.admin else EVERYONE

    def guilds_of_shard(self, shard: int, shards: int) -> list[Guild]:
        """The guilds with the bot that belong to this shard."""
        return [
            guild
            for guild in self.guilds.values()
            if guild.has_bot and shard_of(guild.id, shards) == shard
        ]
