"""Fixtures of the sandbox's own tests."""

from collections.abc import AsyncIterator

import pytest

from tests.sandbox.discord_kit import Lab


@pytest.fixture
async def lab(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Lab]:
    async with Lab(monkeypatch) as lab:
        yield lab
