"""Fixtures of the sandbox's own tests."""

from collections.abc import AsyncIterator

import pytest

from tests.support.discord.local_discord import LocalDiscord


@pytest.fixture
async def local(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LocalDiscord]:
    async with LocalDiscord(monkeypatch) as local:
        yield local
