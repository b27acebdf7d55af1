"""A database of each test's own."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from bot.storage import Store


@pytest.fixture
async def store(tmp_path: Path) -> AsyncGenerator[Store]:
    async with Store.open(tmp_path / "data" / "bot.db") as opened:
        yield opened
