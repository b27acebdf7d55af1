"""The buttons of /queue, and Show of /history. They act for the presser."""

import time

from bot.cards import formatting
from bot.cards.custom_ids import CANCEL_ALL, CANCEL_REQUEST, REFRESH_QUEUE, SHOW_REQUEST
from bot.client.bot import HordecordBot
from bot.domain.results import Phase
from bot.errors import UserError
from bot.i18n import ngettext
from bot.rules.place_checks import check_owner
from bot.ui.components.persistent_item import Press, Route, add_routes
from bot.ui.components.views import layout_of
from bot.ui.history.queue_view import queue_card


async def cancel_request(press: Press, record_id: int) -> None:
    """Cancel one request and show the new list."""
    note = ""
    try:
        await press.client.services.submission.cancel(record_id, press.user.id)
    except UserError as error:
        note = str(error)
    await _show_queue(press, note)


async def cancel_all(press: Press) -> None:
    """Cancel all of the presser's requests and tell how many there were."""
    count = await press.client.services.submission.cancel_all(press.user.id)
    said = ngettext(
        "{count} request was cancelled. Results that a worker has begun may still arrive.",
        "{count} requests were cancelled. Results that a worker has begun may still arrive.",
        count,
    )
    await _show_queue(press, said.format(count=formatting.decimal(count)))


async def refresh(press: Press) -> None:
    """Show the current list."""
    await _show_queue(press)


async def show_request(press: Press, record_id: int) -> None:
    """Show a request's card in private. This delivers a held result."""
    record = await press.client.services.history.get(record_id)
    check_owner(record, press.user.id)
    await press.response.defer(ephemeral=True, thinking=True)  # files are slow
    context = await press.client.context(press)
    shown = press.client.services.history.as_seen(context, record)
    await press.client.cards.offer(press, shown)
    if record.phase is Phase.HELD:
        await press.client.services.history.seen(record)


async def _show_queue(press: Press, note: str = "") -> None:
    records = await press.client.services.history.open_of(press.user.id)
    backends = press.client.services.backends
    card = queue_card(records, note, now=time.time(), backends=backends)
    await press.response.edit_message(view=layout_of(card))


def register(bot: HordecordBot) -> None:
    """Add the routes of these buttons."""
    add_routes(
        bot,
        Route(CANCEL_REQUEST, cancel_request),
        Route(CANCEL_ALL, cancel_all),
        Route(REFRESH_QUEUE, refresh),
        Route(SHOW_REQUEST, show_request),
    )
