"""AI Power Grid in memory: its answers are a script, for the virtual clock."""

import asyncio
from collections import deque
from collections.abc import Mapping
from typing import Any

from bot.aio.clock import ticks
from bot.backends.aipg.backend import AipgBackend
from bot.backends.aipg.client import AipgClient
from bot.backends.aipg.payloads import MediaImageInput
from bot.backends.aipg.responses import (
    Credits,
    MediaAnswer,
    MediaProgress,
    ModelOffer,
    Owner,
    Parameters,
    RecoveredJob,
)
from bot.errors import BackendDown, BackendError
from bot.horde.downloads import SIZE_MAX, Downloads
from tests.support.builders import png

KLEIN = "FLUX.2 Klein 4B FP8"
CUT = BackendDown("The connection broke.", in_doubt=True)
LINK = "https://media.aipg.art/media/a.webp"
PENDING: Mapping[str, Any] = {"state": "pending"}
CLOSED: Mapping[str, Any] = {"state": "closed_without_result", "actual_micro": 0}
COMPLETED: Mapping[str, Any] = {
    "state": "completed",
    "actual_micro": 9_000,
    "result": {"media": [{"url": LINK, "seed": 7}], "model": KLEIN, "worker": "w"},
}


class ScriptedAipg(AipgClient):
    """`answer` of an image call after `seconds`; `recoveries`: the last one is repeated.

    `asked`: when and how a result was asked for.
    """

    def __init__(
        self, answer: MediaAnswer | BackendError, *recoveries: Mapping[str, Any] | BackendError
    ) -> None:
        self.title = "AI Power Grid"
        self.answer = answer
        self.seconds = 20.0
        self.recoveries = deque(recoveries)
        self.sent: list[MediaImageInput] = []
        self.asked: list[tuple[float, str]] = []
        self.polled: list[float] = []

    async def offers(self) -> tuple[ModelOffer, ...]:
        pricing = {"per_image_usd": 0.01}
        return (ModelOffer.model_validate({"name": KLEIN, "type": "image", "pricing": pricing}),)

    async def parameters(self, model: str) -> Parameters:
        del model
        return Parameters()

    async def credits(self, key: str) -> Credits:
        del key
        return Credits(total_spendable_micro=5_000_000)

    async def owner(self, key: str) -> Owner:
        del key
        return Owner(username="ada")

    async def progress(self, token: str) -> MediaProgress:
        del token
        self.polled.append(ticks())
        return MediaProgress(progress=40)

    async def create_image(self, body: MediaImageInput, key: str) -> MediaAnswer:
        del key
        self.sent.append(body)
        await asyncio.sleep(self.seconds)
        if isinstance(self.answer, BackendError):
            raise self.answer
        return self.answer

    async def recovered(self, key: str, *, client_ref: str = "", job_id: str = "") -> RecoveredJob:
        del key
        self.asked.append((ticks(), job_id or client_ref))
        now = self.recoveries[0] if len(self.recoveries) == 1 else self.recoveries.popleft()
        if isinstance(now, BackendError):
            raise now
        return RecoveredJob.model_validate(now)


class PngDownloads(Downloads):
    """Every link leads to the same image."""

    def __init__(self) -> None:
        """Nothing is opened."""

    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        del url, limit
        return png()


def scripted_backend(client: ScriptedAipg) -> AipgBackend:
    """A backend, named as the one of a new configuration, with that script."""
    return AipgBackend("horde", client, PngDownloads())
