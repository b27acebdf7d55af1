"""What is pressed under /history. All of it stands in the ids, so it outlives restarts."""

from collections.abc import Awaitable, Callable, Hashable, Sequence

import discord
from discord import ui

from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.errors import NotAllowed
from bot.rules.place_checks import check_owner
from bot.ui.actions.result_buttons import SAVED, UNSAVED
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    PersistentItem,
    Press,
    chosen,
    number_of,
)
from bot.ui.components.views import Upload, files_of_card
from bot.ui.history.history_view import (
    PREFIX,
    SHOWN,
    Filter,
    filter_of,
    page_view,
    request_view,
    thumbnail_name,
)

ViewWithFiles = tuple[ui.LayoutView, list[discord.File]]


async def show_page(bot: HordecordBot, user_id: int, which: Filter) -> ViewWithFiles:
    """That page of a person's past, with its thumbnails."""
    found = await bot.service.history(
        user_id,
        before=which.before or None,
        limit=SHOWN + 1,
        search=which.search,
        kind=which.kind,
        favourites=which.favourites,
    )
    uploads = await _thumbnails(bot, found[:SHOWN])
    saved = await bot.service.favoured(found)
    names = {number: upload.filename for number, upload in uploads.items()}
    return page_view(found, which, saved, names), files_of_card(uploads.values())


async def show_closeup(
    bot: HordecordBot, record: Record, which: Filter, note: str = ""
) -> ViewWithFiles:
    """One request of it."""
    uploads = await _thumbnails(bot, [record])
    saved = record.id in await bot.service.favoured([record])
    file = thumbnail_name(record) if uploads else ""
    view = request_view(record, which, saved=saved, file=file, note=note)
    return view, files_of_card(uploads.values())


async def _thumbnails(bot: HordecordBot, records: Sequence[Record]) -> dict[int, Upload]:
    found = {one.id: (one, await bot.thumbnails.of(one)) for one in records}
    return {
        number: Upload(thumbnail_name(record), data)
        for number, (record, data) in found.items()
        if data
    }


async def _own(press: Press, record_id: int) -> Record:
    record = await press.client.service.get(record_id)
    check_owner(record, press.user.id)
    return record


# What a press leads to; gives what the message then shows


async def turn(press: Press, _record_id: int, which: Filter) -> ViewWithFiles:
    """Another page."""
    return await show_page(press.client, press.user.id, which)


async def pick_past(press: Press, _record_id: int, which: Filter) -> ViewWithFiles:
    """The one that was chosen, close up."""
    return await show_closeup(press.client, await _own(press, number_of(chosen(press))), which)


async def save_past(press: Press, record_id: int, which: Filter) -> ViewWithFiles:
    """Keep it for good; pressed again, no longer."""
    service = press.client.service
    record = await _own(press, record_id)
    saved = bool(await service.favoured([record]))
    await service.favour(record_id, press.user.id, not saved)
    said = UNSAVED if saved else SAVED
    return await show_closeup(press.client, record, which, said.format(id=record_id))


async def delete_past(press: Press, record_id: int, which: Filter) -> ViewWithFiles:
    """Its bytes, its messages and its entry."""
    record = await press.client.service.delete(record_id, press.user.id)
    press.client.thumbnails.forget(record)
    await press.client.cards.remove(press, record, pressed=False)
    return await show_page(press.client, press.user.id, which)


ACTS: dict[str, Callable[[Press, int, Filter], Awaitable[ViewWithFiles]]] = {
    "page": turn,
    "pick": pick_past,
    "save": save_past,
    "delete": delete_past,
}

LOOKING = frozenset({"page", "pick"})  # turned quickly, the same page is meant each time


class HistoryItem(
    PersistentItem,
    template=rf"{PREFIX}:(?P<verb>[a-z]+):(?P<record>[0-9]{{1,18}}):"
    r"(?P<before>[0-9]{1,18}):(?P<letters>[ita-][s-]):(?P<search>(?s:.*))",
):
    """Any button or menu of the history, from this run or an earlier one."""

    def same(self, press: Press) -> Hashable:
        """Which message it was pressed on makes no difference: all show the one past."""
        return None if self.said["verb"] in LOOKING else (self.custom_id, chosen(press))

    async def act(self, press: Press) -> None:
        """The same message with what it leads to."""
        await press.response.defer()  # thumbnails take a moment
        if self.said["verb"] not in ACTS:
            raise NotAllowed(OTHER_VERSION)
        which = filter_of(self.said["before"], self.said["letters"], self.said["search"])
        view, files = await ACTS[self.said["verb"]](press, int(self.said["record"]), which)
        await press.edit_original_response(view=view, attachments=files)


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(HistoryItem)
