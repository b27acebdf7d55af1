"""The button of each verb, and the buttons and menus of the card of an ended request."""

from collections.abc import Sequence

from bot.cards import labels
from bot.cards.card import (
    GALLERY_MAX,
    LABEL_MAX,
    OPTIONS_MAX,
    ROW_MAX,
    Button,
    ButtonStyle,
    Menu,
    Option,
    Verb,
)
from bot.cards.context import CardContext
from bot.cards.custom_ids import CARD
from bot.cards.results.shown_pictures import ShownPicture, pick_menu, shown_in
from bot.domain.alchemy.alchemy_forms import DESCRIBING, UPSCALERS, form_of
from bot.domain.backend_gaps import gap_of
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.kudos import prices
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, Kind
from bot.domain.results import Offer
from bot.i18n import N_, _

USE_OTHER, USE_OTHER_UNPRICED = N_("Use {backend} for about {price}"), N_("Use {backend}, paid")
OTHER_UPSCALER = N_("Upscale it another way …")

Rows = tuple[tuple[Button, ...], ...]
OF_A_PICTURE = frozenset({Verb.VARY, Verb.UPSCALE, Verb.USE, Verb.DESCRIBE, Verb.ANIMATE})


def ended_buttons(scene: CardContext, *, arrived: bool) -> Rows:
    """The rows of buttons: further uses of the result first, its management last."""
    if scene.record.turn is not None:  # the conversation has buttons of its own
        kept = (Verb.DETAILS, *((Verb.SAVE,) if arrived else ()), Verb.DELETE)
        return (_row(scene.record, kept, ()),)
    pictures = shown_in(scene.record, scene.status)
    last = [Verb.SAVE] if arrived else []
    last += [Verb.PUBLISH] if arrived and scene.hidden else []
    last.append(Verb.DELETE)
    if scene.record.kind is Kind.IMAGE and pictures:
        first = [Verb.AGAIN, Verb.VARY, Verb.UPSCALE, Verb.EDIT, Verb.DETAILS]
        last = [Verb.USE, Verb.DESCRIBE, Verb.ANIMATE, *last]
    elif scene.record.kind in {Kind.IMAGE, Kind.VIDEO}:
        first = [Verb.AGAIN, Verb.EDIT, Verb.DETAILS]
    elif scene.record.kind is Kind.TEXT:
        after = [Verb.CONTINUE, Verb.EDIT] if arrived else []
        first = [Verb.AGAIN, *after, Verb.DETAILS]
    else:
        first = [Verb.AGAIN, *_of_forms(scene.record, pictures), Verb.DETAILS]
        last = [Verb.JSON, *last] if arrived and _reads(scene.record) else last
    first, last = (possible_verbs(verbs, scene.record, scene.able.here) for verbs in (first, last))
    made = [_row(scene.record, verbs, pictures) for verbs in (first, last)]
    one_row = len(first) + len(last) <= ROW_MAX
    return _rows((*made[0], *made[1])) if one_row else (*_rows(made[0]), *_rows(made[1]))


def _rows(buttons: tuple[Button, ...]) -> Rows:
    """As many rows as the buttons need."""
    return tuple(buttons[at : at + ROW_MAX] for at in range(0, len(buttons), ROW_MAX))


def possible_verbs(verbs: Sequence[Verb], record: Record, able: Capabilities) -> list[Verb]:
    """Those of the verbs that the backend can do, to which their requests would be sent."""
    images, redraws = Kind.IMAGE in able.kinds, able.uses("source")
    alchemy = Kind.ALCHEMY in able.kinds
    can = {
        Verb.AGAIN: not gap_of(record.request, able),
        Verb.EDIT: record.kind in able.kinds,
        Verb.CONTINUE: Kind.TEXT in able.kinds,
        Verb.VARY: images and redraws,
        Verb.USE: images and redraws,
        Verb.UPSCALE: alchemy and any(able.takes_form(form.name) for form in UPSCALERS),
        Verb.DESCRIBE: alchemy and any(map(able.takes_form, DESCRIBING)),
        Verb.ANIMATE: Kind.VIDEO in able.kinds,
    }
    return [verb for verb in verbs if can.get(verb, True)]


def _of_forms(record: Record, pictures: Sequence[ShownPicture]) -> list[Verb]:
    """Uses of alchemy results: an upscaled picture has no button to upscale it."""
    if not pictures:
        return []
    request = record.request
    large = isinstance(request, AlchemyRequest) and is_upscale(request)
    if large:
        return [Verb.USE, Verb.ANIMATE]
    return [Verb.UPSCALE, Verb.USE, Verb.DESCRIBE, Verb.ANIMATE]


def menus(scene: CardContext) -> tuple[Menu, ...]:
    """Menus: choice of a picture if there are several, choice of an upscaler for an upscaling."""
    record, pictures = scene.record, shown_in(scene.record, scene.status)
    request = record.request
    if len(pictures) > 1:
        # A second message of alchemy has no menu of its own, so this one lists all pictures.
        here = pictures[: OPTIONS_MAX if isinstance(request, AlchemyRequest) else GALLERY_MAX]
        return (pick_menu(record, here, Verb.PICK, _(labels.CHOOSE_PICTURE)),)
    if isinstance(request, AlchemyRequest) and is_upscale(request):
        menu = upscaler_menu(record, request, scene.able.here)
        return (menu,) if menu.options else ()
    return ()


def rest_menu(scene: CardContext) -> Menu:
    """Choice of a picture that does not fit on the card."""
    pictures = shown_in(scene.record, scene.status)[GALLERY_MAX : 2 * GALLERY_MAX]
    return pick_menu(scene.record, pictures, Verb.PICK, _(labels.CHOOSE_PICTURE))


def alone(record: Record, picture: ShownPicture, able: Capabilities) -> Rows:
    """The buttons of one picture by itself. `able`: of the backend for new requests there."""
    image = [Verb.VARY, Verb.UPSCALE, Verb.EDIT, Verb.USE, Verb.DESCRIBE]
    verbs = image if record.kind is Kind.IMAGE else [Verb.UPSCALE, Verb.USE, Verb.DESCRIBE]
    left = possible_verbs([*verbs, Verb.ANIMATE], record, able)
    return _rows(tuple(verb_button(verb, record.id, number=picture.number) for verb in left))


def is_upscale(request: AlchemyRequest) -> bool:
    """It upscales a picture and does nothing else."""
    return len(request.forms) == 1 and form_of(request.forms[0]).group == "upscale"


def upscaler_menu(record: Record, request: AlchemyRequest, able: Capabilities) -> Menu:
    """The upscalers of the backend that were not used yet."""
    options = tuple(
        Option(form.name, _(form.label))
        for form in UPSCALERS
        if form.name not in request.forms and Kind.ALCHEMY in able.kinds
        if able.takes_form(form.name)
    )
    return Menu(CARD(Verb.UPSCALER, record.id, 0), _(OTHER_UPSCALER), options)


def _reads(record: Record) -> bool:
    """It asks for words or figures about a picture, which a program may read."""
    request = record.request
    return isinstance(request, AlchemyRequest) and any(
        form_of(name).group in {"look", "other"} for name in request.forms
    )


def _row(
    record: Record, verbs: Sequence[Verb], pictures: Sequence[ShownPicture]
) -> tuple[Button, ...]:
    only = pictures[0].number if len(pictures) == 1 else 0
    return tuple(
        verb_button(verb, record.id, number=only if verb in OF_A_PICTURE else 0) for verb in verbs
    )


def verb_button(verb: Verb, record_id: int, *, number: int = 0, disabled: bool = False) -> Button:
    """The button of a verb, the same on every card. `number`: of its picture."""
    label, emoji, style = _BUTTONS[verb]
    return Button(CARD(verb, record_id, number), _(label), style, emoji, disabled)


def move_button(record_id: int, offer: Offer) -> Button:
    """The button of a request that waits for its backend: another one can make it for a price."""
    label = _(USE_OTHER) if offer.price else _(USE_OTHER_UNPRICED)
    price = prices.price(offer.price, PriceUnit.MICRO_USD)
    text = label.format(backend=offer.title, price=price)[:LABEL_MAX]
    return Button(CARD(Verb.MOVE, record_id, 0), text, ButtonStyle.PRIMARY)


_BUTTONS = {
    Verb.CANCEL: (labels.CANCEL, "⏹️", ButtonStyle.SECONDARY),
    Verb.AGAIN: (labels.AGAIN, "🔁", ButtonStyle.PRIMARY),
    Verb.VARY: (labels.VARY, "🎲", ButtonStyle.SECONDARY),
    Verb.UPSCALE: (labels.UPSCALE, "🔍", ButtonStyle.SECONDARY),
    Verb.EDIT: (labels.EDIT, "✏️", ButtonStyle.SECONDARY),
    Verb.USE: (labels.USE, "🖼️", ButtonStyle.SECONDARY),
    Verb.DESCRIBE: (labels.DESCRIBE, "💬", ButtonStyle.SECONDARY),
    Verb.ANIMATE: (labels.ANIMATE, "🎬", ButtonStyle.SECONDARY),
    Verb.CONTINUE: (labels.CONTINUE, "➡️", ButtonStyle.SECONDARY),
    Verb.JSON: (labels.JSON, "🧾", ButtonStyle.SECONDARY),
    Verb.DETAILS: (labels.DETAILS, "📋", ButtonStyle.SECONDARY),
    Verb.SAVE: (labels.SAVE, "⭐", ButtonStyle.SECONDARY),
    Verb.PUBLISH: (labels.PUBLISH, "📢", ButtonStyle.SUCCESS),
    Verb.DELETE: (labels.DELETE, "🗑️", ButtonStyle.SECONDARY),
}
