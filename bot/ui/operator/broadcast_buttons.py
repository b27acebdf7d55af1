"""/operator broadcast: the modal, the preview and its buttons."""

import logging
from contextlib import suppress
from dataclasses import replace

from discord import ui

from bot.cards import formatting
from bot.cards.card import Button, ButtonStyle, Card, Colour, Divider, TextBlock, quiet_card
from bot.cards.custom_ids import BROADCAST_MODAL, SEND_BROADCAST, STOP_BROADCAST
from bot.client.bot import HordecordBot
from bot.client.error_messages import TROUBLE
from bot.errors import UserError
from bot.services.broadcasts import Broadcast
from bot.ui.components.modal_router import Fields, Submission, add_modal
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of
from bot.ui.operator.broadcast_sender import BROADCAST_HEAD, PAUSE, log_channels, outcome, send_all
from bot.ui.operator.permissions import owners_only

# /operator broadcast
BROADCAST_TITLE = "Message to all servers"
BROADCAST_PREVIEW = (
    "### Send this to {count} of {guilds} servers?\nThe others have no log channel "
    "(`/server log`). It takes about {time}."
)
NO_LOG_CHANNELS = "No server has a log channel, so nobody would read it."
SEND_LABEL = "Send it"
SENDING = "It is being sent. You hear when that is done."
STOP_LABEL = "Stop it"
STOPPING = "It goes to no further server."
ONE_AT_A_TIME = "Another message is being sent just now. Wait for it to be done."
BROADCAST_LOST = "That text is not remembered any more. Use `/operator broadcast` again."

log = logging.getLogger(__name__)

NAME, TEXT = "broadcast", "text"
WRITTEN_MAX = 1_800  # characters


def broadcast_modal() -> ui.Modal:
    """Asks for the text."""
    text = Input(TEXT, BROADCAST_TITLE, long=True, most=WRITTEN_MAX, least=1)
    return modal_of(BROADCAST_MODAL(), BROADCAST_TITLE, text)


async def preview_broadcast(submission: Submission, fields: Fields) -> None:
    """Show the text as it will look, with a button that sends it."""
    await submission.response.defer(ephemeral=True, thinking=True)
    await owners_only(submission)
    bot, text = submission.client, fields.get(TEXT, "").strip()[:WRITTEN_MAX]
    channels = await log_channels(bot)
    if not channels or not text:
        raise UserError(NO_LOG_CHANNELS)
    bot.drafts.keep((NAME, submission.user.id), {TEXT: text})
    count = {"count": f"{len(channels):,}", "guilds": f"{len(bot.guilds):,}"}
    asked = BROADCAST_PREVIEW.format(**count, time=formatting.duration(len(channels) * PAUSE))
    shown = TextBlock(f"{BROADCAST_HEAD}\n{text}")
    send = Button(SEND_BROADCAST(), SEND_LABEL, ButtonStyle.DANGER)
    card = Card(Colour.QUIET, (TextBlock(asked), Divider(), shown), ((send,),))
    await submission.followup.send(view=layout_of(card), ephemeral=True)


async def send_broadcast(press: Press) -> None:
    """Send the text once; report the start at once and the counts at the end."""
    await owners_only(press)
    bot, key = press.client, (NAME, press.user.id)
    draft = bot.drafts.get(key)
    if draft is None:
        raise UserError(BROADCAST_LOST)
    if bot.services.broadcasts.sending.locked():
        raise UserError(ONE_AT_A_TIME)
    async with bot.services.broadcasts.sending:
        if await bot.services.broadcasts.current() is not None:  # of an earlier run
            raise UserError(ONE_AT_A_TIME)
        await bot.services.broadcasts.begin(Broadcast(text=draft[TEXT], mark=press.id))
        bot.drafts.drop(key)
        try:
            await press.response.edit_message(view=layout_of(sending_card()))
        except TROUBLE as error:
            log.info("the start of a broadcast cannot be shown: %s", type(error).__name__)
        done = await send_all(bot)
    await _tell(press, outcome(done))


async def stop_broadcast(press: Press) -> None:
    """Send to no further server. The counts appear in the message of the start."""
    await owners_only(press)
    await press.client.services.broadcasts.stop()
    await press.response.edit_message(view=layout_of(quiet_card(STOPPING)))


def sending_card() -> Card:
    """Shows that a broadcast is being sent, with a button to stop it."""
    stop = Button(STOP_BROADCAST(), STOP_LABEL, ButtonStyle.DANGER)
    return replace(quiet_card(SENDING), rows=((stop,),))


async def _tell(press: Press, text: str) -> None:
    """Edit the pressed message; after its fifteen minutes send a direct message."""
    try:
        await press.edit_original_response(view=layout_of(quiet_card(text)))
    except TROUBLE as error:
        log.info("the message about a broadcast cannot be changed: %s", type(error).__name__)
        with suppress(*TROUBLE):
            await press.user.send(text)


def register(bot: HordecordBot) -> None:
    """Add the routes of the buttons and of the modal."""
    add_modal(bot, BROADCAST_MODAL, preview_broadcast)
    add_routes(bot, Route(SEND_BROADCAST, send_broadcast), Route(STOP_BROADCAST, stop_broadcast))
