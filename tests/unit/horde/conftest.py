""""""

import aiohttp
import pytest

from bot.horde.client import HordeClient
from tests.support.horde.scripted_server import TEST_AGENT, Scripted


@pytest.fixture
def client(horde: Scripted, session: aiohttp.ClientSession) -> HordeClient:
    return HordeClient(session, horde.url, client_agent=TEST_AGENT)
