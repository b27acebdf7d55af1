"""Parser of the public files; the styles in them are in style_parser.py.

A broken entry is skipped, and so is a broken field.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, cast, get_args

from pydantic import Field, ValidationError

from bot.catalog.baselines import Baseline, baseline
from bot.catalog.entries import CFG_MAX, STEPS_MAX, ModelFacts, Needs
from bot.domain.requests.image_values import Sampler
from bot.errors import BadReply
from bot.http.json import decoded
from bot.http.schema import Items, Wire
from bot.i18n import _

ENTRIES_MAX = 5_000
TEXT_MAX, WORD_MAX, WORDS_MAX = 1_000, 100, 25
EXAMPLES_MAX = 4
SAMPLERS: tuple[str, ...] = get_args(Sampler)

# The reference's names of baselines.
BASELINES: dict[str, Baseline] = {
    "stable_diffusion_1": "sd15",
    "stable_diffusion_2": "sd2",
    "stable_diffusion_2_512": "sd2",
    "stable_diffusion_2_768": "sd2",
    "stable_diffusion_xl": "sdxl",
    "stable_cascade": "cascade",
    "flux_1": "flux",
    "flux_schnell": "flux",
    "flux_dev": "flux",
    "qwen_image": "qwen",
    "z_image_turbo": "zimage",
    "krea2_turbo": "krea2",
    "anima": "anima",
}

T = TypeVar("T")
Steps = Annotated[int, Field(ge=1, le=STEPS_MAX)]
Cfg = Annotated[float, Field(ge=0, le=CFG_MAX)]
ClipSkip = Annotated[int, Field(ge=1, le=12)]


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


def models_of(raw: bytes) -> dict[str, ModelFacts]:
    """The image models by name. Raises BadReply for another kind of file."""
    read = entries(raw, lambda name, value: _facts(name, _Model.model_validate(value)))
    return {facts.name: facts for facts in read}


def categories_of(raw: bytes) -> dict[str, tuple[str, ...]]:
    """Names of styles (or of other categories) by category. Raises BadReply."""
    return dict(entries(raw, lambda name, value: (name, _names(value))))


def previews_of(raw: bytes) -> dict[str, tuple[str, ...]]:
    """Links to pictures by style. Raises BadReply."""

    def links(name: str, value: Any) -> tuple[str, tuple[str, ...]]:
        found = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
        return name, _names(list(found.values()))[:EXAMPLES_MAX]

    return dict(entries(raw, links))


def plain_text(text: str, limit: int = TEXT_MAX) -> str:
    """One line of limited length, without characters that cannot be shown."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:limit]


def plains(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Each text as one short line, without empty ones."""
    return tuple(filter(None, (plain_text(text, WORD_MAX) for text in texts[:WORDS_MAX])))


def _facts(name: str, model: _Model) -> ModelFacts:
    needs = model.requirements
    return ModelFacts(
        name=name,
        base=BASELINES.get(word(model.baseline)) or baseline(name),
        nsfw=model.nsfw,
        description=plain_text(model.description),
        triggers=plains(model.trigger),
        genre=plain_text(model.style, WORD_MAX),
        homepage=plain_text(model.homepage, TEXT_MAX),
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


def word(base: str) -> str:
    """The reference's name of a baseline, with or without blanks."""
    return base.strip().casefold().replace(" ", "_")


def _span(needs: _Requirements) -> tuple[float, float]:
    if needs.cfg_scale is not None:
        return needs.cfg_scale, needs.cfg_scale
    return needs.min_cfg_scale, max(needs.min_cfg_scale, needs.max_cfg_scale)


def _karras(schedulers: tuple[str, ...]) -> bool | None:
    names = {name.casefold() for name in schedulers}
    return None if not names else "karras" in names


def _names(value: Any) -> tuple[str, ...]:
    items = cast("list[object]", value) if isinstance(value, list) else []
    return tuple(item for item in items[:ENTRIES_MAX] if isinstance(item, str))


def entries(raw: bytes, read: Callable[[str, Any], T]) -> Iterator[T]:
    """The results of `read` for each entry of a file, without refused ones. Raises BadReply."""
    for name, value in _object(raw).items():
        try:
            if name.strip() and len(name) <= WORD_MAX:
                yield read(name, value)
        except (ValidationError, ValueError, KeyError):
            continue


def _object(raw: bytes) -> Mapping[str, Any]:
    body = decoded(raw.decode("utf-8", "replace"))
    if not isinstance(body, dict):
        raise BadReply(_("The file could not be read."))
    return dict(list(cast("dict[str, Any]", body).items())[:ENTRIES_MAX])
