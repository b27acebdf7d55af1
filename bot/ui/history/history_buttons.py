"""The buttons and menus of /history. Their ids hold everything they need."""

from collections.abc import Awaitable, Callable, Hashable, Sequence

import discord

from bot.cards.card import Card
from bot.cards.custom_ids import HISTORY
from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.errors import NotAllowed
from bot.i18n import _
from bot.rules.place_checks import check_owner
from bot.ui.actions.delete_question import delete_record
from bot.ui.actions.result_buttons import toggle_saved
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    Press,
    Route,
    add_routes,
    chosen,
    number_of,
)
from bot.ui.components.views import Upload, files_of_card, layout_of
from bot.ui.history.history_view import (
    SHOWN,
    Filter,
    deletion_card,
    detail_card,
    filter_of,
    page_card,
    thumbnail_name,
)

CardWithFiles = tuple[Card, list[discord.File]]


async def history_page(bot: HordecordBot, user_id: int, which: Filter) -> CardWithFiles:
    """A page of a user's requests, with thumbnails."""
    found = await bot.services.history.ended_of(
        user_id,
        before=which.before or None,
        limit=SHOWN + 1,
        search=which.search,
        kind=which.kind,
        favourites=which.favourites,
    )
    uploads = await _thumbnails(bot, found[:SHOWN])
    saved = await bot.services.history.favoured(found)
    names = {number: upload.filename for number, upload in uploads.items()}
    return page_card(found, which, saved, names), files_of_card(uploads.values())


async def _request(press: Press, record: Record, which: Filter, note: str = "") -> CardWithFiles:
    bot, here = press.client, (await press.client.context(press)).capabilities
    uploads = await _thumbnails(bot, [record])
    saved = record.id in await bot.services.history.favoured([record])
    file = thumbnail_name(record) if uploads else ""
    card = detail_card(record, which, saved=saved, file=file, note=note, here=here)
    return card, files_of_card(uploads.values())


async def _thumbnails(bot: HordecordBot, records: Sequence[Record]) -> dict[int, Upload]:
    found = {one.id: (one, await bot.services.thumbnails.of(one)) for one in records}
    return {
        number: Upload(thumbnail_name(record), data)
        for number, (record, data) in found.items()
        if data
    }


# Handlers of the verbs: each returns the new content of the message


async def _turn(press: Press, _record_id: int, which: Filter) -> CardWithFiles:
    return await history_page(press.client, press.user.id, which)


async def _pick(press: Press, _record_id: int, which: Filter) -> CardWithFiles:
    record = await press.client.services.history.get(number_of(chosen(press)))
    check_owner(record, press.user.id)
    return await _request(press, record, which)


async def _save(press: Press, record_id: int, which: Filter) -> CardWithFiles:
    record, said = await toggle_saved(press, record_id)
    return await _request(press, record, which, said)


async def _ask_to_delete(press: Press, record_id: int, which: Filter) -> CardWithFiles:
    record = await press.client.services.history.get(record_id)
    check_owner(record, press.user.id)
    return deletion_card(record, which), []


async def _look(press: Press, record_id: int, which: Filter) -> CardWithFiles:
    record = await press.client.services.history.get(record_id)
    check_owner(record, press.user.id)
    return await _request(press, record, which)


async def _delete(press: Press, record_id: int, which: Filter) -> CardWithFiles:
    record = await delete_record(press, record_id)
    await press.client.cards.remove(press, record, pressed=False)
    return await history_page(press.client, press.user.id, which)


ACTIONS: dict[str, Callable[[Press, int, Filter], Awaitable[CardWithFiles]]] = {
    "page": _turn,
    "pick": _pick,
    "save": _save,
    "delete": _ask_to_delete,
    "look": _look,
    "erase": _delete,
}
VIEWING = frozenset(
    {"page", "pick", "look", "delete"}
)  # pressed quickly in a row, each press counts


def history_press_key(press: Press, verb: str, *_: int | str) -> Hashable:
    """The same on every message: all show one history."""
    return None if verb in VIEWING else chosen(press)


async def press_history(
    press: Press, verb: str, record_id: int, before: int, letters: str, search: str
) -> None:
    """Run the verb and edit the message."""
    await press.response.defer()  # thumbnails are slow
    if verb not in ACTIONS:
        raise NotAllowed(_(OTHER_VERSION))
    card, files = await ACTIONS[verb](press, record_id, filter_of(before, letters, search))
    await press.edit_original_response(view=layout_of(card), attachments=files)


def register(bot: HordecordBot) -> None:
    """Add the route of these buttons."""
    add_routes(bot, Route(HISTORY, press_history, history_press_key))
