"""For all tests."""

import os
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket
from discord.http import Route
from hypothesis import HealthCheck, settings

# A busy machine is no failure; CI tries the same examples each time.
settings.register_profile(
    "ours",
    deadline=None,
    derandomize=os.environ.get("CI") == "true",
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With -m wire, files without such tests are not read: each worker would import them all."""
    kind = config.getoption("markexpr")
    if kind not in {"wire", "browser"} or not collection_path.match("test_*.py"):
        return None
    return f"mark.{kind}" not in collection_path.read_text(encoding="utf-8") or None


@pytest.fixture(autouse=True)
def discord_addresses() -> Generator[None]:
    """Discord's own addresses after each test: the library keeps them in class attributes."""
    before = Route.BASE, discord.Asset.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    yield
    Route.BASE, asset, DiscordWebSocket.DEFAULT_GATEWAY = before
    setattr(discord.Asset, "BASE", asset)  # noqa: B010 - declared as one literal


@pytest.fixture
async def live(tmp_path: Path) -> AsyncGenerator[Any]:
    """A Discord of this test's own, with the bot on it; a folder may bring another bot."""
    from tests.support.bots.bot_on_discord import bot_on_new_discord  # noqa: PLC0415 - wire and browser runs do without

    async with bot_on_new_discord(tmp_path) as found:
        yield found


@pytest.fixture
async def ada(live: Any) -> Any:
    """The first person on it."""
    return await live.control.person("ada")
