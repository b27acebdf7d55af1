"""A backend of the type a1111 that talks to the sandbox's web UI."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.backends import open_backend
from bot.backends.a1111.backend import A1111Backend
from bot.domain.request_images import NO_PICTURES, Pictures
from bot.domain.requests import Kind, Request
from bot.domain.results import Status
from bot.settings import BackendSettings
from tests.support.optional_servers import LocalServer, local_server

DEADLINE = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Webui:
    """The backend, and the server behind it."""

    backend: A1111Backend
    server: LocalServer

    async def submit(
        self, request: Request, pictures: Pictures = NO_PICTURES, token: str = "t"
    ) -> None:
        await self.backend.submit(request, "", pictures=pictures, token=token)

    async def outcome(self, request: Request, pictures: Pictures = NO_PICTURES) -> Status:
        """The outcome of a request that is submitted now."""
        await self.submit(request, pictures)
        return await self.until(lambda status: not status.phase.is_open)

    async def until(self, holds: Callable[[Status], bool], token: str = "t") -> Status:
        end = time.monotonic() + DEADLINE
        while True:
            status = await self.backend.status(token, Kind.IMAGE, n=1)
            if holds(status):
                return status
            assert time.monotonic() < end, status
            await asyncio.sleep(0.02)

    async def sent(self) -> dict[str, object]:
        """The newest payload that the server got."""
        return (await self.server.jobs())["jobs"][-1]["payload"]


@asynccontextmanager
async def webui(
    job_seconds: tuple[float, float] = (0.01, 0.02), api_key: str = "", *, previews: bool = True
) -> AsyncGenerator[Webui]:
    """A web UI whose jobs take that many seconds."""
    async with local_server("a1111", job_seconds, settings={}) as server:
        given = {"api_key": api_key} if api_key else {}
        settings = BackendSettings.model_validate(
            {"type": "a1111", "url": server.url, "previews": previews, **given}
        )
        backend = open_backend("gpu", settings, session=server.http)
        assert isinstance(backend, A1111Backend)
        yield Webui(backend, server)
        await backend.close()
