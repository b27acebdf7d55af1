"""The child process that decodes: `python -m bot.pictures.child`. It ends with its stdin."""

import io
import os
import signal
import sys
from typing import BinaryIO

from PIL import Image

from bot.pictures import masks
from bot.pictures.protocol import (
    HEADER,
    AsSource,
    Change,
    Drawing,
    Order,
    Outcome,
    Shrink,
    unpacked,
)
from bot.pictures.transforms import as_plain, save_image

# Of address space. A JPEG of 64 megapixels peaks at 840 MB, one with alpha takes a third more.
MEMORY_MAX = 1_500 * 1024 * 1024
FORMATS = ("WEBP", "PNG", "JPEG", "GIF")
QUALITIES = (92, 80)  # first whole at these, then at the last one with smaller sides
SIDE_MIN = 64


def shrink(picture: Image.Image, limit: int) -> bytes:
    """At most `limit` bytes. JPEG, since WebP takes 30 times as long, but WebP with alpha."""
    picture = as_plain(picture)
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


def as_source(picture: Image.Image, side: int) -> bytes:
    """A WebP with no side longer than `side`, fit to be sent to a backend.

    `exact`: what transparency hides must survive, since a mask is all that the alpha means.
    """
    picture = as_plain(picture)
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
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
            return as_source(picture, order.max_side)
        case _:
            return masks.changed(picture, order)


def answer(order: Order, data: bytes) -> tuple[Outcome, bytes]:
    """How it went, and the picture or the reason in English."""
    try:
        if isinstance(order, Drawing):
            return Outcome.DONE, masks.drawn(order)
        with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
            return Outcome.DONE, _changed(order, picture)
    except masks.BlankError:
        return Outcome.BLANK, b"nothing to paint"
    except MemoryError:
        return Outcome.REFUSED, b"it needs too much memory"
    except Exception as error:  # noqa: BLE001 - hostile bytes raise anything; the child lives on
        return Outcome.REFUSED, (str(error) or type(error).__name__).encode()


def serve_jobs(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer until the requests end."""
    while len(header := requests.read(HEADER.size)) == HEADER.size:
        _, length, size = HEADER.unpack(header)
        order = unpacked(requests.read(length))
        outcome, data = answer(order, requests.read(size))
        replies.write(HEADER.pack(outcome, 0, len(data)))
        replies.write(data)
        replies.flush()


def _behave() -> None:
    # Both may go to the whole group. They are for the bot, which closes our stdin when it is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not there on Windows

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        os.nice(5)  # an answer to Discord is more urgent than a picture


if __name__ == "__main__":
    _behave()
    serve_jobs(sys.stdin.buffer, sys.stdout.buffer)
