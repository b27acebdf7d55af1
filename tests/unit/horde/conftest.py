""""""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.horde.client import HordeClient
from tests.support.horde.scripted_server import TEST_AGENT, Scripted, scripted


@pytest.fixture
async def horde() -> AsyncIterator[Scripted]:
    async with scripted() as server:
        yield server


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def client(horde: Scripted, session: aiohttp.ClientSession) -> HordeClient:
    return HordeClient(session, horde.url, client_agent=TEST_AGENT)
