"""The modal of Remix, for a picture of any message.

The source does not fit into a custom_id, so it is kept with the typed text (form_drafts): for
fifteen minutes, and not across a restart. Afterwards the typed prompt is returned.
"""

from bot.cards.custom_ids import ACTION, REMIX_MODAL
from bot.cards.markdown import code_block
from bot.client.form_drafts import Fields
from bot.domain.records import Record
from bot.domain.requests import ImageChoices, ImageRequest, Source, build, merged
from bot.errors import UserError
from bot.i18n import N_, _
from bot.parameters.derived_requests import VARIATION
from bot.parameters.flags import parse
from bot.pictures.sizing import check_ratio
from bot.ui.actions.edit_modal import (
    extra_input,
    mistake_card,
    prompt_input,
    strength_input,
    strength_of,
)
from bot.ui.actions.questions import close_question
from bot.ui.components.modals import modal_of
from bot.ui.components.persistent_item import Press

PICTURE_GONE = N_("The image is no longer available. Open the menu of its message again.")

NAME = "remix"
PROMPT, STRENGTH, EXTRA = "prompt", "strength", "extra"
TYPED = frozenset({PROMPT, STRENGTH, EXTRA})
# kept, not part of the form
SOURCE, TITLE, PRIVATE, PARENT = "source", "title", "private", "parent"
NUMBERS = 10**15  # of forms; an interaction's id has more digits than fit into a form's name
ECHO_MAX = 1_500  # characters of a returned prompt


async def open_remix(
    press: Press,
    source: Source,
    *,
    title: str,
    private: bool = False,
    record: Record | None = None,
) -> None:
    """Open the modal. `record`: the request that made the picture, if it is known.

    Raises BadOption when the aspect ratio is too extreme, NotAllowed where the backend makes no
    images from images.
    """
    context = await press.client.context(press)
    press.client.services.composer.check_possible(context, ImageChoices(source=source))
    if source.width and source.height:
        check_ratio(source.width, source.height)
    kept = {SOURCE: source.model_dump_json(), TITLE: title, PRIVATE: "yes" if private else ""}
    made_by = record.request if record is not None else None
    prompt = made_by.prompt if isinstance(made_by, ImageRequest) else ""
    kept |= {PARENT: str(record.id) if record is not None else ""}
    texts = {PROMPT: prompt, STRENGTH: f"{VARIATION:g}", EXTRA: ""}
    number = press.id % NUMBERS
    press.client.drafts.keep(_key(press, number), kept | texts)
    await _open(press, number, kept | texts)


async def ask_again(press: Press, number: int) -> None:
    """Open the modal again with the typed text. Raises UserError when that has expired."""
    draft = press.client.drafts.get(_key(press, number))
    if draft is None:
        raise UserError(_(PICTURE_GONE))
    await _open(press, number, draft)


async def submit_remix(press: Press, fields: Fields, number: int, _unused: int) -> None:
    """Submit the request; a mistake is explained, with a button that opens the modal again."""
    key, drafts = _key(press, number), press.client.drafts
    draft = drafts.get(key)
    if draft is None:
        typed = code_block(fields.get(PROMPT, ""), ECHO_MAX)
        text = _("The form has expired. Open it again and paste your prompt:")
        raise UserError(f"{text}\n{typed}")
    draft = {**draft, **{name: fields[name] for name in TYPED & fields.keys()}}
    drafts.keep(key, draft)
    try:
        parent = int(draft[PARENT]) if draft[PARENT] else None
        context = await press.client.context(press)
        await press.client.submit(press, context, _choices(draft), parent=parent)
    except UserError as error:
        card = mistake_card(str(error), ACTION("again", number, 0))
        await press.client.cards.send_private(press, card)
    else:
        drafts.drop(key)
        await close_question(press)


def _choices(draft: Fields) -> ImageChoices:
    """The inputs, and below them the flags. Raises BadOption."""
    typed = build(
        ImageChoices,
        prompt=draft[PROMPT],
        source=Source.model_validate_json(draft[SOURCE]),
        strength=strength_of(draft[STRENGTH]),
        private=bool(draft[PRIVATE]),
    )
    # Transparent parts of a sticker or an emoji are no holes to fill.
    return merged(typed, parse(draft[EXTRA]), ImageChoices(mode="img2img"))


async def _open(press: Press, number: int, draft: Fields) -> None:
    inputs = (
        prompt_input(draft[PROMPT], _("What the new image should show.")),
        strength_input(draft[STRENGTH]),
        extra_input(draft[EXTRA]),
    )
    await press.response.send_modal(modal_of(REMIX_MODAL(number, 0), draft[TITLE], *inputs))


def _key(press: Press, number: int) -> tuple[object, ...]:
    return (press.user.id, NAME, number)
