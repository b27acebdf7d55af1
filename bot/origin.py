"""Where a request comes from: what an interaction says about its place."""

import time
from typing import Any

import discord

from bot.records import MessageRef, Origin, Reach

# An interaction's token is good for 15 minutes (docs of 2026-08). The last half minute is left
# alone: an upload that begins in it may end after it.
TOKEN_LIFE = 15 * 60 - 30


def origin_of(interaction: discord.Interaction[Any], *, private: bool = False) -> Origin:
    """The place and the person of that interaction, and the door its token opens.

    The token's end is counted from now by our own clock: Discord's may differ from it.
    """
    message = MessageRef(
        channel_id=interaction.channel_id or 0,
        token=interaction.token,
        token_expires_at=time.time() + TOKEN_LIFE,
        ephemeral=private,
        reach=reach_of(interaction),
        upload_limit=interaction.filesize_limit,
    )
    return Origin(
        interaction_id=interaction.id,
        user_id=interaction.user.id,
        guild_id=interaction.guild_id,
        message=message,
        nsfw=is_nsfw(interaction),
        home=home_of(interaction),
    )


def home_of(interaction: discord.Interaction[Any]) -> int:
    """The channel whose settings count there: for a thread its parent."""
    channel = interaction.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id or 0


def reach_of(interaction: discord.Interaction[Any]) -> Reach:
    """Through which doors the answer can be reached once the token is dead."""
    if interaction.guild_id is None:
        return Reach.DM if interaction.context.dm_channel else Reach.USER_INSTALL
    installed_here = interaction.is_guild_integration()
    if interaction.is_user_integration() and not installed_here:
        return Reach.USER_INSTALL
    return Reach.GUILD


def is_nsfw(interaction: discord.Interaction[Any]) -> bool:
    """Whether the place is age-restricted; a thread is what its parent is, a DM is not."""
    channel = interaction.channel
    if channel is None or isinstance(channel, (discord.DMChannel, discord.GroupChannel)):
        return False
    return channel.is_nsfw()
