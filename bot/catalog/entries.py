"""Values about models, styles and LoRAs."""

from dataclasses import dataclass
from typing import Literal

from bot.catalog.baselines import Baseline
from bot.domain.kudos.kudos_rules import MODEL_STEPS
from bot.domain.requests import NEGATIVE_SPLIT, NO_CHOICES, ImageChoices, Lora
from bot.domain.requests.image_values import Sampler
from bot.domain.style_declarations import StyleField, StylePolicy

AddonKind = Literal["lora", "embedding"]
STEPS_MAX, CFG_MAX = 500, 100.0  # docs/horde-api.md#image-requests


@dataclass(frozen=True, slots=True)
class Needs:
    """Requirements of a model; None and empty: none."""

    steps: tuple[int, int] = (1, STEPS_MAX)
    cfg_scale: tuple[float, float] = (0.0, CFG_MAX)
    samplers: tuple[Sampler, ...] = ()
    karras: bool | None = None
    clip_skip: int | None = None


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """One image model. `examples`: links to pictures; `known`: the reference lists it."""

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
        """The most steps that the reference allows; None without a limit."""
        most = self.needs.steps[1]
        return most if most < STEPS_MAX else None

    @property
    def steps_free(self) -> int:
        """Counted steps that need no kudos with it."""
        return self.steps_max or MODEL_STEPS


@dataclass(frozen=True, slots=True)
class Style:
    """A prompt, a model and parameters under a name.

    `kind`: "file" is applied here, "horde" by the Horde. `id`: the Horde's. `choices`: what
    it sets; `loras`: added by the Horde. `template` contains {p} and {np}.
    `enhanced`: the enhancements of its baseline are added. `maker_pays`: images in it cost their
    requester no kudos. `policy`: what a request may set beside it; None: the sizes that it leaves
    open. `fields`: texts that its template takes.
    """

    name: str
    kind: Literal["file", "horde"]
    id: str = ""
    description: str = ""
    tags: tuple[str, ...] = ()
    category: str = ""
    nsfw: bool = False
    examples: tuple[str, ...] = ()
    choices: ImageChoices = NO_CHOICES
    template: str = "{p}{np}"
    creator: str = ""
    used: int = 0
    loras: tuple[Lora, ...] = ()
    enhanced: bool = False
    maker_pays: bool = False
    policy: StylePolicy | None = None
    fields: tuple[StyleField, ...] = ()

    @property
    def key(self) -> str:
        """Value of an option: names of the Horde's styles need not be unique."""
        return self.id or self.name

    @property
    def models(self) -> tuple[str, ...]:
        """Models of the style; empty: any."""
        return self.choices.models

    @property
    def all_loras(self) -> tuple[Lora, ...]:
        """LoRAs of the style, added here or by the Horde."""
        return (*self.choices.loras, *self.loras)

    def apply(self, prompt: str, negative: str = "") -> tuple[str, str]:
        """Prompt and negative prompt inserted into the style."""
        if self.kind == "horde":
            return prompt, negative
        prompt, _, more = prompt.partition(NEGATIVE_SPLIT)
        wanted, _, unwanted = self.template.partition(NEGATIVE_SPLIT)
        avoided = _listed(negative, more)
        if "{np}" not in unwanted:  # missing, or before the split: it belongs after it
            unwanted = f"{unwanted},{{np}}"
        positive = prompt.strip().join(wanted.replace("{np}", "").split("{p}"))
        around = unwanted.replace(NEGATIVE_SPLIT, ",").replace("{p}", "").split("{np}")
        return positive.strip(" ,"), _listed(around[0], avoided, *around[1:])


@dataclass(frozen=True, slots=True)
class StyleCollection:
    """Styles of the Horde, which draws one of them for each request.

    `styles`: the listed ones. `unlisted`: how many others it has.
    """

    id: str
    name: str
    styles: tuple[Style, ...]
    unlisted: int = 0


@dataclass(frozen=True, slots=True)
class Addon:
    """A LoRA or an embedding. `id` is sent; with `is_version` it is the id of one version."""

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
    """The parts that are not empty, separated by commas."""
    return ", ".join(filter(None, (part.strip(" ,") for part in parts)))
