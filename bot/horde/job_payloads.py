"""Bodies of submits. None means: use the server's default.

Two fields of the API are missing on purpose. `shared` has no effect (the server forces it to
false). `replacement_filter: false` would put the bot's address into time-out for one bad prompt;
the server's default is true.
"""

from typing import Literal

from pydantic import Field

from bot.http.schema import Sent


class LoraInput(Sent):
    """`name`: CivitAI's id or name; strengths from -5 to 5."""

    name: str
    model: float | None = None
    clip: float | None = None
    inject_trigger: str | None = None
    is_version: bool | None = None


class EmbeddingInput(Sent):
    """A textual inversion. `inject_ti`: the prompt that the server adds it to."""

    name: str
    inject_ti: Literal["prompt", "negprompt"] | None = None
    strength: float | None = None


class ExtraTextInput(Sent):
    """A text of a workflow; `reference` says which."""

    text: str
    reference: str


class ExtraImageInput(Sent):
    """A further source image of a remix, base64."""

    image: str
    strength: float | None = None


class ImageSettings(Sent):
    """Parameters of an image that a request and a style can have. Defaults are noted where the
    server's documentation gives another one.
    """

    sampler_name: str | None = None
    cfg_scale: float | None = None  # 5.0, not 7.5
    denoising_strength: float | None = None
    hires_fix_denoising_strength: float | None = None
    width: int | None = None
    height: int | None = None
    steps: int | None = None
    karras: bool | None = None  # true, not false
    tiling: bool | None = None
    hires_fix: bool | None = None
    clip_skip: int | None = None
    facefixer_strength: float | None = None
    post_processing: tuple[str, ...] | None = None
    loras: tuple[LoraInput, ...] | None = None
    tis: tuple[EmbeddingInput, ...] | None = None
    transparent: bool | None = None


class ImageParams(ImageSettings):
    """Parameters of an image request."""

    seed: str | None = None  # a JSON number is refused
    seed_variation: int | None = None
    n: int | None = None
    control_type: str | None = None
    image_is_control: bool | None = None
    return_control_map: bool | None = None
    workflow: Literal["qr_code"] | None = None
    extra_texts: tuple[ExtraTextInput, ...] | None = None
    # Since 5.1.8; an older server ignores them: docs/horde-api.md#samplers-and-styles.
    scheduler: str | None = None  # wins over `karras`
    sampler_eta: float | None = None
    sampler_s_noise: float | None = None
    sampler_s_churn: float | None = None
    sampler_s_tmin: float | None = None
    sampler_s_tmax: float | None = None
    sampler_order: int | None = None
    sampler_solver_type: str | None = None
    flow_shift: float | None = None
    control_strength: float | None = None


class JobInput(Sent):
    """What a submit of pictures and one of texts have in common."""

    prompt: str
    models: tuple[str, ...]  # of texts, empty: any model
    trusted_workers: bool | None = None
    validated_backends: bool | None = None
    slow_workers: bool | None = None
    extra_slow_workers: bool | None = None
    workers: tuple[str, ...] | None = None
    worker_blacklist: bool | None = None
    proxied_account: str | None = None
    disable_batching: bool | None = None
    allow_downgrade: bool | None = None
    dry_run: bool | None = None
    webhook: str | None = None
    style: str | None = None
    template_fields: dict[str, str] | None = None  # since 5.1.13, only with `style`


class ImageInput(JobInput):
    """POST /generate/async. Without `nsfw` a request counts as NSFW, and SFW workers skip it."""

    params: ImageParams
    nsfw: bool
    censor_nsfw: bool
    r2: bool = True  # images come as links
    source_image: str | None = None
    # txt2img: only for servers whose profile names it; the AI Horde refuses it.
    source_processing: (
        Literal["txt2img", "img2img", "inpainting", "outpainting", "remix"] | None
    ) = None
    source_mask: str | None = None
    extra_source_images: tuple[ExtraImageInput, ...] | None = None


class TextSettings(Sent):
    """Parameters of a text that a request and a style can have."""

    temperature: float | None = None
    rep_pen: float | None = None
    rep_pen_range: int | None = None
    rep_pen_slope: float | None = None
    tfs: float | None = None
    top_a: float | None = None
    top_k: int | None = None
    top_p: float | None = None
    typical: float | None = None
    min_p: float | None = None
    smoothing_factor: float | None = None
    dynatemp_range: float | None = None
    dynatemp_exponent: float | None = None
    sampler_order: tuple[int, ...] | None = None
    stop_sequence: tuple[str, ...] | None = None
    use_default_badwordsids: bool | None = None
    frmtadsnsp: bool | None = None
    frmtrmblln: bool | None = None
    frmtrmspch: bool | None = None
    frmttriminc: bool | None = None
    singleline: bool | None = None


class TextParams(TextSettings):
    """Parameters of a text request. Lengths in tokens."""

    n: int | None = None
    max_length: int | None = None
    max_context_length: int | None = None


class TextInput(JobInput):
    """POST /generate/text/async. The API has no `nsfw` for texts."""

    params: TextParams
    softprompt: str | None = None
    context_fit: Literal["ignore", "reject", "grow"] | None = None  # since 5.1.13


class AnnotationInput(Sent):
    """What an annotation shows: one of the server's control types."""

    control_type: str


class FormInput(Sent):
    """One alchemy form. Only the form `annotation` has a payload."""

    name: str
    payload: AnnotationInput | None = None


class AlchemyInput(Sent):
    """POST /interrogate/async. A form that is named twice is made and charged twice."""

    source_image: str  # base64, so that no URL is disclosed to a worker
    forms: tuple[FormInput, ...]
    slow_workers: bool | None = None
    trusted_workers: bool | None = None
    webhook: str | None = None


class ImageRating(Sent):
    """A rating of one image: 1 to 10, and 0 to 5 for its artifacts."""

    id: str
    rating: int = Field(ge=1, le=10)
    artifacts: int | None = Field(default=None, ge=0, le=5)


class RatingInput(Sent):
    """The best image of a request, ratings of its images, or both."""

    best: str | None = None
    ratings: tuple[ImageRating, ...] | None = None
