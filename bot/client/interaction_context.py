"""Origin of a request: reads the place from an interaction."""

import time
from typing import Any

import discord

from bot.domain.records import MessageAccess, MessageRef, Origin

# An interaction's token is valid for 15 minutes (docs of 2026-08). The last half minute is not
# used: an upload that begins in it may end too late.
TOKEN_LIFE = 15 * 60 - 30
WITH_AGE = (
    discord.TextChannel
    | discord.VoiceChannel
    | discord.StageChannel
    | discord.ForumChannel
    | discord.Thread
)


def origin_of(interaction: discord.Interaction[Any]) -> Origin:
    """The place and the user of that interaction, and the message that its token reaches.

    The end of the token is counted from now by the bot's clock: Discord's may differ from it.
    """
    message = MessageRef(
        channel_id=interaction.channel_id or 0,
        token=interaction.token,
        token_expires_at=time.time() + TOKEN_LIFE,
        reach=reach_of(interaction),
        upload_limit=interaction.filesize_limit,
    )
    return Origin(
        interaction_id=interaction.id,
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        message=message,
        age_restricted=is_age_restricted(interaction.channel),
        home=home_of(interaction),
        roles=roles_of(interaction.user),
        places=location_of(interaction.channel, interaction.channel_id or 0),
        manager=interaction.permissions.manage_guild,
        locale=interaction.locale.value,
        guild_locale=interaction.guild_locale.value if interaction.guild_locale else "",
    )


def home_of(interaction: discord.Interaction[Any]) -> int:
    """The channel whose settings count there: for a thread its parent."""
    return home_of_channel(interaction.channel, interaction.channel_id or 0)


def home_of_channel(channel: object, channel_id: int) -> int:
    """The same of a channel with that id."""
    return channel.parent_id if isinstance(channel, discord.Thread) else channel_id


def roles_of(user: discord.User | discord.Member) -> tuple[int, ...]:
    """The ids of a user's roles in that server, as the event of Discord contains them.

    With @everyone, which has the server's id: menus list it, and Discord leaves it out of members'
    roles. The library's own list lacks unknown roles, which right after a start are all of them:
    then a blocked role would be allowed.
    """
    if not isinstance(user, discord.Member):
        return ()
    everyone = user.guild.id
    return (*user._roles, everyone)  # pyright: ignore[reportPrivateUsage] # noqa: SLF001


def location_of(channel: object, channel_id: int) -> tuple[int, ...]:
    """The thread, its channel and the category, the nearest first; 0 for none."""
    if isinstance(channel, discord.Thread):
        parent = channel.parent
        return (channel.id, channel.parent_id, parent.category_id or 0 if parent else 0)
    category = channel.category_id if isinstance(channel, discord.abc.GuildChannel) else None
    return (channel_id, category or 0)


def reach_of(interaction: discord.Interaction[Any]) -> MessageAccess:
    """The routes to the message after the token has expired."""
    if interaction.guild_id is None:
        return MessageAccess.DM if interaction.context.dm_channel else MessageAccess.USER_INSTALL
    installed_here = interaction.is_guild_integration()
    if interaction.is_user_integration() and not installed_here:
        return MessageAccess.USER_INSTALL
    return MessageAccess.USER_INSTALL if _shuts_us_out(interaction.channel) else MessageAccess.GUILD


def _shuts_us_out(channel: object) -> bool:
    """Whether it is a private thread without the bot: Discord reports no other to it.

    Only commands work there, by their tokens.
    """
    if not isinstance(channel, discord.Thread) or not channel.is_private():
        return False
    return channel.guild.get_thread(channel.id) is None


def is_age_restricted(channel: object) -> bool:
    """Whether the place is age-restricted: a thread as its parent, a DM never."""
    return isinstance(channel, WITH_AGE) and channel.is_nsfw()
