"""The connections of backends."""

from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr

from bot import resources
from bot.resources import open_resources
from bot.settings import BackendSettings, DiscordSettings, Settings, StoreSettings


async def test_each_backend_has_connections_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions: list[aiohttp.ClientSession] = []
    opened = resources.open_backend

    def noted(name: str, settings: BackendSettings, **more: object) -> object:
        session = more["session"]
        assert isinstance(session, aiohttp.ClientSession)
        sessions.append(session)
        return opened(name, settings, **more)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(resources, "open_backend", noted)
    settings = Settings(
        discord=DiscordSettings(token=SecretStr("t")),
        store=StoreSettings(path=tmp_path / "hordecord.db"),
        backends={"horde": BackendSettings(), "grid": BackendSettings(type="aipg")},
    )
    async with AsyncExitStack() as stack:
        found = await open_resources(settings, stack)
        assert len({*sessions, found.session}) == 3
    assert all(session.closed for session in sessions)
