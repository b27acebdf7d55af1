"""Words of those who run the bot for the log channels of all servers: form, question, press."""

import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import discord
from discord import ui

from bot.cards import formatting
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.errors import UserError
from bot.services.broadcasts import Broadcast
from bot.ui.components import modal_router
from bot.ui.components.modals import Input, Submission, sheet
from bot.ui.components.persistent_item import PersistentItem, Press
from bot.ui.components.views import view_of
from bot.ui.operator.broadcast_sender import BROADCAST_HEAD, PAUSE, log_channels, outcome, send_all
from bot.ui.operator.permissions import owners_only

# /operator broadcast
BROADCAST_TITLE = "Message to all servers"
BROADCAST_PREVIEW = (
    "### Send this to {count} of {guilds} servers?\nThe others have no log channel "
    "(`/server log`). It takes about {time}."
)
BROADCAST_NOBODY = "No server has a log channel, so nobody would read it."
SEND_LABEL = "Send it"
SENDING = "It is being sent. You hear when that is done."
STOP_LABEL = "Stop it"
STOPPING = "It goes to no further server."
ONE_AT_A_TIME = "Another message is being sent just now. Wait for it to be done."
BROADCAST_LOST = "That text is not remembered any more. Use `/operator broadcast` again."

log = logging.getLogger(__name__)

NAME, TEXT = "broadcast", "text"
SEND, STOP = "hco:send", "hco:stop"
TEXT_MAX = 1_800  # characters


def form() -> ui.Modal:
    """Asks what to say."""
    text = Input(TEXT, BROADCAST_TITLE, long=True, most=TEXT_MAX, least=1)
    return sheet(NAME, BROADCAST_TITLE, text)


async def broadcast_written(submission: Submission, fields: Mapping[str, str]) -> None:
    """Show what was written as it will look, and ask."""
    await submission.response.defer(ephemeral=True, thinking=True)
    await owners_only(submission)
    bot, text = submission.client, fields.get(TEXT, "").strip()[:TEXT_MAX]
    channels = await log_channels(bot)
    if not channels or not text:
        raise UserError(BROADCAST_NOBODY)
    bot.drafts.keep((NAME, submission.user.id), {TEXT: text})
    count = {"count": f"{len(channels):,}", "guilds": f"{len(bot.guilds):,}"}
    asked = BROADCAST_PREVIEW.format(**count, time=formatting.duration(len(channels) * PAUSE))
    shown = ui.TextDisplay[Any](f"{BROADCAST_HEAD}\n{text}")
    send = ui.Button[Any](label=SEND_LABEL, custom_id=SEND, style=discord.ButtonStyle.danger)
    view = view_of([ui.TextDisplay[Any](asked), ui.Separator[Any](), shown], ui.ActionRow(send))
    await submission.followup.send(view=view, ephemeral=True)


class Send(PersistentItem, template=SEND):
    """Sends what was written, once."""

    async def act(self, press: Press) -> None:
        """Say at once that it begins, and at the end how many have it."""
        await owners_only(press)
        bot, key = press.client, (NAME, press.user.id)
        draft = bot.drafts.get(key)
        if draft is None:
            raise UserError(BROADCAST_LOST)
        if bot.broadcasts.sending.locked():
            raise UserError(ONE_AT_A_TIME)
        async with bot.broadcasts.sending:
            if await bot.broadcasts.current() is not None:  # of an earlier run, about to go on
                raise UserError(ONE_AT_A_TIME)
            await bot.broadcasts.begin(Broadcast(text=draft[TEXT], mark=press.id))
            bot.drafts.drop(key)
            try:
                await press.response.edit_message(view=under_way())
            except TROUBLE as error:
                log.info("nobody sees that a broadcast began: %s", type(error).__name__)
            done = await send_all(bot)
        await _tell(press, outcome(done))


class Stop(PersistentItem, template=STOP):
    """Lets no further server have it."""

    async def act(self, press: Press) -> None:
        """How many have it is said where it was begun."""
        await owners_only(press)
        await press.client.broadcasts.stop()
        await press.response.edit_message(view=_only(STOPPING))


def under_way() -> ui.LayoutView:
    """That one is being sent, and a way to stop it: a restart does not."""
    stop = ui.Button[Any](label=STOP_LABEL, custom_id=STOP, style=discord.ButtonStyle.danger)
    return view_of([ui.TextDisplay[Any](SENDING)], ui.ActionRow(stop))


async def _tell(press: Press, text: str) -> None:
    """In the message that was pressed; after its fifteen minutes as a direct message."""
    try:
        await press.edit_original_response(view=_only(text))
    except TROUBLE as error:
        log.info("the message about a broadcast cannot be changed: %s", type(error).__name__)
        with suppress(*TROUBLE):
            await press.user.send(text)


def _only(text: str) -> ui.LayoutView:
    return view_of([ui.TextDisplay[Any](text)])


def register(bot: HordecordBot) -> None:
    """From now on presses and forms lead here."""
    modal_router.ACTS[NAME] = broadcast_written
    bot.add_dynamic_items(Send, Stop)
