"""A backend in memory whose calls are as long as their jobs."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace

from bot.backends.open_calls import OpenCall, OpenCalls
from bot.backends.values import Receipt
from bot.domain.capabilities import Capabilities, PriceUnit
from bot.domain.generations import ImageGeneration, TextGeneration
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import Kind, Request
from bot.domain.results import Phase, Status
from bot.errors import BackendError
from tests.support.fakes.backend import FakeHorde

FREE = Capabilities(title="own GPU", submits="blocking", streams=True, unit=PriceUnit.NONE)


@dataclass
class FakeBlocking(FakeHorde):
    """A call takes `seconds`; `words` of a text, and the `steps` of an image, arrive one after the
    other in that time.

    `errors`: how the next calls end. `kept`: outcomes that `resume` finds, by token.
    """

    capabilities: Capabilities = FREE
    seconds: float = 5.0
    words: tuple[str, ...] = ("one", "two", "three")
    steps: tuple[Status, ...] = ()
    errors: deque[BackendError] = field(default_factory=deque[BackendError])
    submits: list[str] = field(default_factory=list[str])
    cancels: list[str] = field(default_factory=list[str])
    found: dict[str, Status] = field(default_factory=dict[str, Status])

    def __post_init__(self) -> None:
        self._open()

    def _open(self) -> None:
        free = self.capabilities.resubmit == "free"
        self.open_calls = OpenCalls(self.capabilities.title, free=free)

    async def submit(
        self,
        request: Request,
        key: str,
        *,
        pictures: Pictures = NO_PICTURES,
        webhook: str = "",
        token: str = "",
    ) -> Receipt:
        self.submits.append(token)

        async def work(call: OpenCall) -> Status:
            return await (self._write if request.kind == Kind.TEXT else self._draw)(call)

        await self.open_calls.start(token, work, count=request.count)
        return Receipt(token)

    async def _draw(self, call: OpenCall) -> Status:
        for step in self.steps:
            await asyncio.sleep(self.seconds / len(self.steps))
            call.show(step)
        await asyncio.sleep(0 if self.steps else self.seconds)
        self._refuse()
        image = ImageGeneration(id="a", url="https://files/a.webp", seed="1")
        return Status(phase=Phase.DONE, finished=1, generations=(image,))

    async def _write(self, call: OpenCall) -> Status:
        text = ""
        for word in self.words:
            await asyncio.sleep(self.seconds / len(self.words))
            text = f"{text} {word}".strip()
            part = (TextGeneration(text=text, unfinished=True),)
            call.show(Status(phase=Phase.PROCESSING, processing=1, generations=part))
        self._refuse()
        return Status(phase=Phase.DONE, finished=1, generations=(TextGeneration(text=text),))

    def _refuse(self) -> None:
        if self.errors:
            raise self.errors.popleft()

    async def status(self, remote_id: str, kind: Kind, *, n: int, full: bool = False) -> Status:
        return self.open_calls.status(remote_id)

    async def cancel(self, remote_id: str, kind: Kind, *, n: int) -> Status:
        self.cancels.append(remote_id)
        return await self.open_calls.cancel(remote_id)

    def resume(self, token: str, request: Request, key: str) -> bool:
        found = self.found.get(token)
        if found is None:
            return False

        async def work(_call: OpenCall) -> Status:
            return found

        self.open_calls.resume(token, work)
        return True

    def forget(self, remote_id: str) -> None:
        self.open_calls.forget(remote_id)

    async def drain(self, seconds: float) -> int:
        return await self.open_calls.drain(seconds)

    async def lose_calls(self) -> None:
        """The process ended: its calls are closed, and the next one knows none."""
        await self.close()
        self._open()

    async def close(self) -> None:
        await self.open_calls.close()


NEVER = replace(FREE, title="paid server", unit=PriceUnit.MICRO_USD, resubmit="never")
RECOVERABLE = replace(NEVER, resubmit="recoverable")
