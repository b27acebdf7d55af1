"""Actions on a video: request it again with another prompt or duration."""

from discord import ui

from bot.cards.custom_ids import EDIT_MODAL
from bot.catalog import Catalog
from bot.client.form_drafts import Fields
from bot.domain.records import Record
from bot.domain.requests import PROMPT_MAX, Kind, VideoRequest, build
from bot.domain.requests.video import SECONDS_MAX, SECONDS_MIN
from bot.errors import BadOption
from bot.i18n import _
from bot.rules.guild_settings import GuildSettings
from bot.services.model_names import resolve_names
from bot.ui.components.modals import Input, modal_of

PROMPT, NEGATIVE, SECONDS, MODEL, SEED = "prompt", "negative", "seconds", "model", "seed"
SECONDS_LENGTH, NAME_MAX, SEED_MAX = 2, 200, 100  # characters


def video_modal(record: Record, request: VideoRequest, draft: Fields) -> ui.Modal:
    """The modal with the prompt and the parameters of a video."""
    text = {**_parameters(record, request), **draft}
    inputs = (
        Input(PROMPT, _("Prompt"), "", text[PROMPT], long=True, most=PROMPT_MAX, least=1),
        Input(NEGATIVE, _("Negative prompt"), text=text[NEGATIVE], long=True, most=PROMPT_MAX),
        seconds_input(text[SECONDS]),
        Input(SEED, _("Seed"), _("Leave empty for a random seed."), text[SEED], most=SEED_MAX),
        Input(MODEL, _("Model"), _("Leave empty for any model."), text[MODEL], most=NAME_MAX),
    )
    return modal_of(EDIT_MODAL(record.id, 0), _("Edit #{id}").format(id=record.id), *inputs)


def seconds_input(text: str, price: str = "") -> Input:
    """The input for the duration. `price`: a sentence about it, or ""."""
    hint = _("Duration in seconds: {least} to {most}.")
    hint = " ".join(filter(None, [hint.format(least=SECONDS_MIN, most=SECONDS_MAX), price]))
    return Input(SECONDS, _("Duration"), hint, text, most=SECONDS_LENGTH)


def seconds_of(text: str, usual: int) -> int:
    """Parse a duration in seconds, `usual` for "". Raises BadOption."""
    typed = text.strip()
    if typed and not (typed.isascii() and typed.isdigit()):
        said = _("Duration: enter a number of seconds from {least} to {most}.")
        raise BadOption(said.format(least=SECONDS_MIN, most=SECONDS_MAX))
    return int(typed) if typed else usual


def edited_video(
    catalog: Catalog, request: VideoRequest, fields: Fields, rules: GuildSettings
) -> VideoRequest:
    """The request with the parameters of the modal. Its image stays. Raises UserError."""
    model = fields.get(MODEL, "").strip()
    changed = {
        "prompt": fields.get(PROMPT, ""),
        "negative": fields.get(NEGATIVE, ""),
        "seconds": seconds_of(fields.get(SECONDS, ""), request.seconds),
        "seed": fields.get(SEED, "").strip(),
        "models": resolve_names(catalog, Kind.VIDEO, (model,) if model else (), rules),
    }
    return build(VideoRequest, **(request.model_dump(exclude={"kind"}) | changed))


def _parameters(record: Record, request: VideoRequest) -> Fields:
    """The parameters of the request, with the seed of its video."""
    made = record.status.videos if record.status is not None else ()
    return {
        PROMPT: request.prompt,
        NEGATIVE: request.negative,
        SECONDS: f"{request.seconds}",
        SEED: request.seed or next((video.seed for video in made if video.arrived), ""),
        MODEL: request.models[0] if len(request.models) == 1 else "",
    }
