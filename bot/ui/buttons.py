"""What the buttons under a card do. Their custom_id says all, so they outlive restarts."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
from discord import ui

from bot.client import HordecordBot
from bot.errors import NotAllowed, UserError
from bot.origin import origin_of
from bot.requests import AlchemyRequest
from bot.ui import words
from bot.ui.card import Attachment, Card, Colour, Text, Verb
from bot.ui.cards import details
from bot.ui.edit import edit, use
from bot.ui.readings import as_json
from bot.ui.verbs import (
    Press,
    chosen,
    describe,
    pick,
    upscale,
    upscale_with,
    vary,
    visible,
)

SAME_PRESS = 1.5  # s in which the same press is one request (PRODUCT)
FORMS = frozenset({Verb.EDIT, Verb.USE})  # opening one again asks for nothing
PICTURE = re.compile("[0-9]{1,2}", re.ASCII)  # what a menu of pictures gives
Act = Callable[[Press, int, int], Awaitable[None]]  # the press, the request, the picture or 0


async def cancel(press: Press, record_id: int, _number: int) -> None:
    """Stop it; its card says so by itself."""
    await press.response.defer()
    await press.client.service.cancel(record_id, press.user.id)


async def again(press: Press, record_id: int, _number: int) -> None:
    """The same parameters, a new seed, a new message."""
    before = await press.client.service.get(record_id)
    origin = origin_of(press, private=before.request.private)
    record = await press.client.service.again(origin, record_id)
    await press.client.answer(press, record)


async def show_details(press: Press, record_id: int, _number: int) -> None:
    """Every parameter, to whoever presses: what is on a public card is no secret."""
    record = await visible(press, record_id)
    await press.client.cards.whisper(press, details(record, record.status))


async def send_json(press: Press, record_id: int, _number: int) -> None:
    """What alchemy found as a file, to whoever presses: what is on a public card is no secret."""
    record = await visible(press, record_id)
    if not isinstance(record.request, AlchemyRequest):
        raise UserError(words.OTHER_VERSION)
    file = Attachment(f"hordecord-{record.id}.json", data=as_json(record))
    card = Card(Colour.QUIET, (Text(words.JSON_TITLE.format(id=record.id)), file))
    await press.client.cards.whisper(press, card)


async def delete(press: Press, record_id: int, _number: int) -> None:
    """The bytes and the messages, without a question."""
    record = await press.client.service.delete(record_id, press.user.id)
    await press.response.defer()
    await press.client.cards.remove(press, record)


async def save(press: Press, record_id: int, _number: int) -> None:
    """Keep it for good; pressed again, no longer."""
    service = press.client.service
    record = await service.get(record_id)
    saved = bool(await service.favoured([record]))
    await service.favour(record_id, press.user.id, not saved)
    said = (words.UNSAVED if saved else words.SAVED).format(id=record_id)
    await press.response.send_message(said, ephemeral=True)


async def publish(press: Press, record_id: int, _number: int) -> None:
    """A private result for everybody in the channel."""
    record = await press.client.service.publish(origin_of(press), record_id)
    await press.response.defer()
    await press.client.cards.publish(press, record)


ACTS: dict[Verb, Act] = {
    Verb.CANCEL: cancel,
    Verb.AGAIN: again,
    Verb.DETAILS: show_details,
    Verb.DELETE: delete,
    Verb.PUBLISH: publish,
    Verb.SAVE: save,
    Verb.PICK: pick,
    Verb.VARY: vary,
    Verb.UPSCALE: upscale,
    Verb.UPSCALER: upscale_with,
    Verb.DESCRIBE: describe,
    Verb.JSON: send_json,
    Verb.EDIT: edit,
    Verb.USE: use,
}


class CardButton(
    ui.DynamicItem[ui.Item[Any]],
    template=r"hc:(?P<verb>[a-z]+):(?P<record>[0-9]{1,18})(:(?P<number>[0-9]{1,2}))?",
):
    """Any button or menu of any card, from this run or an earlier one."""

    def __init__(self, item: ui.Item[Any], verb: str, record_id: int, number: int) -> None:
        super().__init__(item)
        self._verb = verb
        self._record_id = record_id
        self._number = number

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        """What was pressed, rebuilt from what its id says."""
        del interaction
        return cls(item, match["verb"], int(match["record"]), int(match["number"] or 0))

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Do it. discord.py would only log an error from here, so it is reported here."""
        bot: HordecordBot = interaction.client
        try:
            await self._act(bot, interaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person is told
            await bot.report(interaction, error)

    async def _act(self, bot: HordecordBot, press: Press) -> None:
        if not bot.admits(press):
            return
        value = chosen(press)
        key = (press.user.id, self._record_id, self._verb, self._number, value)
        if self._verb not in FORMS and not bot.repeats.is_new(key, within=SAME_PRESS):
            await press.response.defer()
            return
        if self._verb not in ACTS:
            raise NotAllowed(words.OTHER_VERSION)
        number = int(value) if PICTURE.fullmatch(value) else self._number
        await ACTS[Verb(self._verb)](press, self._record_id, number)


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(CardButton)
