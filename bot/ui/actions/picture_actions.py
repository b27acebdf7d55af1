"""Actions on a picture of a result: show it alone, vary it, upscale it, describe it."""

from bot.cards import labels
from bot.cards.buttons import alone
from bot.cards.card import (
    ALT_MAX,
    GALLERY_MAX,
    Block,
    Card,
    Colour,
    Gallery,
    Picture,
    TextBlock,
    Verb,
)
from bot.cards.card_lines import NAME_MAX
from bot.cards.formatting import DOT
from bot.cards.links import jump_url
from bot.cards.markdown import inline_code, line, safe_line
from bot.cards.results.shown_pictures import ShownPicture, pick_menu, shown_in
from bot.domain.alchemy.alchemy_forms import UPSCALERS
from bot.domain.capabilities import Capabilities
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Source, TextRequest
from bot.errors import NotAllowed, UserError
from bot.i18n import N_, _
from bot.parameters.derived_requests import describing, from_picture, model_after, upscaled
from bot.rules.blocklists import usual_upscaler
from bot.rules.request_context import RequestContext
from bot.ui.components.persistent_item import Press, chosen
from bot.ui.delivery.message_pictures import picture_link, source_of_url

# Verbs of pictures
NO_SUCH_PICTURE = N_("This result has no such image.")
PRIVATE_REQUEST = N_("This request is private.")


async def visible(press: Press, record_id: int) -> Record:
    """That request, if the presser may see it: the requester, or others where its card is public.

    Raises UserError. A number alone allows nothing: it would lead to other servers and to other
    users' DMs.
    """
    record = await press.client.services.history.get(record_id)
    if not is_seen(press, record):
        raise NotAllowed(_(PRIVATE_REQUEST))
    return record


def is_seen(press: Press, record: Record) -> bool:
    """Whether the presser is the requester, or a card of it is public there, perhaps a copy."""
    return record.user_id == press.user.id or record.is_public_in(press.channel_id or 0)


async def owned(press: Press, record_id: int) -> tuple[RequestContext, Record]:
    """The context of the press, and that ended request, if the presser may continue it.

    Raises UserError.
    """
    context = await press.client.context(press)
    record = await press.client.services.history.pressable(context, record_id)
    if not record.is_over:
        raise UserError(_("This request is still open. Wait for it or cancel it first."))
    return context, record


def chosen_picture(record: Record, number: int) -> ShownPicture:
    """The picture of that number, or the only one for 0. Raises UserError."""
    pictures = shown_in(record, record.status)
    if not number and len(pictures) == 1:
        return pictures[0]
    found = next((one for one in pictures if one.number == number), None)
    if found is None:
        raise UserError(_(NO_SUCH_PICTURE))
    return found


async def source_for(press: Press, record: Record, number: int) -> Source:
    """That picture of the request as a source. Raises UserError without its file."""
    picture = chosen_picture(record, number)
    source = source_of_url(picture, press.message, spoiler=is_hidden(record))
    if not source.url and not await press.client.cards.keeps(source.file):
        raise UserError(
            _("This image is no longer stored. Use the button under the message that shows it.")
        )
    return source


def is_hidden(record: Record) -> bool:
    """Whether its pictures are behind a spoiler."""
    return not isinstance(record.request, TextRequest) and record.request.spoiler


async def asked_which(press: Press, record: Record, number: int, verb: Verb) -> bool:
    """Whether a choice is needed first; then it was asked for in private."""
    pictures = shown_in(record, record.status)
    if number or len(pictures) < 2:
        return False
    # The pressed message has the pictures, so no file is read or uploaded again.
    linked = [(one, url) for one in pictures if (url := picture_link(one, press.message))]
    gallery = Gallery(
        tuple(
            Picture(filename=one.filename, spoiler=is_hidden(record), url=url)
            for one, url in linked[:GALLERY_MAX]
        )
    )
    blocks: list[Block] = [
        TextBlock(f"**{_(labels.WHICH[verb])}**"),
        *([gallery] if linked else []),
    ]
    menu = pick_menu(record, pictures, verb, _(labels.CHOOSE_PICTURE))
    await press.client.cards.send_private(press, Card(Colour.QUIET, tuple(blocks), menus=(menu,)))
    return True


async def pick_picture(press: Press, record_id: int, number: int) -> None:
    """Show one picture alone with its buttons, to the member who chose it."""
    record = await visible(press, record_id)
    context = await press.client.context(press)
    record = press.client.services.history.as_seen(context, record)
    picture = chosen_picture(record, number)
    await press.client.cards.send_private(
        press, _alone(record, picture, picture_link(picture, press.message), context.capabilities)
    )


async def vary(press: Press, record_id: int, number: int) -> None:
    """The same motif drawn differently, with that picture as its source."""
    context, record = await owned(press, record_id)
    if await asked_which(press, record, number, Verb.VARY):
        return
    if not isinstance(record.request, ImageRequest):
        raise UserError(_(NO_SUCH_PICTURE))
    picture = chosen_picture(record, number)
    source = await source_for(press, record, picture.number)
    catalog = press.client.services.catalog
    model = model_after(catalog, record.request, picture.model, context.rules)
    request = from_picture(record.request, source, model)
    request = request.model_copy(update={"nsfw": False})  # the place decides at the submit
    await press.client.submit(press, context, request, parent=record.id)


async def upscale(press: Press, record_id: int, number: int) -> None:
    """Upscale that picture with the default upscaler."""
    context, record = await owned(press, record_id)
    if await asked_which(press, record, number, Verb.UPSCALE):
        return
    source = await source_for(press, record, number)
    best = usual_upscaler_of(press, context)
    request = upscaled(source, best, private=record.request.private)
    await press.client.submit(press, context, request, parent=record.id)


async def describe_picture(press: Press, record_id: int, number: int) -> None:
    """Describe that picture in words."""
    context, record = await owned(press, record_id)
    if await asked_which(press, record, number, Verb.DESCRIBE):
        return
    source = await source_for(press, record, number)
    catalog = press.client.services.catalog
    forms = describing(catalog, context.capabilities, context.rules)
    request = AlchemyRequest(source=source, forms=forms, private=record.request.private)
    await press.client.submit(press, context, request, parent=record.id)


async def upscale_with(press: Press, record_id: int, _number: int) -> None:
    """Upscale the source of an upscaling with another upscaler."""
    (context, record), form = await owned(press, record_id), chosen(press)
    known = form in {each.name for each in UPSCALERS}
    if not known or not isinstance(record.request, AlchemyRequest):
        raise UserError(_(NO_SUCH_PICTURE))
    source, private = record.request.source, record.request.private
    request = upscaled(source, form, private=private)
    await press.client.submit(press, context, request, parent=record.id)


def usual_upscaler_of(press: Press, context: RequestContext) -> str:
    """The default upscaler of the place. Raises NotAllowed when every one is blocked."""
    catalog = press.client.services.catalog
    able, rules = context.capabilities, context.rules
    return usual_upscaler(rules, lambda form: catalog.has_form(form, able, rules))


def _alone(record: Record, picture: ShownPicture, url: str, able: Capabilities) -> Card:
    place = jump_url(record)
    name = f"[#{record.id}]({place})" if place else f"#{record.id}"
    facts = [
        _(labels.PICTURE_OF).format(number=picture.number, link=name),
        _("seed {seed}").format(seed=inline_code(picture.seed, NAME_MAX)) if picture.seed else "",
        safe_line(picture.model, NAME_MAX),
    ]
    hidden = is_hidden(record)
    image = record.request if isinstance(record.request, ImageRequest) else None
    alt = line(image.prompt, ALT_MAX) if image else ""
    as_png = image is not None and image.file_format == "png"
    shown = Picture(picture.file, picture.filename, alt, hidden, url, as_png)
    blocks = (TextBlock(DOT.join(filter(None, facts))), Gallery((shown,)))
    return Card(Colour.QUIET, blocks, alone(record, picture, able))
