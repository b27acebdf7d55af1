"""The child process that decodes: `python -m bot.pictures.worker`. It ends with its stdin."""

import contextlib
import io
import logging
import os
import signal
import struct
import sys
import zlib
from typing import BinaryIO

from PIL import Image, ImageFile, PngImagePlugin

from bot.pictures import charts, masks
from bot.pictures.formats import png
from bot.pictures.formats.facts import PIXELS_MAX
from bot.pictures.protocol import (
    HEADER,
    AsSource,
    Change,
    DrawChart,
    Drawing,
    Order,
    Outcome,
    Shrink,
    unpacked,
)
from bot.pictures.transforms import as_plain, save_image

log = logging.getLogger(__name__)  # writes to stderr, which is that of the bot
# Of address space. A JPEG of 64 megapixels peaks at 840 MB, one with alpha needs a third more.
MEMORY_MAX = 1_500 * 1024 * 1024
FORMATS = ("WEBP", "PNG", "JPEG", "GIF", "AVIF", "BMP")
PROFILE_MAX = 8 * 1024 * 1024  # bytes of a decompressed colour profile in a PNG
QUALITIES = (92, 80)  # first at full size, then at the last one with smaller sides
SIDE_MIN = 64


def shrink(picture: Image.Image, limit: int) -> bytes:
    """At most `limit` bytes. JPEG, because WebP takes 30 times as long; WebP with alpha."""
    data = b""
    for quality in QUALITIES:
        data = _encode(picture, quality)
        if len(data) <= limit:
            return data
    while max(picture.size) > SIDE_MIN:
        factor = min(0.9, 0.95 * (limit / len(data)) ** 0.5)
        width, height = picture.size
        picture.thumbnail((width * factor, height * factor), Image.Resampling.LANCZOS)
        data = _encode(picture, QUALITIES[-1])
        if len(data) <= limit:
            return data
    raise ValueError("it cannot be made that small")


def as_source(picture: Image.Image, order: AsSource) -> bytes:
    """See `AsSource`. A WebP, or a PNG if it must be lossless.

    `exact`: hidden colours must survive, because a mask is in the alpha.
    """
    picture.thumbnail((order.max_side, order.max_side), Image.Resampling.LANCZOS)
    if order.lossless:
        return save_image(picture, "PNG")
    return save_image(picture, "WEBP", quality=95, method=2, exact=True)


def _encode(picture: Image.Image, quality: int) -> bytes:
    if picture.mode == "RGBA":
        return save_image(picture, "WEBP", quality=quality, method=2)
    return save_image(picture, "JPEG", quality=quality)


def _changed(order: Change, picture: Image.Image) -> bytes:
    match order:
        case Shrink():
            return shrink(picture, order.limit)
        case AsSource():
            return as_source(picture, order)
        case _:
            return masks.changed(picture, order)


def _drawn(order: Drawing) -> bytes:
    return charts.chart(order) if isinstance(order, DrawChart) else masks.drawn(order)


def opened(data: bytes, side: int = 0) -> Image.Image:
    """The first frame, loaded. `side`: longer ones will be reduced; a JPEG is reduced while
    loading.

    An incomplete picture is used as far as it goes. Raises the errors of Pillow.
    """
    try:
        return _loaded(data, side)
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            picture = _loaded(data, side)
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        if picture.convert("RGB").getbbox() is None:
            raise  # no point could be read
        return picture


def _loaded(data: bytes, side: int) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=FORMATS)
    if picture.width * picture.height > PIXELS_MAX:  # its container has other sides
        raise MemoryError
    if side and picture.format == "JPEG":
        picture.draft(None, (side, side))
    picture.load()
    return picture


def decoded_picture(order: Change, data: bytes, orientation: int) -> Image.Image:
    """The picture as displayed, as RGB or RGBA."""
    depth = data[24] if data.startswith(png.SIGNATURE) else 8
    side = order.max_side if isinstance(order, AsSource) else 0
    return as_plain(opened(data, side), orientation, depth)


def answer(order: Order, data: bytes, orientation: int = 1) -> tuple[Outcome, bytes]:
    """The outcome, and the picture or the reason in English."""
    try:
        if isinstance(order, Drawing):
            return Outcome.DONE, _drawn(order)
        return Outcome.DONE, _changed(order, decoded_picture(order, data, orientation))
    except masks.BlankError:
        return Outcome.BLANK, b"nothing to paint"
    except masks.FullError:
        return Outcome.FULL, b"nothing to keep"
    except MemoryError:
        return Outcome.REFUSED, b"it needs too much memory"
    except Exception as error:  # noqa: BLE001 - hostile bytes raise anything; the child lives on
        return Outcome.REFUSED, (str(error) or type(error).__name__).encode()


def serve_jobs(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer until the requests end."""
    while len(header := requests.read(HEADER.size)) == HEADER.size:
        orientation, length, size = HEADER.unpack(header)
        order = unpacked(requests.read(length))
        outcome, data = answer(order, requests.read(size), orientation)
        replies.write(HEADER.pack(outcome, 0, len(data)))
        replies.write(data)
        replies.flush()


def _behave() -> None:
    PngImagePlugin.MAX_TEXT_CHUNK = PROFILE_MAX
    # Both signals may reach the whole process group. They are for the bot, which closes our stdin.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        _limit(resource.RLIMIT_AS, MEMORY_MAX)
        _limit(resource.RLIMIT_CORE, 0)
        with contextlib.suppress(OSError):  # some containers forbid it
            os.nice(5)  # answers to Discord are more urgent


def _limit(kind: int, most: int) -> None:
    """Limit a resource, or keep a lower limit of the host. macOS refuses some with ValueError."""
    import resource  # noqa: PLC0415 - not there on Windows

    _soft, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError) as error:
        log.warning("pictures are read without a limit (%s): %s", kind, error)


if __name__ == "__main__":
    _behave()
    serve_jobs(sys.stdin.buffer, sys.stdout.buffer)
