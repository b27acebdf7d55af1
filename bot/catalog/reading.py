"""The public files as facts. One broken entry costs that entry, one broken field that field."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, cast, get_args

from pydantic import Field, ValidationError

from bot.catalog.baselines import Baseline, baseline
from bot.catalog.facts import CFG_MAX, STEPS_MAX, ModelFacts, Needs, Style
from bot.errors import BadReply
from bot.horde.wire import Items, Wire
from bot.requests import SIDE_MAX, SIDE_MIN, SIDE_STEP, Embedding, Lora
from bot.requests.image import EMBEDDINGS_MAX, LORAS_MAX, Sampler

ENTRIES_MAX = 5_000
TEXT_MAX, WORD_MAX, WORDS_MAX = 1_000, 100, 25
EXAMPLES_MAX = 4
TEMPLATE_MAX = 8_000
SAMPLERS: tuple[str, ...] = get_args(Sampler)
HAS_PLACE = "{p}"

# The reference's words for what a model is built on.
BASELINES: dict[str, Baseline] = {
    "stable_diffusion_1": "sd15",
    "stable_diffusion_2": "sd2",
    "stable_diffusion_xl": "sdxl",
    "stable_cascade": "cascade",
    "flux_1": "flux",
    "flux_schnell": "flux",
    "flux_dev": "flux",
    "qwen_image": "qwen",
    "z_image_turbo": "zimage",
}

T = TypeVar("T")
Steps = Annotated[int, Field(ge=1, le=STEPS_MAX)]
Cfg = Annotated[float, Field(ge=0, le=CFG_MAX)]
ClipSkip = Annotated[int, Field(ge=1, le=12)]
Side = Annotated[int, Field(ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)]


class _Requirements(Wire):
    min_steps: Steps = 1
    max_steps: Steps = STEPS_MAX
    cfg_scale: Cfg | None = None
    min_cfg_scale: Cfg = 0.0
    max_cfg_scale: Cfg = CFG_MAX
    samplers: Items[Sampler] = ()
    schedulers: Items[str] = ()
    clip_skip: ClipSkip | None = None


class _Model(Wire):
    baseline: str
    nsfw: bool = False
    description: str = ""
    trigger: Items[str] = ()
    style: str = ""
    homepage: str = ""
    inpainting: bool = False
    showcases: Items[str] = ()
    requirements: _Requirements = _Requirements()


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
    """What a style decides, in the words of the Horde's `params`."""

    steps: Steps | None = None
    width: Side | None = None
    height: Side | None = None
    cfg_scale: Cfg | None = None
    sampler_name: Sampler | None = None
    karras: bool | None = None
    clip_skip: ClipSkip | None = None
    hires_fix: bool | None = None
    tiling: bool | None = None
    transparent: bool | None = None
    loras: Items[_Lora] = ()
    tis: Items[_Embedding] = ()


class _FileStyle(StyleParams):
    prompt: Annotated[str, Field(min_length=len(HAS_PLACE), max_length=TEMPLATE_MAX)]
    model: str = ""


def models_of(raw: bytes) -> dict[str, ModelFacts]:
    """The image models by name. Raises BadReply when it is no such file at all."""
    read = _entries(raw, lambda name, value: _facts(name, _Model.model_validate(value)))
    return {facts.name: facts for facts in read}


def styles_of(raw: bytes) -> list[Style]:
    """The styles, without their categories and pictures. Raises BadReply."""
    return list(_entries(raw, lambda name, value: _style(name, _FileStyle.model_validate(value))))


def categories_of(raw: bytes) -> dict[str, tuple[str, ...]]:
    """Names of styles (or of other categories) by category. Raises BadReply."""
    return dict(_entries(raw, lambda name, value: (name, _names(value))))


def previews_of(raw: bytes) -> dict[str, tuple[str, ...]]:
    """Links to pictures by style. Raises BadReply."""

    def links(name: str, value: Any) -> tuple[str, tuple[str, ...]]:
        found = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        return name, _names(list(found.values()))[:EXAMPLES_MAX]

    return dict(_entries(raw, links))


def choices_of(params: StyleParams, models: tuple[str, ...]) -> dict[str, Any]:
    """Those fields of ImageRequest that a style decides."""
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
    found: dict[str, Any] = {
        "models": models,
        "steps": params.steps,
        "width": params.width,
        "height": params.height,
        "cfg_scale": params.cfg_scale,
        "sampler": params.sampler_name,
        "karras": params.karras,
        "clip_skip": params.clip_skip,
        "hires_fix": params.hires_fix,
        "tiling": params.tiling,
        "transparent": params.transparent,
        "loras": tuple(loras),
        "embeddings": tuple(embeddings),
    }
    return {name: value for name, value in found.items() if value not in (None, ())}


def plain(text: str, limit: int = TEXT_MAX) -> str:
    """One line of at most so many characters, without what cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:limit]


def plains(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Each as one short line, those that say something."""
    return tuple(filter(None, (plain(text, WORD_MAX) for text in texts[:WORDS_MAX])))


def _facts(name: str, model: _Model) -> ModelFacts:
    said = model.baseline.strip().casefold().replace(" ", "_")
    needs = model.requirements
    return ModelFacts(
        name=name,
        base=BASELINES.get(said) or baseline(name),
        nsfw=model.nsfw,
        description=plain(model.description),
        triggers=plains(model.trigger),
        genre=plain(model.style, WORD_MAX),
        homepage=plain(model.homepage, TEXT_MAX),
        inpainting=model.inpainting,
        examples=model.showcases[:EXAMPLES_MAX],
        needs=Needs(
            steps=(needs.min_steps, max(needs.min_steps, needs.max_steps)),
            cfg_scale=_span(needs),
            samplers=needs.samplers,
            karras=_karras(needs.schedulers),
            clip_skip=needs.clip_skip,
        ),
    )


def _span(needs: _Requirements) -> tuple[float, float]:
    if needs.cfg_scale is not None:
        return needs.cfg_scale, needs.cfg_scale
    return needs.min_cfg_scale, max(needs.min_cfg_scale, needs.max_cfg_scale)


def _karras(schedulers: tuple[str, ...]) -> bool | None:
    names = {name.casefold() for name in schedulers}
    return None if not names else "karras" in names


def _style(name: str, style: _FileStyle) -> Style:
    if HAS_PLACE not in style.prompt:
        raise ValueError("no place for a prompt")
    models = (style.model,) if style.model else ()
    return Style(name, "file", choices=choices_of(style, models), template=style.prompt)


def _names(value: Any) -> tuple[str, ...]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(item for item in items[:ENTRIES_MAX] if isinstance(item, str))


def _entries(raw: bytes, read: Callable[[str, Any], T]) -> Iterator[T]:
    for name, value in _object(raw).items():
        try:
            if name.strip() and len(name) <= WORD_MAX:
                yield read(name, value)
        except (ValidationError, ValueError):
            continue


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise BadReply("That file is no JSON.") from None
    if not isinstance(body, dict):
        raise BadReply("That file holds something else.")
    return dict(list(cast("dict[str, Any]", body).items())[:ENTRIES_MAX])
