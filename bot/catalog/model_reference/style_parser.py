"""Parser of the styles in the public files: what they set becomes choices of a request."""

from typing import Annotated, Any

from pydantic import Field

from bot.catalog.baselines import Baseline
from bot.catalog.entries import Style
from bot.catalog.model_reference.reference_parser import (
    BASELINES,
    WORD_MAX,
    Cfg,
    ClipSkip,
    Steps,
    entries,
    word,
)
from bot.domain.requests import SIDE_MAX, SIDE_MIN, SIDE_STEP, Embedding, ImageChoices, Lora
from bot.domain.requests.image import EMBEDDINGS_MAX, LORAS_MAX
from bot.domain.requests.image_values import Sampler, Scheduler
from bot.http.schema import Items, Wire

TEMPLATE_MAX = 8_000
HAS_PLACE = "{p}"

Side = Annotated[int, Field(ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)]


class _Lora(Wire):
    name: Annotated[str, Field(min_length=1, max_length=WORD_MAX)]
    model: Annotated[float, Field(ge=-5, le=5)] = 1.0
    clip: Annotated[float, Field(ge=-5, le=5)] = 1.0
    inject_trigger: Annotated[str, Field(max_length=30)] = ""
    is_version: bool = False


class _Embedding(Wire):
    name: Annotated[str, Field(min_length=1, max_length=WORD_MAX)]
    inject_ti: Annotated[str, Field(pattern="^(neg)?prompt$")] = ""
    strength: Annotated[float, Field(ge=-5, le=5)] = 1.0


class StyleParams(Wire):
    """Parameters of a style, by the names of the Horde's `params`."""

    steps: Steps | None = None
    width: Side | None = None
    height: Side | None = None
    cfg_scale: Cfg | None = None
    sampler_name: Sampler | None = None
    karras: bool | None = None
    scheduler: Scheduler | None = None
    clip_skip: ClipSkip | None = None
    hires_fix: bool | None = None
    tiling: bool | None = None
    transparent: bool | None = None
    loras: Items[_Lora] = ()
    tis: Items[_Embedding] = ()


class _FileStyle(StyleParams):
    prompt: Annotated[str, Field(min_length=len(HAS_PLACE), max_length=TEMPLATE_MAX)]
    model: str = ""
    enhance: bool = False


def styles_of(raw: bytes) -> list[Style]:
    """The styles, without their categories and pictures. Raises BadReply."""
    return list(entries(raw, lambda name, value: _style(name, _FileStyle.model_validate(value))))


def enhancements_of(raw: bytes) -> dict[Baseline, ImageChoices]:
    """Enhancements for styles that ask for them, by baseline. Raises BadReply."""

    def read(name: str, value: Any) -> tuple[Baseline, ImageChoices]:
        return BASELINES[word(name)], choices_of_style(StyleParams.model_validate(value), ())

    return dict(entries(raw, read))


def choices_of_style(params: StyleParams, models: tuple[str, ...]) -> ImageChoices:
    """The fields that a style sets."""
    loras = [
        Lora(
            name=each.name,
            model=each.model,
            clip=each.clip,
            trigger=each.inject_trigger,
            is_version=each.is_version and each.name.isdecimal(),
        )
        for each in params.loras[:LORAS_MAX]
    ]
    embeddings = [
        Embedding.model_validate(
            {"name": each.name, "inject": each.inject_ti, "strength": each.strength}
        )
        for each in params.tis[:EMBEDDINGS_MAX]
    ]
    found: dict[str, object] = {
        "models": models,
        "steps": params.steps,
        "width": params.width,
        "height": params.height,
        "cfg_scale": params.cfg_scale,
        "sampler": params.sampler_name,
        "scheduler": params.scheduler,
        "clip_skip": params.clip_skip,
        "hires_fix": params.hires_fix,
        "tiling": params.tiling,
        "transparent": params.transparent,
        "loras": tuple(loras),
        "embeddings": tuple(embeddings),
    }
    if params.scheduler is None:  # it wins over `karras`
        found["karras"] = params.karras
    said = {name: value for name, value in found.items() if value not in (None, ())}
    return ImageChoices.model_validate(said)


def _style(name: str, style: _FileStyle) -> Style:
    if HAS_PLACE not in style.prompt:
        raise ValueError("no place for a prompt")
    models = (style.model,) if style.model else ()
    return Style(
        name,
        "file",
        choices=choices_of_style(style, models),
        template=style.prompt,
        enhanced=style.enhance,
    )
