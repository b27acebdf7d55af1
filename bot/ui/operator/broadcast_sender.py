"""Sends a message to all servers, and continues after a restart."""

import asyncio
import logging
from contextlib import suppress

import discord

from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.errors import Undeliverable
from bot.services.broadcasts import Broadcast
from bot.ui.delivery.channels import with_retries

BROADCAST_HEAD = "**From those who run this bot**"
SENT = "Sent to {sent} servers; {failed} did not take it (the channel is gone or closed to me)."
SENT_IN_PART = "Stopped. {sent} servers have it; {failed} did not take it."

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two servers: far below Discord's limit of all calls
TRIES = 3  # attempts of twenty seconds each, while Discord cannot be reached
SEARCHED = 50  # messages since it began that are searched


async def log_channels(bot: HordecordBot) -> dict[int, int]:
    """The log channels by server, in the order of sending."""
    found = {
        guild.id: (await bot.services.guilds.rules(guild.id)).log_channel for guild in bot.guilds
    }
    return {guild: channel for guild, channel in sorted(found.items()) if channel}


async def resume(bot: HordecordBot) -> None:
    """Continue an interrupted broadcast, and report its end to the owners."""
    if bot.services.broadcasts.sending.locked():  # Discord may report "ready" repeatedly
        return
    async with bot.services.broadcasts.sending:
        if await bot.services.broadcasts.current() is None:
            return
        log.info("a broadcast continues")
        done = await send_all(bot, again=True)
    for owner in await _owners(bot):
        with suppress(*TROUBLE):
            channel = await bot.create_dm(discord.Object(owner))
            await channel.send(outcome(done))


async def send_all(bot: HordecordBot, *, again: bool = False) -> Broadcast:
    """Post the current one to each server that does not have it. Returns it with its counts.

    `again`: begun in an earlier run, so the next server may have it already.
    """
    broadcast = await bot.services.broadcasts.current()
    assert broadcast is not None, "there is one"
    channels = await log_channels(bot)
    for guild_id, channel_id in channels.items():
        if bot.services.broadcasts.stopped:
            broadcast = broadcast.model_copy(update={"stopped": True})
            break
        if guild_id <= broadcast.after:
            continue
        taken = again and await _has_it(bot, channel_id, broadcast)
        again = False
        taken = taken or await _taken(bot, guild_id, channel_id, broadcast)
        broadcast = broadcast.done(guild_id, taken=taken)
        await bot.services.broadcasts.keep(broadcast)
        await asyncio.sleep(PAUSE)
    await bot.services.broadcasts.end()
    log.info("a broadcast was sent to %d servers, %d refused it", broadcast.sent, broadcast.failed)
    return broadcast


def outcome(broadcast: Broadcast) -> str:
    """Counts of the servers."""
    said = SENT_IN_PART if broadcast.stopped else SENT
    return said.format(sent=f"{broadcast.sent:,}", failed=f"{broadcast.failed:,}")


async def _taken(bot: HordecordBot, guild_id: int, channel_id: int, broadcast: Broadcast) -> bool:
    """Post it into that channel. False when Discord refuses it for good, or cannot be reached for
    too long.
    """
    # With the same nonce within some minutes Discord makes one message of two posts.
    nonce = f"{broadcast.mark % 100_000}{guild_id}"
    channel = bot.get_partial_messageable(channel_id)
    for _ in range(TRIES):
        await bot.online.wait()
        try:
            await with_retries(lambda: channel.send(_content(broadcast), nonce=nonce))
        except Undeliverable as error:
            log.info("server %d has not received a broadcast yet: %s", guild_id, error)
        except TROUBLE as error:
            log.info("server %d refused a broadcast: %s", guild_id, error)
            return False
        else:
            return True
    return False


async def _has_it(bot: HordecordBot, channel_id: int, broadcast: Broadcast) -> bool:
    """Whether it was posted there before. Also False where the history cannot be read."""
    try:
        return await with_retries(lambda: _is_among(bot, channel_id, broadcast))
    except (Undeliverable, *TROUBLE) as error:
        log.info("a broadcast cannot be searched for: %s", error)
        return False


async def _is_among(bot: HordecordBot, channel_id: int, broadcast: Broadcast) -> bool:
    channel, since = bot.get_partial_messageable(channel_id), discord.Object(broadcast.mark)
    async for message in channel.history(after=since, limit=SEARCHED, oldest_first=True):
        ours = bot.user is not None and message.author.id == bot.user.id
        if ours and message.content == _content(broadcast):
            return True
    return False


def _content(broadcast: Broadcast) -> str:
    return f"{BROADCAST_HEAD}\n{broadcast.text}"


async def _owners(bot: HordecordBot) -> list[int]:
    """The owners of the bot: [discord] owner_ids, else those of the application."""
    if bot.user is not None:
        await bot.is_owner(bot.user)  # after that the library knows them
    found = {*(bot.owner_ids or ()), bot.owner_id}
    return sorted(owner for owner in found if owner)
