"""What is known about models, styles and LoRAs, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.catalog.baselines import Baseline
from bot.domain.kudos_rules import MODEL_STEPS
from bot.domain.requests import NEGATIVE_SPLIT, Lora
from bot.domain.requests.image import Sampler

AddonKind = Literal["lora", "embedding"]
STEPS_MAX, CFG_MAX = 500, 100.0  # docs/horde-api.md#image-requests


@dataclass(frozen=True, slots=True)
class Needs:
    """What a model asks for; None and empty: nothing special."""

    steps: tuple[int, int] = (1, STEPS_MAX)
    cfg_scale: tuple[float, float] = (0.0, CFG_MAX)
    samplers: tuple[Sampler, ...] = ()
    karras: bool | None = None
    clip_skip: int | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One image model. `examples`: links to pictures; `known`: the reference has it."""

    name: str
    base: Baseline
    nsfw: bool = False
    description: str = ""
    triggers: tuple[str, ...] = ()
    genre: str = ""
    homepage: str = ""
    inpainting: bool = False
    examples: tuple[str, ...] = ()
    needs: Needs = Needs()
    known: bool = True

    @property
    def steps_max(self) -> int | None:
        """The most steps that the reference names for it; None where it names none."""
        most = self.needs.steps[1]
        return most if most < STEPS_MAX else None

    @property
    def steps_free(self) -> int:
        """So many steps, as the Horde counts them, go without kudos with it."""
        return self.steps_max or MODEL_STEPS


@dataclass(frozen=True, slots=True)
class Style:
    """A prompt, a model and parameters that somebody put together.

    `kind`: "file" is put into the request here, "horde" is applied by the Horde. `id`: the
    Horde's. `choices`: fields of ImageRequest that it decides; `loras`: what the Horde adds to
    them. `template` holds {p} and {np}. `enhanced`: what goes with its baseline comes with it.
    """

    name: str
    kind: Literal["file", "horde"]
    id: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    nsfw: bool = False
    examples: tuple[str, ...] = ()
    choices: Mapping[str, Any] = field(default_factory=dict[str, Any])
    template: str = "{p}{np}"
    creator: str = ""
    used: int = 0
    loras: tuple[Lora, ...] = ()
    enhanced: bool = False

    @property
    def key(self) -> str:
        """What an option holds: names of the Horde's styles need not be unique."""
        return self.id or self.name

    @property
    def models(self) -> tuple[str, ...]:
        """The models it is made for; empty: any."""
        return tuple(self.choices.get("models", ()))

    @property
    def all_loras(self) -> tuple[Lora, ...]:
        """The LoRAs that come with it, whoever adds them."""
        return (*self.choices.get("loras", ()), *self.loras)

    def apply(self, prompt: str, negative: str = "") -> tuple[str, str]:
        """Prompt and negative prompt with the style around them."""
        if self.kind == "horde":
            return prompt, negative
        prompt, _, more = prompt.partition(NEGATIVE_SPLIT)
        wanted, _, unwanted = self.template.partition(NEGATIVE_SPLIT)
        avoided = _listed(negative, more)
        if "{np}" not in unwanted:  # said nowhere, or before the split: it belongs behind it
            unwanted = f"{unwanted},{{np}}"
        positive = prompt.strip().join(wanted.replace("{np}", "").split("{p}"))
        around = unwanted.replace(NEGATIVE_SPLIT, ",").replace("{p}", "").split("{np}")
        return positive.strip(" ,"), _listed(around[0], avoided, *around[1:])


@dataclass(frozen=True, slots=True)
class Addon:
    """A LoRA or an embedding. `id` is what is sent; with `is_version` it is one version's."""

    kind: AddonKind
    id: str
    name: str
    base: Baseline | None = None
    base_name: str = ""
    triggers: tuple[str, ...] = ()
    nsfw: bool = False
    is_version: bool = False
    description: str = ""
    page: str = ""
    examples: tuple[str, ...] = ()
    downloads: int = 0
    styles: tuple[str, ...] = ()


def _listed(*parts: str) -> str:
    """What is not empty, with commas between."""
    return ", ".join(filter(None, (part.strip(" ,") for part in parts)))
