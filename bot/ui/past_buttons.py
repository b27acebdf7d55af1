"""What is pressed under /history. All of it stands in the ids, so it outlives restarts."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import HordecordBot
from bot.errors import NotAllowed
from bot.policy import check_owner
from bot.records import Record
from bot.ui import words
from bot.ui.buttons import SAME_PRESS
from bot.ui.layout import Upload, files_of
from bot.ui.past import (
    PREFIX,
    SHOWN,
    Filter,
    closeup_view,
    filter_of,
    page_view,
    thumbnail_name,
)
from bot.ui.verbs import Press, chosen, number_of

Look = tuple[ui.LayoutView, list[discord.File]]


async def page(bot: HordecordBot, user_id: int, which: Filter) -> Look:
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
    return page_view(found, which, saved, names), files_of(uploads.values())


async def closeup(bot: HordecordBot, record: Record, which: Filter, note: str = "") -> Look:
    """One request of it."""
    uploads = await _thumbnails(bot, [record])
    saved = record.id in await bot.service.favoured([record])
    file = thumbnail_name(record) if uploads else ""
    view = closeup_view(record, which, saved=saved, file=file, note=note)
    return view, files_of(uploads.values())


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


async def turn(press: Press, _record_id: int, which: Filter) -> Look:
    """Another page."""
    return await page(press.client, press.user.id, which)


async def pick(press: Press, _record_id: int, which: Filter) -> Look:
    """The one that was chosen, close up."""
    return await closeup(press.client, await _own(press, number_of(chosen(press))), which)


async def save(press: Press, record_id: int, which: Filter) -> Look:
    """Keep it for good; pressed again, no longer."""
    service = press.client.service
    record = await _own(press, record_id)
    saved = bool(await service.favoured([record]))
    await service.favour(record_id, press.user.id, not saved)
    said = words.UNSAVED if saved else words.SAVED
    return await closeup(press.client, record, which, said.format(id=record_id))


async def delete(press: Press, record_id: int, which: Filter) -> Look:
    """Its bytes, its messages and its entry."""
    record = await press.client.service.delete(record_id, press.user.id)
    press.client.thumbnails.forget(record)
    await press.client.cards.remove(press, record, pressed=False)
    return await page(press.client, press.user.id, which)


ACTS: dict[str, Callable[[Press, int, Filter], Awaitable[Look]]] = {
    "page": turn,
    "pick": pick,
    "save": save,
    "delete": delete,
}


class PastItem(
    ui.DynamicItem[ui.Item[Any]],
    template=rf"{PREFIX}:(?P<verb>[a-z]+):(?P<record>[0-9]{{1,18}}):"
    r"(?P<before>[0-9]{1,18}):(?P<letters>[ita-][s-]):(?P<search>(?s:.*))",
):
    """Any button or menu of the history, from this run or an earlier one."""

    def __init__(self, item: ui.Item[Any], verb: str, record_id: int, which: Filter) -> None:
        super().__init__(item)
        self._verb = verb
        self._record_id = record_id
        self._which = which

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """What was pressed, rebuilt from what its id says."""
        del interaction
        which = filter_of(match["before"], match["letters"], match["search"])
        return cls(item, match["verb"], int(match["record"]), which)

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. discord.py would only log an error from here, so it is reported here."""
        bot: HordecordBot = interaction.client
        try:
            if not bot.admits(interaction):
                return
            await interaction.response.defer()  # thumbnails take a moment
            key = (interaction.user.id, self._verb, self._record_id, self._which.code)
            if bot.repeats.is_new((*key, chosen(interaction)), within=SAME_PRESS):
                await self._act(interaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            await bot.report(interaction, error)

    async def _act(self, press: Press) -> None:
        if self._verb not in ACTS:
            raise NotAllowed(words.OTHER_VERSION)
        view, files = await ACTS[self._verb](press, self._record_id, self._which)
        await press.edit_original_response(view=view, attachments=files)


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(PastItem)
