"""An older server: what it does not have is found once and remembered for an hour."""

import aiohttp
import pytest

from bot.errors import BackendDown, FeatureMissing, RequestGone
from bot.horde.client import HordeClient
from bot.horde.missing_features import REMEMBERED, Feature, MissingFeatures
from tests.support.horde.endpoint import MIRA, Endpoint
from tests.support.horde.endpoints import ENDPOINTS
from tests.support.horde.scripted_server import TEST_AGENT, Scripted, sample

HTML_PAGE = b"<!doctype html><title>404 Not Found</title>"


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(horde: Scripted, session: aiohttp.ClientSession, clock: Clock) -> HordeClient:
    return HordeClient(session, horde.url, client_agent=TEST_AGENT, clock=clock)


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if e.newer], ids=lambda e: e.method)
async def test_newer_route_on_an_older_server_is_asked_once(
    endpoint: Endpoint[HordeClient], horde: Scripted, client: HordeClient
):
    horde.say(HTML_PAGE, 404)
    for _ in range(3):
        with pytest.raises(FeatureMissing):
            await endpoint.call(client)
    assert len(horde.calls) == 1


async def test_missing_feature_after_an_hour_is_asked_again(
    horde: Scripted, client: HordeClient, clock: Clock
):
    horde.say(HTML_PAGE, 404)
    with pytest.raises(FeatureMissing):
        await client.get_style_contract()
    clock.now += REMEMBERED - 1
    with pytest.raises(FeatureMissing):
        await client.get_style_contract()
    assert len(horde.calls) == 1
    clock.now += 1
    horde.say(sample("style_contract"))
    assert (await client.get_style_contract()).schema_version == 1
    assert len(horde.calls) == 2


async def test_missing_feature_leaves_the_others(horde: Scripted, client: HordeClient):
    horde.say(HTML_PAGE, 404)
    with pytest.raises(FeatureMissing) as caught:
        await client.get_style_contract()
    assert caught.value.feature == Feature.STYLE_CONTRACT
    horde.say(sample("sampler_constraints"))
    assert (await client.get_sampler_constraints()).schema_version == "1.0"


async def test_missing_routes_of_one_feature_are_one(horde: Scripted, client: HordeClient):
    horde.say(HTML_PAGE, 404)
    for call in (client.get_image_request, client.get_text_request):
        with pytest.raises(FeatureMissing):
            await call("x", key=MIRA)
    assert len(horde.calls) == 1


async def test_unknown_request_on_a_newer_server_is_gone(horde: Scripted, client: HordeClient):
    horde.say({"message": "no such request", "rc": "RequestNotFound"}, 404)
    for _ in range(2):
        with pytest.raises(RequestGone):
            await client.get_image_request("x", key=MIRA)
    assert len(horde.calls) == 2


async def test_page_for_an_old_route_is_an_outage(horde: Scripted, client: HordeClient):
    horde.say(HTML_PAGE, 404)
    for _ in range(2):
        with pytest.raises(BackendDown):
            await client.get_heartbeat()
    assert len(horde.calls) == 2


@pytest.mark.parametrize(
    ("status", "body", "missing"),
    [
        (404, None, True),
        (404, {"message": "not here"}, True),
        (404, {"detail": "Not Found"}, True),
        (404, {"detail": "Baseline 'x' not found."}, False),
        (404, {"message": "?", "rc": "RequestNotFound"}, False),
        (404, [], True),
        (503, None, False),
        (200, {}, False),
    ],
)
def test_missing_feature_by_answer(status: int, body: object, missing: bool):
    features = MissingFeatures()
    if missing:
        with pytest.raises(FeatureMissing):
            features.learn(Feature.BASELINES, status, body)
        with pytest.raises(FeatureMissing):
            features.check(Feature.BASELINES)
    else:
        features.learn(Feature.BASELINES, status, body)
        features.check(Feature.BASELINES)
