"""A backend of the type aipg that talks to the sandbox's AI Power Grid."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.backends import open_backend
from bot.backends.aipg.backend import AipgBackend
from bot.domain.requests import ImageRequest, Kind, Request
from bot.domain.results import Status
from bot.settings import BackendSettings
from tests.support.builders import image_request
from tests.support.json_types import Json
from tests.support.optional_servers import FAST, LocalServer, local_server

RICH, POOR = "grid_ada_0123456789abcdef", "grid_bob_0123456789abcdef"
IMAGES = "POST /v1/images/generations"
DEADLINE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Grid:
    """The backend, and the server behind it."""

    backend: AipgBackend
    server: LocalServer

    async def outcome(self, request: Request, key: str = RICH, token: str = "t") -> Status:
        """The outcome of a request that is submitted now."""
        await self.backend.submit(request, key, token=token)
        return await self.until(lambda status: not status.phase.is_open, token)

    async def until(self, holds: Callable[[Status], bool], token: str = "t") -> Status:
        end = time.monotonic() + DEADLINE
        while True:
            status = await self.backend.status(token, Kind.IMAGE, n=1)
            if holds(status):
                return status
            assert time.monotonic() < end, status
            await asyncio.sleep(0.02)

    async def sent(self) -> Json:
        """The newest payload that the server got."""
        return (await self.server.jobs())["jobs"][-1]["payload"]


@asynccontextmanager
async def grid(
    job_seconds: tuple[float, float] = (0.01, 0.02), **knobs: Any
) -> AsyncGenerator[Grid]:
    """AI Power Grid, whose jobs take that many seconds."""
    async with local_server("aipg", job_seconds, settings=FAST | knobs) as server:
        settings = BackendSettings(type="aipg", url=server.url)
        backend = open_backend("aipg", settings, session=server.http)
        assert isinstance(backend, AipgBackend)
        yield Grid(backend, server)
        await backend.close()


def simple_image(**changes: Any) -> ImageRequest:
    """A request that leaves the model and its values to the server."""
    return image_request(**({"models": (), "width": 512, "height": 512} | changes))
