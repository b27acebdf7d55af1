"""Servers with the Horde's API that differ in details, against a local one."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.backends import open_backend
from bot.backends.base import Backend
from bot.backends.horde.backend import HordeBackend
from bot.backends.horde.server_profiles import PROFILES, ServerProfile
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.request_images import Pictures
from bot.domain.requests import ImageRequest, Kind, Source, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import BackendRetired, RequestRejected, SettingsError
from bot.horde.client import HordeClient
from bot.settings import ANONYMOUS_KEY, BackendSettings
from tests.support.builders import png
from tests.support.horde.scripted_server import Scripted
from tests.support.optional_servers import LocalServer, local_server
from tests.support.waiting import eventually

REQUEST = ImageRequest(prompt="a harbour", models=("Deliberate",), width=64, height=64, seed="1")
GRID = BackendSettings(profile="aipg-v2", url="http://127.0.0.1:1/api/v2")


@pytest.fixture
async def grid() -> AsyncIterator[LocalServer]:
    async with local_server("aipg-v2", settings={}) as server:
        await server.knobs(limits=False, caches=False)
        yield server


@pytest.fixture
def backend(grid: LocalServer) -> Backend:
    settings = GRID.model_copy(update={"url": grid.url})
    return open_backend("grid", settings, session=grid.http)


async def ended(backend: Backend, request: ImageRequest, pictures: Pictures) -> Status:
    receipt = await backend.submit(request, ANONYMOUS_KEY, pictures=pictures)

    async def look() -> Status | None:
        status = await backend.status(receipt.remote_id, Kind.IMAGE, n=1)
        return None if status.phase.is_open or not status.settled else status

    return await eventually(look, "the end of a request", pause=0.02)


async def test_image_of_a_model_in_lower_case_arrives(backend: Backend) -> None:
    status = await ended(backend, REQUEST, Pictures())
    assert status.phase is Phase.DONE
    assert status.pictures[0].model == "deliberate"
    names = [model.name for model in await backend.models(Kind.IMAGE)]
    assert "deliberate" in names


async def test_source_image_is_used(backend: Backend) -> None:
    source = png(64, 64)
    changed = REQUEST.model_copy(
        update={"source": Source(url="https://cdn.discordapp.com/a.png"), "strength": 0.5}
    )
    plain = await ended(backend, REQUEST, Pictures())
    drawn = await ended(backend, changed, Pictures(source=source))
    first = await backend.fetch(plain.pictures[0].url, 10_000_000)
    assert await backend.fetch(drawn.pictures[0].url, 10_000_000) != first


async def test_price_of_a_request_is_told(backend: Backend) -> None:
    assert await backend.estimate(REQUEST, ANONYMOUS_KEY) > 0


def test_capabilities_and_lifetime_are_those_of_the_profile(backend: Backend) -> None:
    assert backend.capabilities.title == "AI Power Grid v2"
    assert backend.capabilities.results_max == 1
    assert backend.request_lifetime == 24 * 3600


async def test_body_differs_only_where_the_profile_does(
    horde: Scripted, session: aiohttp.ClientSession
) -> None:
    sent = list[Any]()
    for profile in (PROFILES[""], PROFILES["aipg-v2"]):
        horde.say({"id": "a", "kudos": 1}, 202)
        client = HordeClient(session, horde.url, client_agent="a:1:b")
        await HordeBackend("h", client, profile=profile).submit(REQUEST, ANONYMOUS_KEY)
        sent.append(horde.calls[-1].body)
    usual, grid = sent
    assert "source_processing" not in usual
    assert grid == usual | {"models": ["deliberate"], "source_processing": "txt2img"}


async def test_text_above_the_limit_of_the_server_is_not_sent(backend: Backend) -> None:
    long = TextRequest(prompt="a story", max_length=4096)
    with pytest.raises(RequestRejected, match="AI Power Grid v2 writes up to 2,048 tokens"):
        await backend.submit(long, ANONYMOUS_KEY)


async def test_retired_api_stays_down_and_is_called_no_more(
    backend: Backend, grid: LocalServer
) -> None:
    await grid.knobs(gone=True)
    with pytest.raises(BackendRetired, match="has been retired"):
        await backend.submit(REQUEST, ANONYMOUS_KEY)
    calls = len((await grid.control("GET", "calls"))[1]["calls"])
    monitor = OutageMonitor(backend)
    assert await monitor.is_outage(BackendRetired("gone", status=410))
    assert monitor.down
    await monitor.close()
    await grid.knobs(gone=False)
    health = await backend.health()
    assert not health.ok
    assert "`aipg`" in health.message
    with pytest.raises(BackendRetired):
        await backend.status("a", Kind.IMAGE, n=1)
    assert len((await grid.control("GET", "calls"))[1]["calls"]) == calls


async def test_a_410_without_that_profile_is_an_error_like_any_other(grid: LocalServer) -> None:
    await grid.knobs(gone=True)
    usual = open_backend("horde", BackendSettings(url=grid.url), session=grid.http)
    with pytest.raises(RequestRejected):
        await usual.submit(REQUEST, ANONYMOUS_KEY)
    await grid.knobs(gone=False)
    assert (await usual.health()).ok


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (BackendSettings(profile="aipg-v3", url=GRID.url), "allowed for the type horde: aipg-v2"),
        (BackendSettings(type="algovera", profile="aipg-v2"), "for the type algovera: none"),
        (BackendSettings(profile="aipg-v2"), r"\[backends.grid\] url: aipg-v2 needs an address"),
    ],
)
async def test_wrong_profile_is_an_error_that_names_the_setting(
    settings: BackendSettings, words: str
) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(SettingsError, match=words):
            open_backend("grid", settings, session=session)


def test_profile_of_the_horde_changes_nothing() -> None:
    assert PROFILES[""] == ServerProfile()
