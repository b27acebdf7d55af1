"""What the buttons under a card do. Their custom_id says all, so they outlive restarts."""

import re
from collections.abc import Awaitable, Callable, Hashable

from bot.cards.alchemy_files import as_json
from bot.cards.card import Attachment, Card, Colour, TextBlock, Verb
from bot.cards.request_card import details
from bot.client.bot import HordecordBot
from bot.client.interaction_context import origin_of
from bot.domain.requests import AlchemyRequest
from bot.errors import NotAllowed, UserError
from bot.ui.actions.edit_modal import edit, use
from bot.ui.actions.picture_actions import (
    describe,
    pick_picture,
    upscale,
    upscale_with,
    vary,
    visible,
)
from bot.ui.components.persistent_item import OTHER_VERSION, PersistentItem, Press, chosen

JSON_TITLE = "What was found in #{id}, for a program to read:"
SAVED = "#{id} is saved: it is kept for good, and `/history` with `favourites:True` lists it."
UNSAVED = "#{id} is not saved any more. It is remembered as long as any other."

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
        raise UserError(OTHER_VERSION)
    file = Attachment(f"hordecord-{record.id}.json", data=as_json(record))
    card = Card(Colour.QUIET, (TextBlock(JSON_TITLE.format(id=record.id)), file))
    await press.client.cards.whisper(press, card)


async def delete_result(press: Press, record_id: int, _number: int) -> None:
    """The bytes and the messages, without a question."""
    record = await press.client.service.delete(record_id, press.user.id)
    await press.response.defer()
    await press.client.cards.remove(press, record)


async def save_result(press: Press, record_id: int, _number: int) -> None:
    """Keep it for good; pressed again, no longer."""
    service = press.client.service
    record = await service.get(record_id)
    saved = bool(await service.favoured([record]))
    await service.favour(record_id, press.user.id, not saved)
    said = (UNSAVED if saved else SAVED).format(id=record_id)
    await press.response.send_message(said, ephemeral=True)


async def publish(press: Press, record_id: int, _number: int) -> None:
    """Show a private result to the channel."""
    service = press.client.service
    record = await service.publish(origin_of(press), record_id)
    await press.response.defer()
    await press.client.cards.publish(
        press, record, posted=lambda message: service.also_shown(record_id, message)
    )


ACTS: dict[Verb, Act] = {
    Verb.CANCEL: cancel,
    Verb.AGAIN: again,
    Verb.DETAILS: show_details,
    Verb.DELETE: delete_result,
    Verb.PUBLISH: publish,
    Verb.SAVE: save_result,
    Verb.PICK: pick_picture,
    Verb.VARY: vary,
    Verb.UPSCALE: upscale,
    Verb.UPSCALER: upscale_with,
    Verb.DESCRIBE: describe,
    Verb.JSON: send_json,
    Verb.EDIT: edit,
    Verb.USE: use,
}


class CardButton(
    PersistentItem,
    template=r"hc:(?P<verb>[a-z]+):(?P<record>[0-9]{1,18})(:(?P<number>[0-9]{1,2}))?",
):
    """Any button or menu of any card, from this run or an earlier one."""

    @property
    def record_id(self) -> int:
        """The request that the card is about."""
        return int(self.said["record"])

    @property
    def number(self) -> int:
        """The picture that it is about, 0 for none."""
        return int(self.said["number"] or 0)

    def same(self, press: Press) -> Hashable:
        """The request and not the message: several can show the same one."""
        verb = self.said["verb"]
        return None if verb in FORMS else (self.record_id, verb, self.number, chosen(press))

    async def act(self, press: Press) -> None:
        """What its verb says."""
        verb, value = self.said["verb"], chosen(press)
        if verb not in ACTS:
            raise NotAllowed(OTHER_VERSION)
        number = int(value) if PICTURE.fullmatch(value) else self.number
        await ACTS[Verb(verb)](press, self.record_id, number)


def register(bot: HordecordBot) -> None:
    """From now on presses lead here."""
    bot.add_dynamic_items(CardButton)
