from collections.abc import AsyncIterator

import pytest

from bot.pictures import Converter


@pytest.fixture
async def converter() -> AsyncIterator[Converter]:
    async with Converter() as converter:
        yield converter
