"""How to ask an image model for a good picture when nobody said how."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.backends.base import Model
from bot.catalog.baselines import Baseline, baseline, side

WORKERS_MIN = 3  # PRODUCT: with fewer, one that goes offline leaves a newcomer waiting


@dataclass(frozen=True, slots=True)
class ImageDefaults:
    """The parameters of ImageRequest that depend on the model. No `models`: any will do."""

    models: tuple[str, ...] = ()
    width: int = 512
    height: int = 512
    steps: int = 30
    cfg_scale: float = 7.0
    sampler: str = "k_euler_a"
    karras: bool = True


# Steps stay at or below 40, or the Horde asks for kudos up front (HORDE 3.3).
_OF_BASELINE: dict[Baseline, ImageDefaults] = {
    "sd15": ImageDefaults(),
    "sd2": ImageDefaults(),
    "sdxl": ImageDefaults(cfg_scale=6.0),
    "cascade": ImageDefaults(steps=25, cfg_scale=4.0),
    "flux": ImageDefaults(steps=4, cfg_scale=1.0, sampler="k_euler"),  # as Schnell wants it
    "qwen": ImageDefaults(steps=20, cfg_scale=2.5, sampler="k_euler"),
    "zimage": ImageDefaults(steps=8, cfg_scale=1.0, sampler="k_euler"),
    "other": ImageDefaults(),
}

# Models that want something else than their baseline (image model reference, 2026-06).
_OF_MODEL: dict[str, ImageDefaults] = {
    "DreamShaper XL": ImageDefaults(steps=6, cfg_scale=2.0, sampler="k_dpmpp_sde"),
    "Ultraspice": ImageDefaults(cfg_scale=2.5),
}

# SDXL models that take plain English. The most served ones often want a language of tags of their
# own (Pony, Illustrious) or draw one thing only, which is no first picture for a newcomer.
_PLAIN_ENGLISH = frozenset(
    {
        *("AlbedoBase XL (SDXL)", "AlbedoBase XL 3.1", "Cheyenne", "DreamShaper XL", "Fustercluck"),
        *("ICBINP XL", "Juggernaut XL", "Quiet Goodnight XL", "SDXL 1.0", "Unstable Diffusers XL"),
        "ZavyChromaXL",
    }
)


def defaults_for(model: str) -> ImageDefaults:
    """What suits the model of that name, at its own size."""
    base = baseline(model)
    square = side(base)
    found = _OF_MODEL.get(model, _OF_BASELINE[base])
    return replace(found, models=(model,), width=square, height=square)


def newcomer(models: Sequence[Model]) -> ImageDefaults:
    """A model for somebody who named none, out of those served now, and what suits it.

    The SDXL model with the shortest wait and at least three workers, one that takes plain English
    if there is one; else an SD 1.5 model; else whatever a worker has.
    """
    usable = [model for model in models if "inpaint" not in model.name.casefold()]
    xl = [m for m in usable if baseline(m.name) == "sdxl" and m.workers >= WORKERS_MIN]
    plain = [model for model in xl if model.name in _PLAIN_ENGLISH]
    small = [model for model in usable if baseline(model.name) == "sd15"]
    choice = next((found for found in (plain, xl, small) if found), None)
    if choice is None:
        return ImageDefaults()
    return defaults_for(min(choice, key=lambda m: (m.wait, -m.workers, m.name)).name)
