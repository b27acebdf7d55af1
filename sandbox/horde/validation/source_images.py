"""Loads source images: fetches or decodes, checks and compresses them."""

import asyncio
import base64
import binascii
import io
import logging
import warnings
from urllib.parse import urlsplit

import aiohttp
from PIL import Image

from sandbox.horde.errors import ApiError
from sandbox.horde.webhooks import LOOPBACK

log = logging.getLogger(__name__)

MOST_PIXELS = 3072 * 3072
MOST_BYTES = 5 * 1024**2
FETCH_TIMEOUT = aiohttp.ClientTimeout(total=2)
STORED_QUALITY = 50  # as the real server stores them
INVALID_IMAGE = (
    "Image validation failed. Please ensure the source image payload is either a URL containing "
    "an image or a valid base64 encoded image."
)


async def load(source: str) -> tuple[bytes, tuple[int, int]]:
    """A source image as small WebP, with its original size. Raises ApiError."""
    stored, size, _ = await load_with_original(source)
    return stored, size


async def load_with_original(source: str) -> tuple[bytes, tuple[int, int], bytes]:
    """The same as `load`, with the original bytes."""
    data = await _fetch(source) if source.startswith("http") else _decode(source)
    try:
        return *await asyncio.to_thread(_stored_image, data), data
    except ApiError as problem:
        if source.startswith("http") and problem.body["rc"] == "ImageValidationFailed":
            raise _bad_url() from problem
        raise


def _decode(source: str) -> bytes:
    try:
        return base64.b64decode(source, validate=False)
    except (binascii.Error, ValueError) as error:
        raise ApiError(400, "ImageValidationFailed", INVALID_IMAGE) from error


def _stored_image(data: bytes) -> tuple[bytes, tuple[int, int]]:
    try:
        # The check below replaces Pillow's warning about large images.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as image:
                size = image.size
                if size[0] * size[1] > MOST_PIXELS:
                    raise too_large(size)
                mode = "RGBA" if image.has_transparency_data else "RGB"
                out = io.BytesIO()
                image.convert(mode).save(out, "WEBP", quality=STORED_QUALITY, method=0)
                return out.getvalue(), size
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        log.debug("a source image could not be read: %s", type(error).__name__)
        raise ApiError(400, "ImageValidationFailed", INVALID_IMAGE) from error


def too_large(size: tuple[int, int]) -> ApiError:
    message = f"Image validation failed. Image dimensions {size[0]}x{size[1]} are too large."
    return ApiError(400, "SourceImageResolutionExceeded", message)


async def _fetch(url: str) -> bytes:
    """Fetch an image within the real server's limits (2 s, 5 MB), from loopback only."""
    if urlsplit(url).hostname not in LOOPBACK:
        raise _bad_url()
    try:
        async with (
            aiohttp.ClientSession(timeout=FETCH_TIMEOUT) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status != 200:
                raise _bad_url()
            data = await answer.content.read(MOST_BYTES + 1)
            while len(data) <= MOST_BYTES and not answer.content.at_eof():
                data += await answer.content.read(MOST_BYTES + 1 - len(data))
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise _bad_url() from error
    if len(data) > MOST_BYTES:
        message = "Image validation failed. Source image is larger than 5 MB."
        raise ApiError(400, "SourceImageSizeExceeded", message)
    return data


def _bad_url() -> ApiError:
    message = "Image validation failed. Url does not contain a valid image."
    return ApiError(400, "SourceImageUrlInvalid", message)
