"""Origin of a request that a message of a member starts, without an interaction."""

import discord

from bot.client.interaction_context import (
    home_of_channel,
    is_age_restricted,
    location_of,
    roles_of,
)
from bot.domain.records import MessageAccess, MessageRef, Origin

UPLOAD_LIMIT = 10 * 1024 * 1024  # bytes of a file where no server allows more
TEXTS = frozenset({discord.MessageType.default, discord.MessageType.reply})

Place = discord.DMChannel | discord.abc.GuildChannel | discord.Thread


def is_from_person(message: discord.Message) -> bool:
    """Whether a person wrote it: no bot, no webhook, no message of Discord itself."""
    return not message.author.bot and message.webhook_id is None and message.type in TEXTS


def is_dm(message: discord.Message) -> bool:
    """Whether it is a direct message. A server that is not known yet has a channel without type."""
    return isinstance(message.channel, discord.DMChannel)


async def place_of(client: discord.Client, message: discord.Message) -> Place | None:
    """Its channel with all fields; None where the bot cannot see it.

    Discord does not announce every thread before its first message, so that one is asked for.
    """
    channel = message.channel
    if isinstance(channel, Place):
        return channel
    try:
        found = await client.fetch_channel(channel.id)
    except (discord.NotFound, discord.Forbidden):
        return None
    return found if isinstance(found, Place) else None


def origin_of_message(message: discord.Message, channel: Place) -> Origin:
    """The place and the author of that message, and where the answer is posted.

    Its id is that of the interaction, so that one message starts one request. A message does not
    tell the language of its author's client: in a server that of the server is used.
    """
    guild = channel.guild if not isinstance(channel, discord.DMChannel) else None
    author, locale = message.author, guild.preferred_locale.value if guild else ""
    ref = MessageRef(
        channel_id=channel.id,
        reach=MessageAccess.GUILD if guild else MessageAccess.DM,
        upload_limit=guild.filesize_limit if guild else UPLOAD_LIMIT,
    )
    return Origin(
        interaction_id=message.id,
        user_id=author.id,
        guild_id=guild.id if guild else None,
        message=ref,
        age_restricted=is_age_restricted(channel),
        home=home_of_channel(channel, channel.id),
        roles=roles_of(author),
        places=location_of(channel, channel.id) if guild else (channel.id, 0),
        manager=_manages(author, channel),
        locale=locale,
        guild_locale=locale,
    )


def _manages(author: discord.User | discord.Member, channel: Place) -> bool:
    if not isinstance(author, discord.Member) or isinstance(channel, discord.DMChannel):
        return False
    return author.guild_permissions.manage_guild
