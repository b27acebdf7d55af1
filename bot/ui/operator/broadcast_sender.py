"""Sends a message to all servers, and continues after a restart."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass

import discord

from bot.cards import formatting
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.errors import Undeliverable
from bot.i18n import Language, _, in_language
from bot.services.broadcasts import Broadcast
from bot.ui.delivery.channels import with_retries

log = logging.getLogger(__name__)

PAUSE = 0.5  # seconds between two servers: far below Discord's limit of all calls
TRIES = 3  # attempts of twenty seconds each, while Discord cannot be reached
SEARCHED = 50  # messages since it began that are searched


@dataclass(frozen=True, slots=True)
class LogChannel:
    """A log channel, and the language of its server."""

    guild_id: int
    id: int
    language: Language


async def log_channels(bot: HordecordBot) -> list[LogChannel]:
    """The log channels of all servers, in the order of sending."""
    found: list[LogChannel] = []
    for guild in sorted(bot.guilds, key=lambda guild: guild.id):
        rules = await bot.services.guilds.rules(guild.id)
        if rules.log_channel:
            language = bot.services.languages.of_guild(rules, guild.preferred_locale.value)
            found.append(LogChannel(guild.id, rules.log_channel, language))
    return found


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
            with in_language(await bot.services.languages.of_member(owner, "")):
                await channel.send(broadcast_outcome(done))


async def send_all(bot: HordecordBot, *, again: bool = False) -> Broadcast:
    """Post the current one to each server that does not have it. Returns it with its counts.

    `again`: begun in an earlier run, so the next server may have it already.
    """
    broadcast = await bot.services.broadcasts.current()
    assert broadcast is not None
    for channel in await log_channels(bot):
        if bot.services.broadcasts.stopped:
            broadcast = broadcast.model_copy(update={"stopped": True})
            break
        if channel.guild_id <= broadcast.after:
            continue
        taken = again and await _has_it(bot, channel, broadcast)
        again = False
        taken = taken or await _taken(bot, channel, broadcast)
        broadcast = broadcast.done(channel.guild_id, taken=taken)
        await bot.services.broadcasts.keep(broadcast)
        await asyncio.sleep(PAUSE)
    await bot.services.broadcasts.end()
    log.info("a broadcast was sent to %d servers, %d refused it", broadcast.sent, broadcast.failed)
    return broadcast


def broadcast_outcome(broadcast: Broadcast) -> str:
    """Counts of the servers."""
    if broadcast.stopped:
        text = _("Stopped. Servers that received the message: {sent}; that did not: {failed}.")
    else:
        text = _("Sent. Servers that received the message: {sent}; that did not: {failed}.")
    return text.format(
        sent=formatting.decimal(broadcast.sent), failed=formatting.decimal(broadcast.failed)
    )


async def _taken(bot: HordecordBot, to: LogChannel, broadcast: Broadcast) -> bool:
    """Post it into that channel. False when Discord refuses it for good, or cannot be reached for
    too long.
    """
    # With the same nonce within some minutes Discord makes one message of two posts.
    nonce, text = f"{broadcast.mark % 100_000}{to.guild_id}", _content(to, broadcast)
    channel = bot.get_partial_messageable(to.id)
    for _attempt in range(TRIES):
        await bot.online.wait()
        try:
            await with_retries(lambda: channel.send(text, nonce=nonce))
        except Undeliverable as error:
            log.info("server %d has not received a broadcast yet: %s", to.guild_id, error)
        except TROUBLE as error:
            log.info("server %d refused a broadcast: %s", to.guild_id, error)
            return False
        else:
            return True
    return False


async def _has_it(bot: HordecordBot, to: LogChannel, broadcast: Broadcast) -> bool:
    """Whether it was posted there before. Also False where the history cannot be read."""
    try:
        return await with_retries(lambda: _is_among(bot, to, broadcast))
    except (Undeliverable, *TROUBLE) as error:
        log.info("a broadcast cannot be searched for: %s", error)
        return False


async def _is_among(bot: HordecordBot, to: LogChannel, broadcast: Broadcast) -> bool:
    channel, since = bot.get_partial_messageable(to.id), discord.Object(broadcast.mark)
    async for message in channel.history(after=since, limit=SEARCHED, oldest_first=True):
        ours = bot.user is not None and message.author.id == bot.user.id
        if ours and message.content == _content(to, broadcast):
            return True
    return False


def _content(to: LogChannel, broadcast: Broadcast) -> str:
    with in_language(to.language):
        return content_of(broadcast.text)


def content_of(text: str) -> str:
    """The posted message: the text of the operators, with its origin."""
    title = _("Message from the operators of the bot")
    return f"**{title}**\n{text}"


async def _owners(bot: HordecordBot) -> list[int]:
    """The owners of the bot: [discord] owner_ids, else those of the application."""
    if bot.user is not None:
        await bot.is_owner(bot.user)  # after that the library knows them
    found = {*(bot.owner_ids or ()), bot.owner_id}
    return sorted(owner for owner in found if owner)
