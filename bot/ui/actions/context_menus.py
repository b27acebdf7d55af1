"""Actions on a picture of any message: for context menus, picture menus and buttons."""

from collections.abc import Awaitable, Callable, Hashable, Sequence

from bot.cards.custom_ids import ACTION, ANIMATE_MODAL, REMIX_MODAL
from bot.client.bot import HordecordBot
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, Source, build
from bot.errors import NotAllowed, UserError
from bot.i18n import _
from bot.parameters.derived_requests import describing
from bot.pictures.formats.inspect import USABLE
from bot.rules.request_context import RequestContext
from bot.ui.actions import (
    animate_modal,
    delete_question,
    moderation,
    picture_picker,
    remix_modal,
)
from bot.ui.actions.message_sources import pictures_in
from bot.ui.actions.picture_actions import is_seen, usual_upscaler_of
from bot.ui.actions.questions import close_question
from bot.ui.actions.source_form import PICTURE_GONE, About, SourceForm
from bot.ui.components.modal_router import add_modal
from bot.ui.components.persistent_item import (
    OTHER_VERSION,
    Press,
    Route,
    add_routes,
    chosen_values,
    number_of,
    once,
)
from bot.ui.components.views import layout_of

DESCRIBE, UPSCALE, REMIX, ANIMATE = "describe", "upscale", "remix", "animate"
FORMS = (remix_modal.FORM, animate_modal.FORM)
MODALS = frozenset({REMIX, ANIMATE, *(form.again for form in FORMS)})  # can be opened again at once
Action = Callable[[Press, int, int], Awaitable[None]]  # the press, the two numbers of its id


async def begin(
    press: Press,
    action: str,
    sources: Sequence[Source],
    *,
    private: bool,
    record: Record | None = None,
) -> None:
    """Run the action on the only picture, or ask for one. Raises UserError without a picture.

    `record`: the request that made them, if it is known.
    """
    if not sources:
        text = _("This message has no image that the bot can use. It can use {formats}.")
        raise UserError(text.format(formats=USABLE))
    if len(sources) > 1:
        linked = [source for source in sources if source.url]
        made_by = record.id if record is not None else 0
        card = picture_picker.picture_question(action, linked, private=private, record_id=made_by)
        await press.response.send_message(view=layout_of(card), ephemeral=True)
        return
    await do(press, action, sources[0], private=private, record=record)


async def do(
    press: Press, action: str, source: Source, *, private: bool, record: Record | None = None
) -> None:
    """Describe the picture, upscale it, or open the form of Remix or Animate."""
    if action == REMIX:
        about = About(source, _("Remix this image"), private, record)
        await remix_modal.open_remix(press, about)
    elif action == ANIMATE:
        about = About(source, _("Animate this image"), private, record)
        await animate_modal.open_animate(press, about)
    else:
        context, parent = await press.client.context(press), record.id if record else None
        catalog = press.client.services.catalog
        describe = describing(catalog, context.capabilities, context.rules)
        forms = (usual_upscaler_of(press, context),) if action == UPSCALE else describe
        await transform(press, context, source, forms, private=private, parent=parent)


async def transform(
    press: Press,
    context: RequestContext,
    source: Source,
    forms: Sequence[str],
    *,
    private: bool,
    parent: int | None = None,
) -> None:
    """Submit a request for those forms of alchemy."""
    request = build(AlchemyRequest, source=source, forms=tuple(forms), private=private)
    await press.client.submit(press, context, request, parent=parent)


async def _pick(press: Press, action: str, private: int, record_id: int) -> None:
    number = number_of(_values(press)[0])
    pictures = pictures_in(press.message) if press.message else []
    if not 1 <= number <= len(pictures):
        raise UserError(_(PICTURE_GONE))
    record = await _made_by(press, record_id)
    await do(press, action, pictures[number - 1], private=bool(private), record=record)


async def _made_by(press: Press, record_id: int) -> Record | None:
    """The request of that number, None if the presser may not see it.

    The number alone allows nothing: a client can send any id.
    """
    record = await press.client.services.history.find(record_id) if record_id else None
    return record if record is not None and is_seen(press, record) else None


async def _choose_forms(press: Press, private: int, _second: int) -> None:
    pictures = pictures_in(press.message) if press.message else []
    if not pictures:
        raise UserError(_(PICTURE_GONE))
    context = await press.client.context(press)
    await transform(press, context, pictures[0], _values(press), private=bool(private))


def _opener(form: SourceForm) -> Action:
    async def opened_again(press: Press, number: int, _second: int) -> None:
        await form.open_again(press, number)

    return opened_again


def _picker(action: str) -> Action:
    async def picked(press: Press, private: int, record_id: int) -> None:
        await _pick(press, action, private, record_id)

    return picked


ACTIONS: dict[str, Action] = {
    **{action: _picker(action) for action in (REMIX, DESCRIBE, UPSCALE, ANIMATE)},
    **{form.again: _opener(form) for form in FORMS},
    picture_picker.FORMS_ACTION: _choose_forms,
    delete_question.DELETE_ACTION: delete_question.delete_confirmed,
    delete_question.KEEP_ACTION: delete_question.keep,
    moderation.REMOVE: moderation.remove,
    moderation.REPORT: moderation.report,
}


def _values(press: Press) -> list[str]:
    """The values chosen in a menu. Raises UserError for none, which no client sends."""
    chosen = chosen_values(press)
    if not chosen:
        raise UserError(_(PICTURE_GONE))
    return chosen


def menu_press_key(press: Press, action: str, *_: int) -> Hashable:
    """A modal that was closed can be opened again at once."""
    return None if action in MODALS else once(press)


async def press_action(press: Press, action: str, first: int, second: int) -> None:
    """Run the action of the id."""
    if action not in ACTIONS:
        raise NotAllowed(_(OTHER_VERSION))
    await ACTIONS[action](press, first, second)
    await close_question(press)


def register(bot: HordecordBot) -> None:
    """Add the routes of these menus and buttons, and of the forms."""
    add_routes(bot, Route(ACTION, press_action, menu_press_key))
    add_modal(bot, REMIX_MODAL, remix_modal.FORM.submit)
    add_modal(bot, ANIMATE_MODAL, animate_modal.FORM.submit)
