"""The host of the model reference: every call, names that it does not know, older hosts."""

import inspect

import aiohttp
import pytest

from bot.errors import BackendDown, BadReply, FeatureMissing, RequestGone
from bot.horde.model_reference.client import ModelReferenceClient
from bot.horde.model_reference.model_search import ModelFilter
from tests.support.horde.endpoint import Endpoint
from tests.support.horde.model_reference_endpoints import MODEL_REFERENCE_ENDPOINTS
from tests.support.horde.scripted_server import TEST_AGENT, Scripted, sample

UNKNOWN_ROUTE = {"detail": "Not Found"}
UNKNOWN_NAME = {"detail": "Text model 'x' not found."}
CASES = pytest.mark.parametrize("endpoint", MODEL_REFERENCE_ENDPOINTS, ids=lambda e: e.method)


@pytest.fixture
def client(horde: Scripted, session: aiohttp.ClientSession) -> ModelReferenceClient:
    return ModelReferenceClient(session, horde.url, client_agent=TEST_AGENT)


@CASES
async def test_call(
    endpoint: Endpoint[ModelReferenceClient], horde: Scripted, client: ModelReferenceClient
):
    horde.say(sample(endpoint.sample))
    assert endpoint.holds(await endpoint.call(client))
    call = horde.last
    assert (call.verb, call.path) == (endpoint.verb, endpoint.path())
    assert call.pairs == endpoint.query
    assert (call.key, call.headers["Client-Agent"]) == (None, TEST_AGENT)


def test_every_public_method_has_a_case():
    members = inspect.getmembers(ModelReferenceClient, inspect.iscoroutinefunction)
    public = {name for name, _ in members if not name.startswith("_")}
    assert public == {endpoint.method for endpoint in MODEL_REFERENCE_ENDPOINTS}


@CASES
async def test_route_that_the_host_does_not_have_is_asked_once(
    endpoint: Endpoint[ModelReferenceClient], horde: Scripted, client: ModelReferenceClient
):
    horde.say(UNKNOWN_ROUTE, 404)
    for _ in range(2):
        with pytest.raises(FeatureMissing):
            await endpoint.call(client)
    assert len(horde.calls) == 1


@CASES
async def test_name_that_the_host_does_not_know_is_gone(
    endpoint: Endpoint[ModelReferenceClient], horde: Scripted, client: ModelReferenceClient
):
    horde.say(UNKNOWN_NAME, 404)
    for _ in range(2):
        with pytest.raises(RequestGone):
            await endpoint.call(client)
    assert len(horde.calls) == 2


async def test_get_record_with_a_slash_reads_the_category(
    horde: Scripted, client: ModelReferenceClient
):
    horde.say({"org/Fable-8B": sample("text_model_record"), "broken": 7})
    assert (await client.get_record("text_generation", "org/Fable-8B")).display_name == "Fable"
    assert horde.last.path == "/text_generation"
    with pytest.raises(RequestGone):
        await client.get_record("text_generation", "broken/x")


async def test_search_and_last_update_of_all_categories(
    horde: Scripted, client: ModelReferenceClient
):
    horde.say(sample("found_models"))
    await client.search_models(ModelFilter())
    assert (horde.last.path, horde.last.query) == ("/search", {"limit": "50", "offset": "0"})
    horde.say({"category": "lora", "last_updated": None})
    assert (await client.get_last_updated("lora")).last_updated is None
    assert horde.last.path == "/metadata/lora/last_updated"


@pytest.mark.parametrize("body", [[], "x", 7])
async def test_records_that_are_no_object_make_no_sense(
    body: object, horde: Scripted, client: ModelReferenceClient
):
    horde.say(body)
    with pytest.raises(BadReply):
        await client.list_records("image_generation")


async def test_host_without_a_database_is_down(horde: Scripted, client: ModelReferenceClient):
    horde.say({"detail": "Metadata tracking is not supported in REPLICA mode"}, 503)
    with pytest.raises(BackendDown):
        await client.get_last_updated()
