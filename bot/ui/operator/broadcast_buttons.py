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
from bot.i18n import _, ngettext
from bot.services.broadcasts import Broadcast
from bot.ui.components.modal_router import Fields, Submission, add_modal
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of
from bot.ui.operator.broadcast_sender import (
    PAUSE,
    broadcast_outcome,
    content_of,
    log_channels,
    send_all,
)
from bot.ui.operator.permissions import owners_only

log = logging.getLogger(__name__)

NAME, TEXT = "broadcast", "text"
WRITTEN_MAX = 1_800  # characters


def broadcast_modal() -> ui.Modal:
    """Asks for the text."""
    title = _("Message to all servers")
    text = Input(TEXT, title, long=True, most=WRITTEN_MAX, least=1)
    return modal_of(BROADCAST_MODAL(), title, text)


async def preview_broadcast(submission: Submission, fields: Fields) -> None:
    """Show the text as it will look, with a button that sends it."""
    await submission.response.defer(ephemeral=True, thinking=True)
    await owners_only(submission)
    bot, text = submission.client, fields.get(TEXT, "").strip()[:WRITTEN_MAX]
    channels = await log_channels(bot)
    if not channels or not text:
        raise UserError(_("No server has a log channel. Nothing was sent."))
    bot.drafts.keep((NAME, submission.user.id), {TEXT: text})
    card = _preview_card(text, len(channels), len(bot.guilds))
    await submission.followup.send(view=layout_of(card), ephemeral=True)


def _preview_card(text: str, channels: int, guilds: int) -> Card:
    """The text, and the number of servers with a log channel that will show it."""
    title = ngettext(
        "Send this message to {count} of {all} server?",
        "Send this message to {count} of {all} servers?",
        guilds,
    ).format(count=formatting.decimal(channels), all=formatting.decimal(guilds))
    about = _("The other servers have no log channel (`/server log`). Sending takes about {time}.")
    asked = f"### {title}\n{about.format(time=formatting.duration(channels * PAUSE))}"
    send = Button(SEND_BROADCAST(), _("Send"), ButtonStyle.DANGER)
    blocks = (TextBlock(asked), Divider(), TextBlock(content_of(text)))
    return Card(Colour.QUIET, blocks, ((send,),))


async def send_broadcast(press: Press) -> None:
    """Send the text once; report the start at once and the counts at the end."""
    await owners_only(press)
    bot, key = press.client, (NAME, press.user.id)
    draft = bot.drafts.get(key)
    if draft is None:
        raise UserError(_("This text is no longer stored. Use `/operator broadcast` again."))
    another = _("Another message is being sent. Wait until it is done.")
    if bot.services.broadcasts.sending.locked():
        raise UserError(another)
    async with bot.services.broadcasts.sending:
        if await bot.services.broadcasts.current() is not None:  # of an earlier run
            raise UserError(another)
        await bot.services.broadcasts.begin(Broadcast(text=draft[TEXT], mark=press.id))
        bot.drafts.drop(key)
        try:
            await press.response.edit_message(view=layout_of(sending_card()))
        except TROUBLE as error:
            log.info("the start of a broadcast cannot be shown: %s", type(error).__name__)
        done = await send_all(bot)
    await _tell(press, broadcast_outcome(done))


async def stop_broadcast(press: Press) -> None:
    """Send to no further server. The counts appear in the message of the start."""
    await owners_only(press)
    await press.client.services.broadcasts.stop()
    card = quiet_card(_("Stopping: no further server receives the message."))
    await press.response.edit_message(view=layout_of(card))


def sending_card() -> Card:
    """Shows that a broadcast is being sent, with a button to stop it."""
    stop = Button(STOP_BROADCAST(), _("Stop"), ButtonStyle.DANGER)
    text = _("The message is being sent. A report follows at the end.")
    return replace(quiet_card(text), rows=((stop,),))


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
