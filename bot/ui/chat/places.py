"""Where a conversation takes place: the channel of the command, a new thread, direct messages."""

from dataclasses import replace

import discord

from bot.client.interaction_context import location_of
from bot.client.message_context import UPLOAD_LIMIT
from bot.domain.chat.conversations import Opening
from bot.domain.records import MessageAccess, MessageRef, Origin
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.rules.request_context import RequestContext
from bot.ui.components.persistent_item import Press

THREAD_LIFE = 1_440  # minutes without a message until Discord archives the thread
THREAD_NAME_MAX = 100


async def opened_place(
    press: Press, context: RequestContext, place: Opening, name: str
) -> RequestContext:
    """The context of a request from that place; a thread is created with that name.

    Raises UserError where the bot cannot post ordinary messages.
    """
    match place:
        case Opening.DM:
            return await _direct(press, context)
        case Opening.THREAD:
            return await _in_thread(press, context, name)
        case Opening.CHANNEL:
            check_reachable(context)
            return context


def check_reachable(context: RequestContext) -> None:
    """Raises UserError where only the token of the interaction reaches the channel."""
    if context.origin.message.reach is MessageAccess.USER_INSTALL:
        raise UserError(
            _(
                "The bot cannot post messages here. Choose `direct message`, or ask an "
                "administrator of the server to add the bot to it."
            )
        )


async def _direct(press: Press, context: RequestContext) -> RequestContext:
    channel = await press.user.create_dm()
    ref = MessageRef(channel.id, reach=MessageAccess.DM, upload_limit=UPLOAD_LIMIT)
    origin = replace(
        context.origin,
        guild_id=None,
        message=ref,
        age_restricted=False,
        home=channel.id,
        roles=(),
        places=(channel.id, 0),
        manager=False,
        guild_locale="",
    )
    return await press.client.services.guilds.context(origin)


async def _in_thread(press: Press, context: RequestContext, name: str) -> RequestContext:
    check_reachable(context)
    thread = await new_thread(press, name)
    return replace(context, origin=moved(context.origin, thread))


def moved(origin: Origin, thread: discord.Thread) -> Origin:
    """The origin of the same member in a thread of the same channel."""
    ref = replace(origin.message, channel_id=thread.id, token="", token_expires_at=0.0)
    return replace(origin, message=ref, places=location_of(thread, thread.id))


async def new_thread(press: Press, name: str) -> discord.Thread:
    """A new public thread in the channel of the command. Raises UserError."""
    channel, can = press.channel, press.permissions
    if isinstance(channel, discord.Thread) and isinstance(channel.parent, discord.TextChannel):
        channel = channel.parent
    if not isinstance(channel, discord.TextChannel):
        raise UserError(_("A thread can be opened in text channels only. Choose another place."))
    if not (can.create_public_threads or can.manage_guild):
        raise NotAllowed(_("You need the permission **Create Public Threads** in this channel."))
    try:
        return await channel.create_thread(
            name=name[:THREAD_NAME_MAX],
            type=discord.ChannelType.public_thread,
            auto_archive_duration=THREAD_LIFE,
        )
    except discord.Forbidden:
        raise UserError(
            _("The bot needs the permission **Create Public Threads** in this channel.")
        ) from None
