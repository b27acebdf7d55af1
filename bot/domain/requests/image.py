"""Image requests: every parameter of the Horde that a user may choose.

Ranges: docs/horde-api.md#image-requests. None and "" mean: not chosen, not sent. Refused
combinations are in bot/domain/compatibility.py.
"""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from bot.domain.requests.base import (
    IMAGES_MAX,
    PROMPT_MAX,
    SIDE_MAX,
    SIDE_MIN,
    SIDE_STEP,
    BaseRequest,
    SomeWords,
    Source,
    Words,
)
from bot.domain.requests.image_values import (
    Control,
    Mode,
    Part,
    Sampler,
    Scheduler,
    Seed,
    Setting,
    Share,
    SolverType,
    Weight,
)
from bot.i18n import _
from bot.i18n.formats import number

LORAS_MAX, EMBEDDINGS_MAX = 5, 20
TEMPLATE_TEXTS_MAX = 16  # fields of a style
EXTRA_IMAGES_MAX = 5
WORKERS_MAX = 5  # the Horde ignores more
NAME_MAX = 255  # characters of a LoRA's or an embedding's name
EXPAND_MAX = 1024  # pixels that outpainting adds on one side
REPAINTED = 0.6  # usual strength over a whole source: its motif stays, its manner changes
FULL_STRENGTH = 1.0  # usual strength in an area, or between the lines that a control map keeps


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Lora(_Value):
    """`name`: CivitAI's id or name; with `is_version` the id of one version (digits).

    `trigger`: a trigger word to add to the prompt, "any" for the first.
    """

    name: str = Field(min_length=1, max_length=NAME_MAX)
    model: Weight = 1.0
    clip: Weight = 1.0
    trigger: str = Field(default="", max_length=30)
    is_version: bool = False


class Embedding(_Value):
    """A textual inversion. `inject`: the prompt that the Horde adds it to, with `strength`."""

    name: str = Field(min_length=1, max_length=NAME_MAX)
    inject: Literal["", "prompt", "negprompt"] = ""
    strength: Weight = 1.0


class ExtraText(_Value):
    """A text of a workflow; `reference` says which."""

    text: str = Field(min_length=1, max_length=PROMPT_MAX)
    reference: str = Field(min_length=3, max_length=NAME_MAX)


class TemplateText(_Value):
    """The text for a field of a style."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    text: SomeWords


class ExtraImage(_Value):
    """A further source picture of the mode remix."""

    source: Source
    strength: float = Field(default=1.0, ge=0, le=1)


class ImageFields(BaseModel):
    """The fields that a request has and that a layer of choices can have: all have a default."""

    model_config = ConfigDict(frozen=True)

    private: bool = False
    negative: Words = ""
    style: str = Field(default="", max_length=1024)  # a style of the Horde, by id or name
    style_name: str = Field(default="", max_length=100)  # for people: ids mean nothing to them
    style_replaces: tuple[str, ...] = ()  # fields that were chosen and that the style decides
    # Fields that are sent beside the style; None: all of them, as without its policy.
    style_takes: tuple[str, ...] | None = None
    collection: str = Field(default="", max_length=100)  # name; the Horde draws one of its styles
    template_fields: tuple[TemplateText, ...] = Field(default=(), max_length=TEMPLATE_TEXTS_MAX)
    models: tuple[str, ...] = ()  # empty: any; named before the submit
    width: int = Field(default=1024, ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)
    height: int = Field(default=1024, ge=SIDE_MIN, le=SIDE_MAX, multiple_of=SIDE_STEP)
    steps: int = Field(default=30, ge=1, le=500)
    cfg_scale: float = Field(default=7.0, ge=0, le=100)
    sampler: Sampler = "k_euler_a"
    karras: bool = True
    scheduler: Scheduler | None = None  # instead of `karras`
    sampler_eta: Setting | None = None
    sampler_s_noise: Setting | None = None
    sampler_s_churn: Setting | None = None
    sampler_s_tmin: Setting | None = None
    sampler_s_tmax: float | None = Field(default=None, ge=0, le=1000)  # the Horde has no limit
    sampler_order: int | None = Field(default=None, ge=1, le=100)
    sampler_solver_type: SolverType | None = None
    flow_shift: Setting | None = None
    n: int = Field(default=1, ge=1, le=IMAGES_MAX)
    seed: Seed = ""  # "": random
    seed_variation: int | None = Field(default=None, ge=1, le=1000)  # added for each picture
    clip_skip: int | None = Field(default=None, ge=1, le=12)
    tiling: bool = False
    transparent: bool = False
    hires_fix: bool = False
    hires_strength: Share | None = None
    post: tuple[str, ...] = Field(default=(), max_length=16)  # names of bot.alchemy, in this order
    face_strength: float | None = Field(default=None, ge=0, le=1)
    loras: tuple[Lora, ...] = Field(default=(), max_length=LORAS_MAX)
    embeddings: tuple[Embedding, ...] = Field(default=(), max_length=EMBEDDINGS_MAX)
    # Source picture.
    source: Source | None = None
    mode: Mode | None = None  # None with a source: inpainting where that has holes, else img2img
    strength: Share | None = None  # how much of the source may change
    mask: Source | None = None  # white is repainted
    parts: tuple[Part, ...] = Field(default=(), max_length=9)  # instead of a mask
    # left, top, right, bottom; pixels of the source
    expand: tuple[int, int, int, int] = (0, 0, 0, 0)
    extra_images: tuple[ExtraImage, ...] = Field(default=(), max_length=EXTRA_IMAGES_MAX)
    control: Control | None = None
    control_strength: float | None = Field(default=None, ge=0.01, le=3)
    control_is_map: bool = False  # the source is a control map already
    control_map: bool = False  # return the control map instead of a picture
    workflow: Literal["qr_code"] | None = None
    texts: tuple[ExtraText, ...] = Field(default=(), max_length=10)
    # Workers and payment.
    nsfw: bool = False
    censor_nsfw: bool = True
    spoiler: bool = False  # pictures are hidden behind a spoiler
    file_format: Literal["png"] | None = None  # of the shown files; None: as the worker made them
    allow_downgrade: bool = True
    trusted_workers: bool = False
    slow_workers: bool = True
    extra_slow_workers: bool = False
    validated_backends: bool = False
    workers: tuple[str, ...] = Field(default=(), max_length=WORKERS_MAX)
    worker_blacklist: bool = False
    disable_batching: bool = False

    @field_validator("template_fields")
    @classmethod
    def _last_counts(cls, texts: tuple[TemplateText, ...]) -> tuple[TemplateText, ...]:
        return tuple({each.name: each for each in texts}.values())

    @field_validator("expand")
    @classmethod
    def _within(cls, sides: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
        if any(not 0 <= side <= EXPAND_MAX for side in sides):
            text = _("`expand` takes 0 to {most} pixels on each side.")
            raise ValueError(text.format(most=number(EXPAND_MAX)))
        return sides


# Fields whose usual values are those of a model.
SAMPLING = ("steps", "cfg_scale", "sampler", "karras", "scheduler")


class ImageRequest(ImageFields, BaseRequest):
    """A picture, with every parameter that is always sent plus those that were chosen."""

    kind: Literal["image"] = "image"
    prompt: SomeWords
    # The sides were chosen while those of the source were unknown, so they stay.
    size_chosen: bool = False
    # Fields of SAMPLING that the requester chose, in its order.
    sampling_chosen: tuple[str, ...] = ()
    # The fallback of its backend makes it: chosen values outside of its ranges are changed.
    fit: bool = False

    @property
    def count(self) -> int:
        """Expected results, which is also the number of slots that it takes."""
        return self.n

    @property
    def sources(self) -> tuple[Source, ...]:
        """The source pictures: the source, its mask, the further ones of a remix."""
        extra = (each.source for each in self.extra_images)
        return tuple(found for found in (self.source, self.mask, *extra) if found is not None)
