"""The modals of Edit and Use as source.

The typed text survives a mistake: it is kept for fifteen minutes, and the button under the
explanation opens the modal again with it.
"""

import re
from collections.abc import Awaitable, Callable

from bot.cards.card import Button, ButtonStyle, Card, Colour, TextBlock, Verb
from bot.cards.custom_ids import CARD, EDIT_MODAL, USE_MODAL
from bot.cards.results.shown_pictures import shown_in
from bot.client.bot import HordecordBot
from bot.client.form_drafts import Fields
from bot.domain.records import Record
from bot.domain.requests import (
    NO_CHOICES,
    PROMPT_MAX,
    ImageChoices,
    ImageRequest,
    TextRequest,
    VideoRequest,
    build,
    merged,
)
from bot.errors import BadOption, UserError
from bot.i18n import _
from bot.parameters.derived_requests import NO_SOURCE, VARIATION
from bot.parameters.flags import parse, to_text
from bot.ui.actions.picture_actions import (
    NO_SUCH_PICTURE,
    asked_which,
    chosen_picture,
    owned,
    source_for,
)
from bot.ui.actions.questions import close_question
from bot.ui.actions.text_actions import edited_text, text_modal
from bot.ui.actions.video_actions import edited_video, video_modal
from bot.ui.components.modal_router import add_modal
from bot.ui.components.modals import Input, modal_of
from bot.ui.components.persistent_item import Press

PROMPT, NEGATIVE, SEED, EXTRA, STRENGTH = "prompt", "negative", "seed", "extra", "strength"
SEED_MAX, STRENGTH_MAX = 100, 6  # characters
_STRENGTH = re.compile(r"([01]?[.,][0-9]{1,4}|[01])|([0-9]{1,3}) ?%")
Build = Callable[[Press, Record, int, Fields], Awaitable[ImageChoices | TextRequest | VideoRequest]]


# Opening the modals


async def edit(press: Press, record_id: int, number: int) -> None:
    """Open a modal with the request's prompt, seed and parameters."""
    _context, record = await owned(press, record_id)
    draft = _draft(press, Verb.EDIT, record_id, number)
    if isinstance(record.request, TextRequest):
        await press.response.send_modal(text_modal(record, record.request, draft))
        return
    if isinstance(record.request, VideoRequest):
        await press.response.send_modal(video_modal(record, record.request, draft))
        return
    text = {**_initial_edit(record, number), **draft}
    inputs = (
        prompt_input(text[PROMPT]),
        Input(NEGATIVE, _("Negative prompt"), text=text[NEGATIVE], long=True, most=PROMPT_MAX),
        Input(SEED, _("Seed"), _("Leave empty for a random seed."), text[SEED], most=SEED_MAX),
        extra_input(text[EXTRA]),
    )
    title = _("Edit #{id}").format(id=record.id)
    await press.response.send_modal(modal_of(EDIT_MODAL(record_id, number), title, *inputs))


async def use(press: Press, record_id: int, number: int) -> None:
    """Open a modal for a request whose source is this picture."""
    _context, record = await owned(press, record_id)
    if await asked_which(press, record, number, Verb.USE):
        return
    picture = chosen_picture(record, number)
    draft = _draft(press, Verb.USE, record_id, picture.number)
    text = {**_initial_use(record), **draft}
    inputs = (
        prompt_input(text[PROMPT]),
        strength_input(text[STRENGTH]),
        extra_input(text[EXTRA]),
    )
    title = _("Image {number} of #{id} as source").format(number=picture.number, id=record.id)
    modal_id = USE_MODAL(record_id, picture.number)
    await press.response.send_modal(modal_of(modal_id, title, *inputs))


# Submissions


async def edited(press: Press, fields: Fields, record_id: int, number: int) -> None:
    """Submit the request with the edited parameters."""
    await _submit(press, fields, (Verb.EDIT, record_id, number), _edited)


async def used(press: Press, fields: Fields, record_id: int, number: int) -> None:
    """Submit a request whose source is the picture of the modal."""
    await _submit(press, fields, (Verb.USE, record_id, number), _used)


async def _submit(
    press: Press, fields: Fields, opened_by: tuple[Verb, int, int], build: Build
) -> None:
    _verb, record_id, number = opened_by
    key, drafts = _key(press, *opened_by), press.client.drafts
    drafts.keep(key, fields)
    try:
        context, record = await owned(press, record_id)
        choices = await build(press, record, number, fields)
        await press.client.submit(press, context, choices, parent=record_id)
    except UserError as error:
        await press.client.cards.send_private(press, mistake_card(str(error), CARD(*opened_by)))
    else:
        drafts.drop(key)
        await close_question(press)


async def _edited(
    press: Press, record: Record, number: int, fields: Fields
) -> ImageChoices | TextRequest | VideoRequest:
    del number
    catalog = press.client.services.catalog
    if isinstance(record.request, TextRequest):
        rules = (await press.client.context(press)).rules
        return edited_text(catalog, record.request, fields, rules)
    if isinstance(record.request, VideoRequest):
        rules = (await press.client.context(press)).rules
        return edited_video(catalog, record.request, fields, rules)
    before = _image(record)
    pictures = ImageChoices(
        source=before.source, mask=before.mask, extra_images=before.extra_images
    )
    typed = _given(fields, PROMPT, NEGATIVE, SEED)
    return _chosen(record, fields, merged(typed, pictures))


async def _used(press: Press, record: Record, number: int, fields: Fields) -> ImageChoices:
    source = await source_for(press, record, number)
    strength = strength_of(fields.get(STRENGTH, ""))
    start = ImageChoices(source=source, strength=strength)  # the flags may name a mode
    chosen = _chosen(record, fields, merged(start, _given(fields, PROMPT)))
    return merged(chosen, ImageChoices(mode="img2img"))


def _chosen(record: Record, fields: Fields, typed: ImageChoices) -> ImageChoices:
    """Inputs of their own override flags in `extra`.

    The modal holds every choice, so defaults are not applied, unless a preset is given.
    """
    flags = parse(fields.get(EXTRA, ""))
    place = ImageChoices(private=record.request.private)
    alone = NO_CHOICES if flags.preset else ImageChoices(only=True)
    return merged(typed, place, alone, flags)


def strength_of(text: str) -> float:
    """Parse how much may change: 0.01 to 1, or in percent. Raises BadOption."""
    found = _STRENGTH.fullmatch(text.strip() or f"{VARIATION}")
    share = 0.0
    if found and found[1]:
        share = float(found[1].replace(",", "."))
    elif found:
        share = int(found[2]) / 100
    if not 0.01 <= share <= 1:
        raise BadOption(_("Strength: enter a number from 0.01 (nearly the same) to 1 (new)."))
    return share


def _initial_edit(record: Record, number: int) -> Fields:
    """The request's parameters; for one picture, with its seed and model."""
    request = _image(record)
    pictures = shown_in(record, record.status)
    one = next((p for p in pictures if p.number == number or len(pictures) == 1), None)
    if one and one.model and not request.style:
        request = request.model_copy(update={"models": (one.model,)})
    return {
        PROMPT: request.prompt,
        NEGATIVE: request.negative,
        SEED: one.seed if one and one.seed else request.seed,
        EXTRA: to_text(request, without=frozenset({NEGATIVE, SEED})),
    }


def _initial_use(record: Record) -> Fields:
    """The request's parameters without those of its source."""
    request = record.request
    text = {PROMPT: "", EXTRA: "", STRENGTH: f"{VARIATION:g}"}
    if isinstance(request, ImageRequest):
        flags = to_text(request, without=frozenset({SEED, "source", *NO_SOURCE.names}))
        text |= {PROMPT: request.prompt, EXTRA: flags}
    return text


def _image(record: Record) -> ImageRequest:
    if not isinstance(record.request, ImageRequest):
        raise UserError(_(NO_SUCH_PICTURE))
    return record.request


def _given(fields: Fields, *names: str) -> ImageChoices:
    typed = {name: text for name in names if (text := fields.get(name, "").strip())}
    return build(ImageChoices, **typed)


def _key(press: Press, verb: Verb, record_id: int, number: int) -> tuple[object, ...]:
    return (press.user.id, verb, record_id, number)


def _draft(press: Press, verb: Verb, record_id: int, number: int) -> Fields:
    """The typed fields of the stored draft; a submitted form may lack fields."""
    return press.client.drafts.get(_key(press, verb, record_id, number)) or {}


def mistake_card(sentence: str, reopen: str) -> Card:
    """Explains a mistake, with the button that opens the modal again."""
    again = Button(reopen, _("Edit again"), ButtonStyle.PRIMARY, "✏️")
    return Card(Colour.FAILED, (TextBlock(sentence),), ((again,),))


def strength_input(text: str) -> Input:
    """The input for how much of the source may change."""
    hint = _("How much may change: from 0.01 (nearly the same) to 1 (new).")
    return Input(STRENGTH, _("Strength"), hint, text, most=STRENGTH_MAX)


def extra_input(text: str) -> Input:
    """The input for flags."""
    hint = _("Flags, for example --steps 30. The default is the model's own value.")
    return Input(EXTRA, _("Other parameters"), hint, text, long=True)


def prompt_input(text: str, hint: str = "") -> Input:
    """The input for the prompt."""
    return Input(PROMPT, _("Prompt"), hint, text, long=True, most=PROMPT_MAX, least=1)


def register(bot: HordecordBot) -> None:
    """Add the routes of the modals."""
    add_modal(bot, EDIT_MODAL, edited)
    add_modal(bot, USE_MODAL, used)
