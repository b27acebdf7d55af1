"""The bodies of calls for media. `None` is not sent, so that the default of the model counts."""

import base64
import hashlib

from bot.backends.aipg.parameter_rules import ParameterRules
from bot.domain.requests import ImageRequest, VideoRequest
from bot.http.schema import Sent

SEEDS = 2**53
# The names at the server of samplers that the Horde calls otherwise.
SAMPLERS = {
    "k_lms": "lms",
    "k_heun": "heun",
    "k_euler": "euler",
    "k_euler_a": "euler_ancestral",
    "k_dpm_2": "dpm_2",
    "k_dpm_2_a": "dpm_2_ancestral",
    "k_dpm_fast": "dpm_fast",
    "k_dpm_adaptive": "dpm_adaptive",
    "k_dpmpp_2s_a": "dpmpp_2s_ancestral",
    "k_dpmpp_2m": "dpmpp_2m",
    "k_dpmpp_sde": "dpmpp_sde",
    "DDIM": "ddim",
}
# Fields of a request that these bodies have, besides its prompt and its models.
IMAGE_FIELDS = frozenset(
    {"width", "height", "seed", "negative", "steps", "cfg_scale", "sampler", "scheduler"}
)


class MediaInput(Sent):
    """What all calls for media have in common.

    `progress_token` names the job before its answer arrives: for its progress and its recovery.
    """

    prompt: str
    model: str
    progress_token: str
    response_format: str = "url"
    size: str | None = None
    seed: int | None = None
    negative_prompt: str | None = None
    steps: int | None = None
    cfg_scale: float | None = None
    sampler: str | None = None
    scheduler: str | None = None


class MediaImageInput(MediaInput):
    """One image."""


class VideoInput(MediaInput):
    """One video. `image`: a data URL of its first picture."""

    seconds: float | None = None
    fps: int | None = None
    image: str | None = None


def media_image_input(
    request: ImageRequest, model: str, rules: ParameterRules, token: str
) -> MediaImageInput:
    """The body of a request. Raises RequestRejected for values that the model does not take."""
    rules.check("width", request.width)
    rules.check("height", request.height)
    sampler = SAMPLERS.get(request.sampler, request.sampler)
    # The values of a style suit its own model: what this model does not take is not sent.
    usual = request if request.style_name else ImageRequest(prompt=request.prompt)
    return MediaImageInput(
        prompt=request.prompt,
        model=model,
        progress_token=token,
        size=f"{request.width}x{request.height}",
        seed=seed_of(request.seed),
        negative_prompt=request.negative or None if rules.has("negative_prompt") else None,
        steps=rules.number("steps", request.steps, usual.steps),
        cfg_scale=rules.number("cfg_scale", request.cfg_scale, usual.cfg_scale),
        sampler=rules.option("sampler", sampler, SAMPLERS.get(usual.sampler, usual.sampler)),
        scheduler=rules.option("scheduler", request.scheduler, None),
    )


def video_input(
    request: VideoRequest, model: str, rules: ParameterRules, token: str, image: bytes
) -> VideoInput:
    """The body of a request. `image`: the first one of the video, or b"".

    Raises RequestRejected for values that the model does not take.
    """
    rules.check("width", request.width)
    rules.check("height", request.height)
    for name in ("seconds", "fps"):
        rules.number(name, getattr(request, name), None)
    return VideoInput(
        prompt=request.prompt,
        model=model,
        progress_token=token,
        size=f"{request.width}x{request.height}",
        seed=seed_of(request.seed),
        negative_prompt=request.negative or None if rules.has("negative_prompt") else None,
        seconds=request.seconds,
        fps=request.fps,
        image=base64.b64encode(image).decode() if image else None,
    )


def seed_of(seed: str) -> int | None:
    """The seed as a number; words are folded into one. None for a random one."""
    if not seed:
        return None
    if seed.isascii() and seed.isdigit() and len(seed) <= 18:
        return int(seed) % SEEDS
    return int.from_bytes(hashlib.sha256(seed.encode("utf-8", "replace")).digest()[:8]) % SEEDS
