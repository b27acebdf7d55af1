"""The form of Remix, for a picture of any message."""

from collections.abc import Sequence

from bot.cards.custom_ids import REMIX_MODAL
from bot.client.form_drafts import Fields
from bot.domain.requests import ImageChoices, ImageRequest, Source, build, merged
from bot.i18n import _
from bot.parameters.derived_requests import VARIATION
from bot.parameters.flags import parse
from bot.ui.actions.edit_modal import extra_input, prompt_input, strength_input, strength_of
from bot.ui.actions.source_form import PRIVATE, PROMPT, SOURCE, About, SourceForm
from bot.ui.components.modals import Input
from bot.ui.components.persistent_item import Press

AGAIN = "again"
STRENGTH, EXTRA = "strength", "extra"


async def open_remix(press: Press, about: About) -> None:
    """Open the form.

    Raises BadOption when the aspect ratio is too extreme, NotAllowed where the backend makes no
    images from images.
    """
    context = await press.client.context(press)
    press.client.services.composer.check_possible(context, ImageChoices(source=about.source))
    made_by = about.record.request if about.record is not None else None
    prompt = made_by.prompt if isinstance(made_by, ImageRequest) else ""
    await FORM.open(press, about, {PROMPT: prompt, STRENGTH: f"{VARIATION:g}", EXTRA: ""})


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


def _inputs(draft: Fields) -> Sequence[Input]:
    return (
        prompt_input(draft[PROMPT], _("What the new image should show.")),
        strength_input(draft[STRENGTH]),
        extra_input(draft[EXTRA]),
    )


FORM = SourceForm(
    name="remix",
    modal=REMIX_MODAL,
    again=AGAIN,
    typed=frozenset({PROMPT, STRENGTH, EXTRA}),
    inputs=_inputs,
    wanted=_choices,
)
