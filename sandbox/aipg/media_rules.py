"""The rules for the values of image and video requests."""

import random
import re
from typing import Any

from sandbox.aipg.bodies import MediaBody
from sandbox.aipg.errors import ApiError
from sandbox.aipg.models import LARGEST_SEED, Model
from sandbox.optional.jobs import Json
from sandbox.optional.media_files import decoded_image

SIDES = range(256, 1537, 64)
MOST_STEPS = 80
MOST_CFG_SCALE = 30
MOST_FRAMES = 240
LARGEST_SOURCE = 12 * 1024**2
SAMPLER = re.compile(r"[A-Za-z0-9_.:+-]{1,64}")
FORMATS = {"png": "png", "webp": "webp", "jpg": "jpeg", "jpeg": "jpeg"}


def check_batch(model: Model, body: MediaBody) -> None:
    """Raises ApiError 422 for a strength or several results that the model cannot do."""
    if (body.strength is not None or body.denoise is not None) and not model.has_strength:
        raise ApiError(422, f"model '{model.name}' does not support strength/denoise")
    if body.n > 1 and (model.kind == "video" or body.image):
        noun = "video" if model.kind == "video" else "source-image"
        detail = (
            f"{noun} batch generation is unavailable until the recipe declares a verified batch "
            "strategy"
        )
        raise ApiError(422, detail)


def image_format(wanted: str | None) -> str:
    """The format of the file; webp by default."""
    if wanted is None:
        return "webp"
    if wanted.lower() not in FORMATS:
        raise ApiError(422, "output_format must be one of: png, jpeg, webp")
    return FORMATS[wanted.lower()]


def size_of(body: MediaBody, default: tuple[int, int]) -> tuple[int, int]:
    if body.size is None:
        return default
    found = re.fullmatch(r"(\d+)x(\d+)", body.size.lower())
    if found is None:
        raise ApiError(422, "size must be formatted as WIDTHxHEIGHT")
    width, height = int(found[1]), int(found[2])
    if width not in SIDES or height not in SIDES:
        raise ApiError(422, "size dimensions must be multiples of 64 between 256 and 1536")
    return width, height


def seed_of(value: Any) -> int:
    """The seed; a random one where none is sent."""
    if value in (None, ""):
        return random.randrange(LARGEST_SEED + 1)  # noqa: S311 - a picture
    seed = _number("seed", value, int)
    if not 0 <= seed <= LARGEST_SEED:
        raise ApiError(422, f"seed must be between 0 and {LARGEST_SEED}")
    return int(seed)


def check_knobs(body: MediaBody) -> None:
    """Check the values against the limits that all models share."""
    if body.steps is not None and not 1 <= _number("steps", body.steps, int) <= MOST_STEPS:
        raise ApiError(422, f"steps must be between 1 and {MOST_STEPS}")
    scale = 0 if body.cfg_scale is None else _number("cfg_scale", body.cfg_scale, float)
    if not 0 <= scale <= MOST_CFG_SCALE:
        raise ApiError(422, f"cfg_scale must be between 0 and {MOST_CFG_SCALE}")
    if body.sampler is not None and not SAMPLER.fullmatch(str(body.sampler)):
        raise ApiError(422, "sampler contains unsupported characters")


def check_ranges(model: Model, values: Json) -> None:
    """Check the values against the ranges of the model. The server does it last."""
    for name, (low, high) in model.ranges.items():
        value = values.get(name)
        if value is not None and not low <= float(value) <= high:
            raise ApiError(422, f"{name} {value} is out of range [{low}, {high}]")
    for name, allowed in model.options.items():
        value = values.get(name)
        if value is not None and value not in allowed:
            raise ApiError(422, f"{name} '{value}' is not one of {list(allowed)}")


def source_of(model: Model, text: str | None) -> bytes | None:
    """The source image of a request, which has to be inline."""
    if not text:
        return None
    if not model.has_source:
        raise ApiError(422, f"model '{model.name}' does not accept an input image")
    try:
        data = decoded_image(text)
    except ValueError as error:
        raise ApiError(400, "source image is not a decodable image") from error
    if len(data) > LARGEST_SOURCE:
        raise ApiError(400, f"source image must be 1B to {LARGEST_SOURCE} bytes")
    return data


def frames_of(seconds: float, fps: int) -> int:
    frames = round(seconds * fps)
    if frames > MOST_FRAMES:
        detail = f"seconds * fps produces {frames} frames; max is {MOST_FRAMES}"
        raise ApiError(422, detail)
    return frames


def _number(name: str, value: Any, kind: type[int] | type[float]) -> float:
    try:
        return kind(value)
    except (TypeError, ValueError) as error:
        noun = "an integer" if kind is int else "a number"
        raise ApiError(422, f"{name} must be {noun}") from error
