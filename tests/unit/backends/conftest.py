""""""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.backends.horde import HordeBackend
from bot.horde.client import HordeClient
from tests.support.horde.fixtures import local, server
from tests.support.horde.scripted_server import Scripted, scripted

__all__ = ["local", "server"]


@pytest.fixture
async def horde() -> AsyncIterator[Scripted]:
    async with scripted() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def backend(horde: Scripted, session: aiohttp.ClientSession) -> HordeBackend:
    return HordeBackend("horde", HordeClient(session, horde.url, client_agent="a:1:b"))
