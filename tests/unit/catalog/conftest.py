"""Fixtures of the catalog's tests."""

from collections.abc import AsyncIterator

import pytest

from sandbox import Sandbox


@pytest.fixture
async def box() -> AsyncIterator[Sandbox]:
    """A sandbox, for its public files."""
    async with Sandbox(horde=None) as opened:
        yield opened
