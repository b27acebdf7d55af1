"""Fixtures of the sandbox's own tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.discord.local_discord import LocalDiscord
from tests.support.discord.openapi_check import SpecChecker, checker


@pytest.fixture
async def local(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord(monkeypatch) as local:
        yield local


@pytest.fixture(scope="session")
def spec() -> SpecChecker:
    """Discord's own description of its API."""
    return checker()
