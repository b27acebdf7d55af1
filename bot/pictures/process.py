"""The picture child as seen by the bot: started when needed, killed when it takes too long.

A subprocess over pipes and not a process pool: in a pool one slow picture cannot be killed, a crash
of a worker breaks it for good, and workers would inherit the bot's secrets.
"""

import asyncio
import logging
import os
import sys
from pathlib import Path

from bot.errors import PictureError
from bot.i18n import N_, _
from bot.pictures.protocol import HEADER, Outcome
from bot.pictures.turns import Turns

log = logging.getLogger(__name__)
NOT_CONVERTED = N_("This image cannot be converted. Save it as PNG or JPEG and upload it again.")
TOO_LONG = N_("Converting this image takes too long. Use another one.")

_ROOT = Path(__file__).parents[2]  # the folder from which `bot` can be imported
_STREAM_LIMIT = 1024 * 1024  # bytes read ahead from the child


class PictureProcess:
    """One child, one picture at a time. `timeout`, `idle`: see bot/pictures/converter.py."""

    def __init__(self, timeout: float, idle: float) -> None:
        self.timeout = timeout
        self.child: asyncio.subprocess.Process | None = None
        self._idle = idle
        self._closed = False
        self._turns = Turns()
        self._retirement: asyncio.TimerHandle | None = None

    async def ask(
        self, order: bytes, data: bytes, orientation: int, owner: int
    ) -> tuple[Outcome, bytes]:
        """Its answer, when it is that owner's turn. Raises PictureError."""
        async with self._turns.hold(owner):
            if self._closed:
                raise PictureError(_(NOT_CONVERTED))
            self._stay()
            try:
                async with asyncio.timeout(self.timeout):
                    answer = await self._exchange(order, data, orientation)
            except TimeoutError:
                await self.kill()
                raise PictureError(_(TOO_LONG)) from None
            except (OSError, asyncio.IncompleteReadError):
                await self.kill()
                log.warning("the image process ended at an image of %d bytes", len(data))
                raise PictureError(_(NOT_CONVERTED)) from None
            except BaseException:
                await self.kill()  # cancelled: its answer is not needed any more
                raise
            self._retirement = asyncio.get_running_loop().call_later(self._idle, self._retire)
        return answer

    async def _exchange(self, order: bytes, data: bytes, orientation: int) -> tuple[Outcome, bytes]:
        process = await self._alive()
        if self._closed:  # while the child started
            raise BrokenPipeError
        assert process.stdin
        assert process.stdout
        process.stdin.write(HEADER.pack(orientation, len(order), len(data)) + order)
        process.stdin.write(data)
        await process.stdin.drain()
        outcome, _length, size = HEADER.unpack(await process.stdout.readexactly(HEADER.size))
        return Outcome(outcome), await process.stdout.readexactly(size)

    async def _alive(self) -> asyncio.subprocess.Process:
        child = self.child
        if child and child.returncode is None and child.stdin and not child.stdin.is_closing():
            return child
        await self.kill()
        # The child handles hostile bytes: it gets no settings.
        env = {n: v for n, v in os.environ.items() if not n.upper().startswith("HORDECORD_")}
        self.child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "bot.pictures.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_STREAM_LIMIT,
            env=env | {"PYTHONPATH": str(_ROOT)},
        )
        return self.child

    def _stay(self) -> None:
        if self._retirement:
            self._retirement.cancel()

    def _retire(self) -> None:
        if self.child and self.child.stdin:
            self.child.stdin.close()  # it ends by itself, and is collected before the next start

    async def close(self) -> None:
        """End the child, and refuse the pictures that wait: no child starts after this."""
        self._closed = True
        if self.child and self.child.returncode is None:
            self.child.kill()  # the picture under way is refused, and its turn ends
        async with self._turns.hold(0):
            await self.kill()

    async def kill(self) -> None:
        """End it now; the next picture starts another."""
        self._stay()
        child, self.child = self.child, None
        if child is None:
            return
        if child.returncode is None:
            child.kill()
        await child.communicate()  # closes its pipes too
