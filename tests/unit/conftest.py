"""Fixtures of several packages' tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.support.horde.scripted_server import Scripted, scripted


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def horde() -> AsyncIterator[Scripted]:
    async with scripted() as server:
        yield server
