""""""

import aiohttp
import pytest

from bot.backends.horde.backend import HordeBackend
from bot.horde.client import HordeClient
from tests.support.horde.fixtures import local, server
from tests.support.horde.scripted_server import Scripted

__all__ = ["local", "server"]


@pytest.fixture
def backend(horde: Scripted, session: aiohttp.ClientSession) -> HordeBackend:
    return HordeBackend("horde", HordeClient(session, horde.url, client_agent="a:1:b"))
