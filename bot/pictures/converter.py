"""Decodes pictures, one at a time, in a child process that can be killed.

A subprocess over pipes and not a process pool: one slow picture cannot be killed in a pool, which
is broken for good when a worker dies, and a worker would inherit the bot's secrets.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.errors import PictureError
from bot.pictures.formats.inspect import inspect, still
from bot.pictures.protocol import (
    HEADER,
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
IDLE = 60.0  # s without work after which the child ends and gives its 40 MB back
_ROOT = Path(__file__).parents[2]  # where `bot` can be imported from, wherever we were started
_STREAM_LIMIT = 1024 * 1024  # bytes read ahead from the child


BLANK = "The mask is black all over: white, or what is transparent, is painted anew."
NO_HOLES = (
    "Nothing in this picture is transparent, so it does not say what to paint anew. "
    "Upload a mask or choose an area."
)


class Converter:
    """Shrinks and converts. `async with`; the child starts with the first picture."""

    def __init__(self, *, timeout: float = TIMEOUT, idle: float = IDLE) -> None:
        self._timeout = timeout
        self._idle = idle
        self._turn = asyncio.Lock()
        self._child: asyncio.subprocess.Process | None = None
        self._retirement: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._kill()

    async def shrink(self, data: bytes, limit: int) -> bytes:
        """The picture in at most `limit` bytes: as it is, re-encoded, or with shorter sides.

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
        """What an order of bot/pictures/protocol.py makes of a picture. Raises PictureError."""
        if isinstance(order, Drawing):
            return await self._ask(order, b"", 1)
        # In a thread: a file of thousands of parts takes a moment.
        orientation, data = await asyncio.to_thread(_ready, data)
        return await self._ask(order, data, orientation)

    async def _ask(self, order: Order, data: bytes, orientation: int) -> bytes:
        async with self._turn:
            self._stay()
            try:
                async with asyncio.timeout(self._timeout):
                    outcome, content = await self._exchange(packed(order), data, orientation)
            except TimeoutError:
                await self._kill()
                raise PictureError("This picture takes too long to convert.") from None
            except (OSError, asyncio.IncompleteReadError):
                await self._kill()
                log.warning("the picture process died of a picture of %d bytes", len(data))
                raise PictureError("This picture cannot be converted.") from None
            except BaseException:
                await self._kill()  # cancelled: what it would still answer belongs to nobody
                raise
            self._retirement = asyncio.get_running_loop().call_later(self._idle, self._retire)
        if outcome == Outcome.BLANK:
            raise PictureError(NO_HOLES if isinstance(order, ReadAlpha) else BLANK)
        if outcome != Outcome.DONE:
            log.info("a picture was refused: %s", content.decode("utf-8", "replace")[:200])
            raise PictureError(
                "This picture is damaged and cannot be converted. "
                "Save it as PNG or JPEG and try again."
            )
        return content

    async def _exchange(self, order: bytes, data: bytes, orientation: int) -> tuple[Outcome, bytes]:
        process = await self._alive()
        assert process.stdin
        assert process.stdout
        process.stdin.write(HEADER.pack(orientation, len(order), len(data)) + order)
        process.stdin.write(data)
        await process.stdin.drain()
        outcome, _, size = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
        return Outcome(outcome), await process.stdout.readexactly(size)

    async def _alive(self) -> asyncio.subprocess.Process:
        child = self._child
        if child and child.returncode is None and child.stdin and not child.stdin.is_closing():
            return child
        await self._kill()
        # The child handles hostile bytes: it gets none of our settings.
        env = {n: v for n, v in os.environ.items() if not n.upper().startswith("HORDECORD_")}
        self._child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.pictures.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_STREAM_LIMIT,
            env=env | {"PYTHONPATH": str(_ROOT)},
        )
        return self._child

    def _stay(self) -> None:
        if self._retirement:
            self._retirement.cancel()

    def _retire(self) -> None:
        if self._child and self._child.stdin:
            self._child.stdin.close()  # it ends by itself, and is collected before the next start

    async def _kill(self) -> None:
        self._stay()
        child, self._child = self._child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.communicate()  # closes its pipes too


def _ready(data: bytes) -> tuple[int, bytes]:
    """The orientation of a picture, and its first frame as a decoder takes it."""
    return inspect(data).orientation, still(data)
