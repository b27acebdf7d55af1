"""Decodes pictures, each in a child process that can be killed.

One child decodes pictures of a few megapixels, another one larger ones, so that large files do not
delay others. In each, users take turns.
"""

import asyncio
import copy
import logging
from types import TracebackType
from typing import Self

from bot.errors import NothingMarked, PictureError
from bot.i18n import N_, _
from bot.pictures.formats.facts import ImageFacts
from bot.pictures.formats.inspect import inspect, still
from bot.pictures.process import NOT_CONVERTED, PictureProcess
from bot.pictures.protocol import (
    AsSource,
    Drawing,
    Order,
    Outcome,
    ReadAlpha,
    Shrink,
    packed,
)

log = logging.getLogger(__name__)

TIMEOUT = 30.0  # s for one picture; 64 megapixels take about 10
IDLE = 60.0  # seconds without work after which a child ends and frees its 40 MB
SMALL_MAX = 10_000_000  # pixels: the most that a backend accepts, 3072 x 3072, is small
SMALL_JPEG_MAX = 25_000_000  # of a JPEG that is reduced while it is decoded

BLANK = N_(
    "The mask is empty. Mark the area to change in white on black, or in any colour on a "
    "transparent layer."
)
FULL = N_("The mask covers the whole image. Mark only the area to change, or use no mask.")
NO_HOLES = N_("This image has no transparent area to fill. Upload a mask or choose an area.")
ALL_HOLES = N_("This image is completely transparent. Use another one.")


def _is_small(facts: ImageFacts, order: Order) -> bool:
    quick = facts.format == "jpeg" and isinstance(order, AsSource)
    return facts.width * facts.height <= (SMALL_JPEG_MAX if quick else SMALL_MAX)


def _ready(data: bytes) -> tuple[ImageFacts, bytes]:
    """The facts of a picture, and its first frame as a decoder needs it."""
    return inspect(data), still(data)


class Converter:
    """Shrinks and converts pictures. `async with`; a child starts with its first picture."""

    def __init__(self, *, timeout: float = TIMEOUT, idle: float = IDLE) -> None:
        self._small = PictureProcess(timeout, idle)
        self._large = PictureProcess(timeout, idle)
        self.owner = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._small.close()
        await self._large.close()

    def of(self, owner: int) -> Self:
        """The same children, at which that user takes turns with the others."""
        theirs = copy.copy(self)
        theirs.owner = owner
        return theirs

    async def shrink(self, data: bytes, limit: int) -> bytes:
        """The picture in at most `limit` bytes: unchanged, re-encoded, or with shorter sides.

        Raises PictureError when it cannot be opened or made that small.
        """
        await asyncio.to_thread(inspect, data)
        return data if len(data) <= limit else await self.carry_out(Shrink(limit), data)

    async def as_source(
        self, data: bytes, *, max_side: int = 3072, lossless: bool = False
    ) -> bytes:
        """See `AsSource`. Raises PictureError."""
        return await self.carry_out(AsSource(max_side, lossless), data)

    async def carry_out(self, order: Order, data: bytes = b"") -> bytes:
        """Run an order of bot/pictures/protocol.py on a picture. Raises PictureError."""
        process, orientation = self._small, 1
        if not isinstance(order, Drawing):
            # In a thread: a file of thousands of parts is slow.
            facts, data = await asyncio.to_thread(_ready, data)
            process = self._small if _is_small(facts, order) else self._large
            orientation = facts.orientation
        outcome, content = await process.ask(packed(order), data, orientation, self.owner)
        match outcome:
            case Outcome.DONE:
                return content
            case Outcome.BLANK:
                raise NothingMarked(_(NO_HOLES if isinstance(order, ReadAlpha) else BLANK))
            case Outcome.FULL:
                raise PictureError(_(ALL_HOLES if isinstance(order, ReadAlpha) else FULL))
            case Outcome.REFUSED:
                log.info("an image was refused: %s", content.decode("utf-8", "replace")[:200])
                raise PictureError(_(NOT_CONVERTED))
