"""Fixtures: the sandbox's Horde on a free port, and a backend that talks to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.backends import open_backend
from bot.backends.base import Backend
from bot.settings import BackendSettings
from sandbox.faults import Faults
from sandbox.horde import HordeServer


@pytest.fixture
async def server() -> AsyncIterator[HordeServer]:
    opened = HordeServer(faults=Faults(), job_seconds=(0.01, 0.02))
    opened.state.rate_limiter.enabled = opened.state.response_cache.enabled = False
    opened.state.settings.loop_seconds = 0.05
    await opened.start("127.0.0.1", 0)
    yield opened
    await opened.close()


@pytest.fixture
async def local(server: HordeServer) -> AsyncIterator[Backend]:
    async with aiohttp.ClientSession() as session:
        yield open_backend("horde", BackendSettings(type="horde", url=server.url), session=session)
