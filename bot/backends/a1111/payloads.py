"""The bodies of calls to the web UI."""

import hashlib
import re
from base64 import b64encode

from bot.backends.a1111.sampling import LATENT, NO_UPSCALER, sampler_of, scheduler_of
from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Lora
from bot.domain.requests.image import FULL_STRENGTH, REPAINTED
from bot.errors import RequestRejected
from bot.http.schema import Sent
from bot.i18n import N_, _

# The fields of an image request that the bodies use.
IMAGE_FIELDS = frozenset(
    {"negative", "models", "width", "height", "steps", "cfg_scale", "sampler", "karras"}
    | {"scheduler", "n", "seed", "clip_skip", "tiling", "hires_fix", "hires_strength", "loras"}
    | {"embeddings", "source", "mode", "strength", "mask", "parts", "expand"}
)
HIRES_STRENGTH = 0.65  # usual strength of the second pass
HIRES_FACTOR = 2  # the first pass has half the sides
GRID = 8  # pixels; the web UI cuts sides to a multiple
SEEDS = 2**32
CROP_AND_RESIZE = 1
KEEP_ORIGINAL = 1  # of the area under the mask, before it is repainted
ONLY_WITHOUT_SOURCE = N_("{backend} has `hires_fix` only without a source image. Leave it out.")
NO_REMIX = N_("{backend} cannot combine several images. Choose another mode.")
GONE = N_("The source image is no longer available. Upload it again.")
NO_TRIGGER = N_("{backend} does not know the trigger words of LoRAs. Name the word.")
BAD_NAME = N_("The name `{name}` cannot be used at {backend}.")
ANY_TRIGGER = "any"
_TAG = re.compile(r"<(?=\w+:)")  # of a prompt: a LoRA that no rule has checked, for instance
_RESERVED = frozenset("<>:")  # they end the name of a LoRA in a prompt


class Overrides(Sent):
    """Settings for one job. `sd_model_checkpoint`: None for the loaded model."""

    sd_model_checkpoint: str | None = None
    CLIP_stop_at_last_layers: int | None = None


class ImageBody(Sent):
    """The body of /txt2img, and with `init_images` that of /img2img."""

    prompt: str
    negative_prompt: str
    seed: int
    sampler_name: str
    scheduler: str
    steps: int
    cfg_scale: float
    width: int
    height: int
    n_iter: int
    batch_size: int = 1
    tiling: bool
    override_settings: Overrides
    override_settings_restore_afterwards: bool = True
    send_images: bool = True
    save_images: bool = False
    denoising_strength: float | None = None
    enable_hr: bool | None = None
    hr_upscaler: str | None = None
    hr_resize_x: int | None = None
    hr_resize_y: int | None = None
    init_images: tuple[str, ...] | None = None
    resize_mode: int | None = None
    mask: str | None = None
    inpainting_fill: int | None = None
    inpaint_full_res: bool | None = None
    include_init_images: bool | None = None


class ExtrasBody(Sent):
    """The body of /extra-single-image. The visibilities turn the restoring of faces on."""

    image: str
    upscaling_resize: float
    upscaler_1: str = NO_UPSCALER
    gfpgan_visibility: float = 0.0
    codeformer_visibility: float = 0.0


class InterrogateBody(Sent):
    """The body of /interrogate."""

    image: str
    model: str = "clip"


def webui_image_body(request: ImageRequest, pictures: Pictures, title: str) -> ImageBody:
    """The body for a request. Raises RequestRejected for what the web UI does not have."""
    overrides = Overrides(
        sd_model_checkpoint=next(iter(request.models), None),
        CLIP_stop_at_last_layers=request.clip_skip,
    )
    body = ImageBody(
        prompt=_prompt(request, title),
        negative_prompt=_negative(request),
        seed=webui_seed(request.seed),
        sampler_name=sampler_of(request, title),
        scheduler=scheduler_of(request, title),
        steps=request.steps,
        cfg_scale=request.cfg_scale,
        width=request.width,
        height=request.height,
        n_iter=request.n,
        tiling=request.tiling,
        override_settings=overrides,
    )
    if request.source is not None:
        return _with_source(body, request, pictures, title)
    return _with_second_pass(body, request) if request.hires_fix else body


def _with_source(
    body: ImageBody, request: ImageRequest, pictures: Pictures, title: str
) -> ImageBody:
    if not pictures.source:
        raise RequestRejected(_(GONE))
    if request.hires_fix:
        raise RequestRejected(_(ONLY_WITHOUT_SOURCE).format(backend=title))
    if request.mode == "remix":
        raise RequestRejected(_(NO_REMIX).format(backend=title))
    usual = FULL_STRENGTH if pictures.mask else REPAINTED
    changes: dict[str, object] = {
        "init_images": (as_base64(pictures.source),),
        "resize_mode": CROP_AND_RESIZE,
        "denoising_strength": request.strength or usual,
        "include_init_images": False,
    }
    if pictures.mask:
        changes |= {
            "mask": as_base64(pictures.mask),
            "inpainting_fill": KEEP_ORIGINAL,
            "inpaint_full_res": False,
        }
    return body.model_copy(update=changes)


def _with_second_pass(body: ImageBody, request: ImageRequest) -> ImageBody:
    """Composed at half the sides, then enlarged to the chosen ones."""
    half = [side // HIRES_FACTOR // GRID * GRID for side in (body.width, body.height)]
    return body.model_copy(
        update={
            "width": half[0],
            "height": half[1],
            "enable_hr": True,
            "hr_upscaler": LATENT,
            "hr_resize_x": body.width,
            "hr_resize_y": body.height,
            "denoising_strength": request.hires_strength or HIRES_STRENGTH,
        }
    )


def can_be_named(name: str) -> bool:
    """Whether a prompt can name that LoRA or embedding."""
    return not _RESERVED.intersection(name)


def _prompt(request: ImageRequest, title: str) -> str:
    """The prompt with its LoRAs, and its embeddings by their names."""
    names = [each.name for each in (*request.loras, *request.embeddings)]
    for name in names:
        if not can_be_named(name):
            raise RequestRejected(_(BAD_NAME).format(name=name.replace("`", ""), backend=title))
    if any(each.trigger.casefold() == ANY_TRIGGER for each in request.loras):
        raise RequestRejected(_(NO_TRIGGER).format(backend=title))
    words = [each.trigger for each in request.loras if each.trigger]
    words += [_weighted(e.name, e.strength) for e in request.embeddings if e.inject != "negprompt"]
    prompt = _TAG.sub("< ", request.prompt)
    return " ".join([", ".join([prompt, *words]), *map(_lora, request.loras)])


def _lora(lora: Lora) -> str:
    """The tag of a LoRA; the web UI reads the strength for the text encoder first."""
    same = lora.clip == lora.model
    strengths = f"{lora.model:g}" if same else f"{lora.clip:g}:{lora.model:g}"
    return f"<lora:{lora.name}:{strengths}>"


def _negative(request: ImageRequest) -> str:
    words = [_weighted(e.name, e.strength) for e in request.embeddings if e.inject == "negprompt"]
    return ", ".join(filter(None, [request.negative, *words]))


def _weighted(name: str, strength: float) -> str:
    return name if strength == 1 else f"({name}:{strength:g})"


def webui_seed(seed: str) -> int:
    """The seed as a number; words are folded into one, -1 is a random one."""
    if not seed:
        return -1
    if seed.isascii() and seed.isdigit() and len(seed) <= 18:
        return int(seed) % SEEDS
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])


def as_base64(data: bytes) -> str:
    """The bytes as the web UI reads them."""
    return b64encode(data).decode()
