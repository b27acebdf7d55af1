"""Words of those who run the bot for the log channels of all servers: form, question, sending."""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import discord
from discord import ui

from bot.client import HordecordBot
from bot.errors import Undeliverable, UserError
from bot.report import TROUBLE
from bot.ui import modals
from bot.ui import people_words as words
from bot.ui.buttons import Press
from bot.ui.doors import patiently
from bot.ui.lists import view_of
from bot.ui.modals import Submission
from bot.ui.owners import owners_only
from bot.ui.presses import Pressed
from bot.ui.sheets import Input, sheet
from bot.ui.words import duration

log = logging.getLogger(__name__)

NAME, TEXT = "broadcast", "text"
SEND = "hco:send"
TEXT_MAX = 1_800  # characters
PAUSE = 0.5  # s between two servers: far below Discord's limit of calls for all


def form() -> ui.Modal:
    """Asks what to say."""
    text = Input(TEXT, words.BROADCAST_TITLE, long=True, most=TEXT_MAX, least=1)
    return sheet(NAME, words.BROADCAST_TITLE, text)


async def written(submission: Submission, fields: Mapping[str, str]) -> None:
    """Show what was written as it will look, and ask."""
    await submission.response.defer(ephemeral=True, thinking=True)
    await owners_only(submission)
    bot, text = submission.client, fields.get(TEXT, "").strip()[:TEXT_MAX]
    channels = await log_channels(bot)
    if not channels or not text:
        raise UserError(words.BROADCAST_NOBODY)
    bot.drafts.keep((NAME, submission.user.id), {TEXT: text})
    count = {"count": f"{len(channels):,}", "guilds": f"{len(bot.guilds):,}"}
    asked = words.BROADCAST_PREVIEW.format(**count, time=duration(len(channels) * PAUSE))
    shown = ui.TextDisplay[Any](f"{words.BROADCAST_HEAD}\n{text}")
    send = ui.Button[Any](label=words.SEND, custom_id=SEND, style=discord.ButtonStyle.danger)
    view = view_of([ui.TextDisplay[Any](asked), ui.Separator[Any](), shown], ui.ActionRow(send))
    await submission.followup.send(view=view, ephemeral=True)


async def log_channels(bot: HordecordBot) -> dict[int, int]:
    """The log channels of the servers that have one, by server."""
    found = {
        guild.id: (await bot.service.guilds.rules(guild.id)).log_channel for guild in bot.guilds
    }
    return {guild: channel for guild, channel in found.items() if channel}


class Send(Pressed, template=SEND):
    """Sends what was written, once."""

    async def act(self, press: Press) -> None:
        """Say at once that it begins, and at the end how many have it."""
        await owners_only(press)
        bot, key = press.client, (NAME, press.user.id)
        draft = bot.drafts.get(key)
        if draft is None:
            raise UserError(words.BROADCAST_LOST)
        if bot.broadcasting:
            raise UserError(words.ONE_AT_A_TIME)
        bot.drafts.drop(key)
        bot.broadcasting = True
        try:
            await press.response.edit_message(view=_only(words.SENDING))
            channels = await log_channels(bot)
            sent = await send_all(bot, draft[TEXT], channels, press.id)
        finally:
            bot.broadcasting = False
        failed = len(channels) - sent
        log.info("a broadcast went to %d servers, %d did not take it", sent, failed)
        await _tell(press, words.SENT.format(sent=f"{sent:,}", failed=f"{failed:,}"))


async def send_all(bot: HordecordBot, text: str, channels: Mapping[int, int], mark: int) -> int:
    """Put it into each channel, one after the other; gives how many took it.

    `mark`: what tells this message from others, so that none is posted twice.
    """
    sent = 0
    for guild_id, channel_id in channels.items():
        nonce = f"{mark % 100_000}{guild_id}"  # Discord makes one of two posts with the same
        try:
            await patiently(lambda to=channel_id, n=nonce: _post(bot, to, text, n))
            sent += 1
        except (Undeliverable, *TROUBLE) as error:
            log.info("server %d did not take a broadcast: %s", guild_id, error)
        await asyncio.sleep(PAUSE)
    return sent


async def _post(bot: HordecordBot, channel_id: int, text: str, nonce: str) -> None:
    channel = bot.get_partial_messageable(channel_id)
    await channel.send(f"{words.BROADCAST_HEAD}\n{text}", nonce=nonce)


async def _tell(press: Press, text: str) -> None:
    """In the message that was pressed; after its fifteen minutes as a direct message."""
    try:
        await press.edit_original_response(view=_only(text))
    except discord.HTTPException:
        await press.user.send(text)


def _only(text: str) -> ui.LayoutView:
    return view_of([ui.TextDisplay[Any](text)])


def register(bot: HordecordBot) -> None:
    """From now on presses and forms lead here."""
    modals.ACTS[NAME] = written
    bot.add_dynamic_items(Send)
