"""Default parameters of image models, for a good picture without any choice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.backends.values import Model
from bot.catalog.baselines import Baseline, rounded_side
from bot.catalog.entries import ModelFacts, Needs
from bot.catalog.model_reference.reference_index import ReferenceIndex
from bot.domain.kudos.kudos_rules import counted_steps, free_steps
from bot.domain.requests.image_values import Sampler

FIRST_ORDER: Sampler = "k_euler_a"  # a sampler whose steps count once
WORKERS_MIN = 3  # with fewer, one that goes offline leaves a newcomer waiting


@dataclass(frozen=True, slots=True)
class ImageDefaults:
    """Parameters of ImageRequest that depend on the model. No `models`: any.

    `clip_skip` None: the Horde's default.
    """

    models: tuple[str, ...] = ()
    width: int = 512
    height: int = 512
    steps: int = 30
    cfg_scale: float = 7.0
    sampler: Sampler = "k_euler_a"
    karras: bool = True
    clip_skip: int | None = None


# Lowered by `_without_kudos` where the Horde would require kudos in advance.
_OF_BASELINE: dict[Baseline, ImageDefaults] = {
    "sd15": ImageDefaults(),
    "sd2": ImageDefaults(),
    "sdxl": ImageDefaults(cfg_scale=6.0),
    "cascade": ImageDefaults(steps=25, cfg_scale=4.0),
    "flux": ImageDefaults(steps=4, cfg_scale=1.0, sampler="k_euler"),  # for Schnell
    "qwen": ImageDefaults(steps=20, cfg_scale=2.5, sampler="k_euler"),
    "zimage": ImageDefaults(steps=8, cfg_scale=1.0, sampler="k_euler"),
    "krea2": ImageDefaults(steps=8, cfg_scale=1.0, sampler="k_euler"),  # for Turbo
    "anima": ImageDefaults(cfg_scale=4.5),
    "other": ImageDefaults(),
}

# Models with other defaults than their baseline (image model reference, 2026-06).
_OF_MODEL: dict[str, ImageDefaults] = {
    "DreamShaper XL": ImageDefaults(steps=6, cfg_scale=2.0, sampler="k_dpmpp_sde"),
    "Ultraspice": ImageDefaults(cfg_scale=2.5),
}

# SDXL models that understand plain English. The most served ones often need a language of tags
# (Pony, Illustrious) or draw one thing only, which is no first picture for a newcomer.
_PLAIN_ENGLISH = frozenset(
    {
        *("AlbedoBase XL (SDXL)", "AlbedoBase XL 3.1", "Cheyenne", "DreamShaper XL", "Fustercluck"),
        *("ICBINP XL", "Juggernaut XL", "Quiet Goodnight XL", "SDXL 1.0", "Unstable Diffusers XL"),
        "ZavyChromaXL",
    }
)


Number = TypeVar("Number", int, float)


def defaults_for(model: str, facts: ModelFacts | None = None) -> ImageDefaults:
    """Default parameters of the model of that name. `facts`: from the reference."""
    facts = facts or ReferenceIndex().about(model)
    square = rounded_side(facts.base)
    usual = _OF_MODEL.get(model, _OF_BASELINE[facts.base])
    needs = facts.needs
    suited = replace(
        usual,
        models=(model,),
        width=square,
        height=square,
        steps=_within(usual.steps, needs.steps),
        cfg_scale=_within(usual.cfg_scale, needs.cfg_scale),
        sampler=usual.sampler if usual.sampler in needs.samplers else _first(needs, usual),
        karras=usual.karras if needs.karras is None else needs.karras,
        clip_skip=needs.clip_skip,
    )
    return _without_kudos(suited, facts)


def _without_kudos(suited: ImageDefaults, facts: ModelFacts) -> ImageDefaults:
    """With as many steps as need no kudos, or with another sampler if those are too few."""
    if counted_steps(suited.sampler, suited.steps) <= facts.steps_free:
        return suited
    fewer = free_steps(suited.sampler, facts.steps_free)
    if fewer >= max(1, facts.needs.steps[0]):
        return replace(suited, steps=fewer)
    light = (name for name in facts.needs.samplers if counted_steps(name, 1) == 1)
    sampler = next(light, FIRST_ORDER)
    return replace(suited, sampler=sampler, steps=min(suited.steps, facts.steps_free))


def newcomer(
    models: Sequence[Model], about: Callable[[str], ModelFacts], *, name_one: bool = False
) -> ImageDefaults:
    """Default model when the user chose none, out of the served ones, with its parameters.

    The SDXL model with the shortest wait and at least three workers, one that understands plain
    English if there is one; else an SD 1.5 model; else any served one, or with `name_one` the best
    served of `models`. An NSFW one only without an alternative: the Horde rewrites prompts for it.
    """
    usable = [each for each in models if not _inpaints(each.name, about(each.name))]
    mild = [each for each in usable if not about(each.name).nsfw]
    for among in (mild, usable):
        xl = [m for m in among if about(m.name).base == "sdxl" and m.workers >= WORKERS_MIN]
        plain = [model for model in xl if model.name in _PLAIN_ENGLISH]
        small = [model for model in among if about(model.name).base == "sd15"]
        if choice := next((found for found in (plain, xl, small) if found), None):
            best = min(choice, key=lambda m: (m.wait, -m.workers, m.name)).name
            return defaults_for(best, about(best))
    left = [*mild, *usable, *models] if name_one else []
    return defaults_for(left[0].name, about(left[0].name)) if left else ImageDefaults()


def _inpaints(name: str, facts: ModelFacts) -> bool:
    return facts.inpainting or "inpaint" in name.casefold()


def _within(value: Number, span: tuple[Number, Number]) -> Number:
    return min(max(value, span[0]), span[1])


def _first(needs: Needs, usual: ImageDefaults) -> str:
    return needs.samplers[0] if needs.samplers else usual.sampler
