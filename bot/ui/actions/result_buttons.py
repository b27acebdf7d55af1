"""The buttons under the card of a request."""

import re
from collections.abc import Awaitable, Callable, Hashable

from bot.cards.buttons import OF_A_PICTURE
from bot.cards.card import Attachment, Card, Colour, TextBlock, Verb
from bot.cards.custom_ids import CARD
from bot.cards.request_card import details
from bot.cards.results.alchemy_files import as_json
from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.rules.place_checks import check_owner
from bot.ui.actions.animate_modal import animate
from bot.ui.actions.delete_question import delete_question, delete_record, has_results
from bot.ui.actions.edit_modal import edit, use
from bot.ui.actions.picture_actions import (
    describe_picture,
    pick_picture,
    upscale,
    upscale_with,
    vary,
    visible,
)
from bot.ui.actions.questions import close_question
from bot.ui.actions.text_actions import continue_text
from bot.ui.components.answers import answer_with_card
from bot.ui.components.persistent_item import OTHER_VERSION, Press, Route, add_routes, chosen

MODALS = frozenset({Verb.EDIT, Verb.USE, Verb.ANIMATE})  # can be opened again at once
OF_CHOSEN = OF_A_PICTURE | {Verb.EDIT}
PICTURE = re.compile("[0-9]{1,2}", re.ASCII)  # the value of a menu of pictures
Action = Callable[[Press, int, int], Awaitable[None]]  # the press, the request, the picture or 0


async def cancel_from_card(press: Press, record_id: int, _number: int) -> None:
    """Cancel the request; the tracker then updates its card."""
    await press.response.defer()
    await press.client.services.submission.cancel(record_id, press.user.id)


async def move_request(press: Press, record_id: int, _number: int) -> None:
    """Let the offered backend make the request, paid by the requester."""
    await press.client.services.submission.move(record_id, press.user.id)
    await press.response.defer()


async def again(press: Press, record_id: int, _number: int) -> None:
    """Submit the same parameters with a new seed."""
    context = await press.client.context(press)
    record = await press.client.services.submission.again(context, record_id)
    await press.client.answer(press, record)


async def show_details(press: Press, record_id: int, _number: int) -> None:
    """Show every parameter to the presser."""
    record = await visible(press, record_id)
    able = await press.client.services.guilds.abilities(record)
    own = record.user_id == press.user.id
    card = details(record, record.status, own=own, made_by=able.made_by)
    await press.client.cards.send_private(press, card)


async def send_json(press: Press, record_id: int, _number: int) -> None:
    """Send the results of alchemy as a JSON file to the presser."""
    record = await visible(press, record_id)
    if not isinstance(record.request, AlchemyRequest):
        raise UserError(_(OTHER_VERSION))
    file = Attachment(f"hordecord-{record.id}.json", data=as_json(record))
    title = _("The results of #{id} as JSON:").format(id=record.id)
    card = Card(Colour.QUIET, (TextBlock(title), file))
    await press.client.cards.send_private(press, card)


async def delete_result(press: Press, record_id: int, _number: int) -> None:
    """Ask before results are deleted; delete a failure with its messages at once."""
    record = await press.client.services.history.get(record_id)
    check_owner(record, press.user.id)
    if has_results(record):
        await press.response.defer()
        press.client.delete_presses[press.user.id, record_id] = press
        await answer_with_card(press, delete_question(record))
        return
    record = await delete_record(press, record_id)
    await press.response.defer()
    await press.client.cards.remove(press, record)


async def save_result(press: Press, record_id: int, _number: int) -> None:
    """Save the result, or no longer, and confirm it."""
    _record, said = await toggle_saved(press, record_id)
    await press.response.send_message(said, ephemeral=True)


async def toggle_saved(press: Press, record_id: int) -> tuple[Record, str]:
    """Save the presser's result, or no longer. Returns the record and the message about it."""
    services = press.client.services
    record = await services.history.get(record_id)
    saved = bool(await services.history.favoured([record]))
    await services.history.favour(record_id, press.user.id, not saved)
    if saved:
        text = _("#{id} is no longer saved. The bot deletes it after the usual time.")
    else:
        text = _("#{id} is saved permanently. `/history` with `favourites:True` lists it.")
    return record, text.format(id=record_id)


async def publish(press: Press, record_id: int, _number: int) -> None:
    """Show a private result to the channel."""
    context, services = await press.client.context(press), press.client.services
    record = await services.submission.publish(context, record_id)
    await press.response.defer()
    await press.client.cards.publish(
        press, record, posted=lambda message: services.history.also_shown(record_id, message)
    )


ACTIONS: dict[Verb, Action] = {
    Verb.CANCEL: cancel_from_card,
    Verb.MOVE: move_request,
    Verb.AGAIN: again,
    Verb.DETAILS: show_details,
    Verb.DELETE: delete_result,
    Verb.PUBLISH: publish,
    Verb.SAVE: save_result,
    Verb.PICK: pick_picture,
    Verb.VARY: vary,
    Verb.UPSCALE: upscale,
    Verb.UPSCALER: upscale_with,
    Verb.DESCRIBE: describe_picture,
    Verb.JSON: send_json,
    Verb.EDIT: edit,
    Verb.CONTINUE: continue_text,
    Verb.USE: use,
    Verb.ANIMATE: animate,
}


def press_key(press: Press, verb: str, *_: int) -> Hashable:
    """The same on every message that shows the request."""
    return None if verb in MODALS else chosen(press)


async def press_card(press: Press, verb: str, record_id: int, number: int) -> None:
    """Run the action of the verb."""
    if verb not in ACTIONS:
        raise NotAllowed(_(OTHER_VERSION))
    await ACTIONS[Verb(verb)](press, record_id, _picture(press, verb, record_id, number))
    await close_question(press)


def _picture(press: Press, verb: str, record_id: int, number: int) -> int:
    """The number of the picture; 0 for none.

    A button without a number concerns the picture that its presser chose last in a menu of that
    request's messages.
    """
    value, key = chosen(press), (press.user.id, record_id)
    if not PICTURE.fullmatch(value):
        return number or (press.client.chosen_pictures.get(key, 0) if verb in OF_CHOSEN else 0)
    if verb == Verb.PICK:
        press.client.chosen_pictures[key] = int(value)
    return int(value)


def register(bot: HordecordBot) -> None:
    """Add the route of these buttons."""
    add_routes(bot, Route(CARD, press_card, press_key))
