"""Requests that start from a finished picture or text. Pure."""

from bot.catalog import Catalog
from bot.domain.alchemy.alchemy_forms import DESCRIBING
from bot.domain.capabilities import Capabilities
from bot.domain.requests import (
    PROMPT_MAX,
    AlchemyRequest,
    ImageChoices,
    ImageRequest,
    Source,
    TextRequest,
    merged,
)
from bot.pictures.sizing import like
from bot.rules.blocklists import is_blocked
from bot.rules.guild_settings import GuildSettings

SENTENCE_ENDS = (".", "!", "?", ":", "\n")
CLOSES = tuple(".,;:!?)]}\u2019\u201d")  # characters that follow a word without a blank
VARIATION = 0.55  # share of the picture that may change: the same motif, drawn differently
# Fields that belonged to the old source and have no meaning with another one.
NO_SOURCE = ImageChoices(
    mode=None,
    strength=None,
    mask=None,
    parts=(),
    expand=(0, 0, 0, 0),
    extra_images=(),
    control=None,
    control_is_map=False,
    control_map=False,
    workflow=None,
    texts=(),
)
NEAR = 0.03  # difference of ratios: sides are rounded to 64 pixels, so they are never equal


def from_picture(
    request: ImageRequest, source: Source, model: str, strength: float = VARIATION
) -> ImageRequest:
    """The same request with that picture as its source, and a new seed.

    `model`: the one that made it, "" for unknown; it is used instead of several.
    """
    width, height = _sides(request, source)
    goes_on = model and len(request.models) != 1 and not request.style
    changes = ImageChoices(
        source=source,
        mode="img2img",
        strength=strength,
        seed="",
        width=width,
        height=height,
        models=(model,) if goes_on else request.models,
    )
    return request.model_copy(update=merged(changes, NO_SOURCE).values())


def model_after(catalog: Catalog, request: ImageRequest, model: str, rules: GuildSettings) -> str:
    """The model for a request that starts from that picture: the one that made it, if allowed.

    Else one of the requested ones, or where any was allowed, the default one.
    """
    if not rules.models_blocked:
        return model
    asked = [name for name in (model, *request.models) if name]
    left = [name for name in asked if not is_blocked(name, rules.models_blocked)]
    if left or request.models:
        return next(iter(left), model)
    return next(iter(catalog.newcomer(rules).models), model)


def continued(request: TextRequest, text: str) -> TextRequest:
    """The request that continues its own text: its prompt and the text so far, without reasoning.

    Of a text that is too long the end is kept, after at least half of a long prompt. Several models
    were all that were allowed then, so now any allowed one may be used.
    """
    asked = request.asked
    so_far = f"{request.so_far}{_gap(request.so_far, text)}{text}".rstrip()
    before = _gap(asked, so_far)
    room = PROMPT_MAX - len(before)
    asked = asked[: max(room // 2, room - len(so_far))]
    so_far = so_far[-(room - len(asked)) :]
    models = request.models if len(request.models) == 1 else ()
    changed = {"prompt": f"{asked}{before}{so_far}", "written": len(so_far), "models": models}
    return request.model_copy(update={**changed, "n": 1})


def _gap(before: str, text: str) -> str:
    """The blank between two parts of a text, if neither has one. Prompts often end a paragraph."""
    if not before or before[-1].isspace() or text[:1].isspace() or text[:1] in CLOSES:
        return ""
    return "\n\n" if before.endswith(SENTENCE_ENDS) else " "


def upscaled(source: Source, upscaler: str, *, private: bool) -> AlchemyRequest:
    """An upscaling of that picture."""
    return AlchemyRequest(source=source, forms=(upscaler,), private=private)


def describing(catalog: Catalog, able: Capabilities, rules: GuildSettings) -> tuple[str, ...]:
    """The forms that describe a picture: one sentence from nearly every worker, a page from some.

    Those that the backend of the place, which is `able`, has. Where it has none: all, which is then
    refused.
    """
    return tuple(form for form in DESCRIBING if catalog.has_form(form, able, rules)) or DESCRIBING


def _sides(request: ImageRequest, source: Source) -> tuple[int, int]:
    """The request's own sides, or others of the same area if the picture has another shape."""
    if not source.width or not source.height:
        return request.width, request.height
    ratio = (source.width / source.height) / (request.width / request.height)
    if abs(ratio - 1) < NEAR:
        return request.width, request.height
    return like(source.width, source.height, request.width * request.height)
