"""The form of Animate: a video that begins with a picture of a result or of any message."""

from collections.abc import Sequence

from bot.cards import formatting
from bot.cards.card import Verb
from bot.cards.custom_ids import ANIMATE_MODAL
from bot.client.form_drafts import Fields
from bot.domain.requests import (
    PROMPT_MAX,
    VIDEO_SHAPES,
    Kind,
    Source,
    VideoRequest,
    build,
    nearest_shape,
)
from bot.i18n import _
from bot.ui.actions.picture_actions import asked_which, owned, source_for
from bot.ui.actions.source_form import PRIVATE, PROMPT, SOURCE, About, SourceForm
from bot.ui.actions.video_actions import SECONDS, seconds_input, seconds_of
from bot.ui.components.modals import Input
from bot.ui.components.persistent_item import Press

AGAIN = "animate_again"
PRICE = "price"  # kept: the price of a second, or ""
USUAL = VideoRequest.model_fields["seconds"].default


async def animate(press: Press, record_id: int, number: int) -> None:
    """Open the form for that picture of the request."""
    _context, record = await owned(press, record_id)
    if await asked_which(press, record, number, Verb.ANIMATE):
        return
    source = await source_for(press, record, number)
    title = _("Animate an image of #{id}").format(id=record.id)
    await open_animate(press, About(source, title, record.request.private, record))


async def open_animate(press: Press, about: About) -> None:
    """Open the form. Raises UserError, also where the backend makes no videos."""
    context, services = await press.client.context(press), press.client.services
    services.composer.check_kind(context, Kind.VIDEO)
    models = services.catalog.models(Kind.VIDEO, rules=context.rules)
    price = _a_second([model.micro_usd for model in models if model.micro_usd])
    await FORM.open(press, about, {PROMPT: "", SECONDS: f"{USUAL}", PRICE: price})


def _a_second(prices: Sequence[int]) -> str:
    """A sentence about the price of a second; "" where it is not known."""
    if not prices:
        return ""
    least, most = formatting.dollars(min(prices)), formatting.dollars(max(prices))
    if least == most:
        return _("A second costs {price}.").format(price=least)
    return _("A second costs {least} to {most}.").format(least=least, most=most)


def _video(draft: Fields) -> VideoRequest:
    """The request, in the shape that is nearest to its image. Raises BadOption."""
    source = Source.model_validate_json(draft[SOURCE])
    width, height = VIDEO_SHAPES[nearest_shape(source.width, source.height)]
    return build(
        VideoRequest,
        prompt=draft[PROMPT],
        source=source,
        seconds=seconds_of(draft[SECONDS], USUAL),
        width=width,
        height=height,
        private=bool(draft[PRIVATE]),
    )


def _inputs(draft: Fields) -> Sequence[Input]:
    hint = _("How the image moves, for example: the fox turns its head.")
    label = _("What happens")
    return (
        Input(PROMPT, label, hint, draft[PROMPT], long=True, most=PROMPT_MAX, least=1),
        seconds_input(draft[SECONDS], draft[PRICE]),
    )


FORM = SourceForm(
    name="animate",
    modal=ANIMATE_MODAL,
    again=AGAIN,
    typed=frozenset({PROMPT, SECONDS}),
    inputs=_inputs,
    wanted=_video,
)
