"""What happens to a picture that somebody pointed at: the acts of menus, trays and buttons."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.client import HordecordBot
from bot.errors import NotAllowed, UserError
from bot.origin import is_nsfw
from bot.records import Record
from bot.requests import AlchemyRequest, Source, build
from bot.sequels import DESCRIBING
from bot.ui import moderating, remix_form, sentences, trays, words
from bot.ui.buttons import SAME_PRESS
from bot.ui.offered import here, upscaler
from bot.ui.targets import pictures_in
from bot.ui.verbs import number_of, values_of

Press = discord.Interaction[HordecordBot]
DESCRIBE, UPSCALE, REMIX = "describe", "upscale", "remix"
SNOWFLAKES = 1 << 63  # Discord's ids, and all numbers of the database, are below
Act = Callable[[Press, int, int], Awaitable[None]]  # the press, the two numbers of its custom_id


async def begin(
    press: Press,
    act: str,
    sources: Sequence[Source],
    *,
    private: bool,
    record: Record | None = None,
) -> None:
    """Do it with the only picture, or ask which. Raises UserError without one.

    `record`: the request that made them, where it is one of ours.
    """
    if not sources:
        raise UserError(sentences.NO_PICTURE_THERE)
    if len(sources) > 1:
        linked = [source for source in sources if source.url]
        view = trays.which(act, linked, private=private)
        await press.response.send_message(view=view, ephemeral=True)
        return
    await do(press, act, sources[0], private=private, record=record)


async def do(
    press: Press, act: str, source: Source, *, private: bool, record: Record | None = None
) -> None:
    """Describe it, make it larger, or ask what shall become of it."""
    if act == REMIX:
        title = sentences.REMIX_TITLE
        await remix_form.ask(press, source, title=title, private=private, record=record)
    else:
        parent = record.id if record is not None else None
        larger = act == UPSCALE
        forms = (upscaler((await here(press)).rules),) if larger else DESCRIBING
        await transform(press, source, forms, private=private, parent=parent)


async def transform(
    press: Press,
    source: Source,
    forms: Sequence[str],
    *,
    private: bool,
    parent: int | None = None,
) -> None:
    """Ask for those forms of alchemy."""
    request = build(
        AlchemyRequest,
        source=source,
        forms=tuple(forms),
        withhold=not is_nsfw(press),
        private=private,
    )
    await press.client.submit(press, request, parent=parent)


async def _pick(press: Press, act: str, private: int) -> None:
    number = number_of(_values(press)[0])
    pictures = pictures_in(press.message) if press.message else []
    if not 1 <= number <= len(pictures):
        raise UserError(sentences.PICTURE_GONE)
    await do(press, act, pictures[number - 1], private=bool(private))


async def _choose_forms(press: Press, private: int, _second: int) -> None:
    pictures = pictures_in(press.message) if press.message else []
    if not pictures:
        raise UserError(sentences.PICTURE_GONE)
    await transform(press, pictures[0], _values(press), private=bool(private))


async def _ask_again(press: Press, number: int, _second: int) -> None:
    await remix_form.ask_again(press, number)


def _picker(act: str) -> Act:
    async def picked(press: Press, private: int, _second: int) -> None:
        await _pick(press, act, private)

    return picked


ACTS: dict[str, Act] = {
    **{act: _picker(act) for act in (REMIX, DESCRIBE, UPSCALE)},
    trays.FORMS_ACT: _choose_forms,
    "again": _ask_again,
    moderating.REMOVE: moderating.remove,
    moderating.REPORT: moderating.report,
}


def _values(press: Press) -> list[str]:
    """What was chosen in a menu. Raises UserError for nothing, which no client of Discord sends."""
    chosen = values_of(press)
    if not chosen:
        raise UserError(sentences.PICTURE_GONE)
    return chosen


class TrayItem(
    ui.DynamicItem[ui.Item[Any]],
    template=r"hct:(?P<act>[a-z]+):(?P<first>[0-9]{1,18})(:(?P<second>[0-9]{1,19}))?",
):
    """A menu of a tray or a button of an information, from this run or an earlier one."""

    def __init__(self, item: ui.Item[Any], act: str, numbers: tuple[int, int]) -> None:
        super().__init__(item)
        self._act = act
        self._numbers = numbers

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """What was pressed, rebuilt from what its id says."""
        del interaction
        return cls(item, match["act"], (int(match["first"]), int(match["second"] or 0)))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. discord.py would only log an error from here, so it is reported here."""
        bot: HordecordBot = interaction.client
        try:
            await self._do(bot, interaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            await bot.report(interaction, error)

    async def _do(self, bot: HordecordBot, press: Press) -> None:
        if not bot.admits(press):
            return
        shown = press.message.id if press.message else 0
        key = (press.user.id, shown, self._act, self._numbers, *values_of(press))
        if not bot.repeats.is_new(key, within=SAME_PRESS):
            await press.response.defer()
            return
        if self._act not in ACTS or max(self._numbers) >= SNOWFLAKES:
            raise NotAllowed(words.OTHER_VERSION)
        await ACTS[self._act](press, *self._numbers)


def register(bot: HordecordBot) -> None:
    """From now on what is pressed and chosen leads here."""
    bot.add_dynamic_items(TrayItem)
