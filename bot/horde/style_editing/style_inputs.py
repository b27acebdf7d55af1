"""Styles as they are sent. None means: use the server's default."""

from typing import Literal

from pydantic import Field

from bot.horde.job_payloads import EmbeddingInput, LoraInput
from bot.http.schema import Sent


class PolicyInput(Sent):
    """Parameters of a request that a style accepts; `overridable` only with `listed`."""

    override: Literal["none", "listed", "all"]
    overridable: tuple[str, ...] | None = None
    ceilings: dict[str, int] | None = None


class TemplateFieldInput(Sent):
    """A text that a request fills into the prompt of a style."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    description: str = Field(min_length=1, max_length=200)
    required: bool | None = None


class ImageStyleParamsInput(Sent):
    """Parameters of an image style. There is no seed and no number of images."""

    sampler_name: str | None = None
    cfg_scale: float | None = None
    denoising_strength: float | None = None
    hires_fix_denoising_strength: float | None = None
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    karras: bool | None = None
    tiling: bool | None = None
    hires_fix: bool | None = None
    clip_skip: int | None = None
    facefixer_strength: float | None = None
    post_processing: tuple[str, ...] | None = None
    loras: tuple[LoraInput, ...] | None = None
    tis: tuple[EmbeddingInput, ...] | None = None
    workflow: str | None = None
    transparent: bool | None = None


class TextStyleParamsInput(Sent):
    """Parameters of a text style."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    top_a: float | None = None
    min_p: float | None = None
    typical: float | None = None
    tfs: float | None = None
    rep_pen: float | None = None
    rep_pen_range: int | None = None
    rep_pen_slope: float | None = None
    smoothing_factor: float | None = None
    dynatemp_range: float | None = None
    dynatemp_exponent: float | None = None
    sampler_order: tuple[int, ...] | None = None
    stop_sequence: tuple[str, ...] | None = None
    frmtadsnsp: bool | None = None
    frmtrmblln: bool | None = None
    frmtrmspch: bool | None = None
    frmttriminc: bool | None = None
    singleline: bool | None = None
    use_default_badwordsids: bool | None = None


class _StyleInput(Sent):
    """`prompt` has to contain {p}; at most 10 tags and 5 models.

    An update has to hold the whole style: before 5.1.13 a missing field is reset.
    """

    name: str = Field(min_length=1, max_length=100)
    info: str | None = Field(default=None, min_length=10, max_length=1000)
    public: bool | None = None
    nsfw: bool | None = None
    tags: tuple[str, ...] | None = Field(default=None, max_length=10)
    models: tuple[str, ...] = Field(min_length=1, max_length=5)
    parameter_policy: PolicyInput | None = None
    template_fields: tuple[TemplateFieldInput, ...] | None = Field(default=None, max_length=16)


class ImageStyleInput(_StyleInput):
    """`prompt` has to contain {np} too. `sharedkey` pays the requests with this style."""

    prompt: str | None = Field(default=None, min_length=7)
    params: ImageStyleParamsInput | None = None
    sharedkey: str | None = None


class TextStyleInput(_StyleInput):
    """A text style."""

    prompt: str | None = Field(default=None, min_length=3)
    params: TextStyleParamsInput | None = None


class ExampleInput(Sent):
    """A picture that shows a style, at an https address."""

    url: str = Field(pattern=r"^https://")
    primary: bool | None = None


class CollectionInput(Sent):
    """A collection of styles of one kind, by their ids or names."""

    name: str = Field(min_length=1, max_length=100)
    info: str | None = Field(default=None, min_length=1, max_length=1000)
    public: bool | None = None
    styles: tuple[str, ...] = Field(min_length=1)
