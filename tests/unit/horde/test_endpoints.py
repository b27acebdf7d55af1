"""One call of each method: the right route, key, query and body, and the answer read."""

import inspect
import json
from typing import Any

import pytest

from bot.horde.client import HordeClient
from tests.support.horde.endpoints import BY_NAME, ENDPOINTS, IMAGE_INPUT, Endpoint
from tests.support.horde.scripted_server import TEST_AGENT, Scripted, sample
from tests.support.paths import HORDE_SWAGGER

# What a client for people needs, by the server's route table of version 5.1.5.
NEEDED = [
    "submit_image POST /generate/async",
    "check_image GET /generate/check/{id}",
    "get_image_status GET /generate/status/{id}",
    "cancel_image DELETE /generate/status/{id}",
    "submit_text POST /generate/text/async",
    "get_text_status GET /generate/text/status/{id}",
    "cancel_text DELETE /generate/text/status/{id}",
    "submit_alchemy POST /interrogate/async",
    "get_alchemy_status GET /interrogate/status/{id}",
    "cancel_alchemy DELETE /interrogate/status/{id}",
    "find_user GET /find_user",
    "get_user GET /users/{user_id}",
    "list_workers GET /workers",
    "get_worker GET /workers/{worker_id}",
    "transfer_kudos POST /kudos/transfer",
    "get_modes GET /status/modes",
    "get_performance GET /status/performance",
    "list_models GET /status/models",
    "get_model GET /status/models/{model_name}",
    "list_news GET /status/news",
    "get_heartbeat GET /status/heartbeat",
    "list_image_styles GET /styles/image",
    "get_image_style GET /styles/image/{style_id}",
    "get_image_style_by_name GET /styles/image_by_name/{style_name}",
    "list_text_styles GET /styles/text",
    "get_text_style GET /styles/text/{style_id}",
    "get_text_style_by_name GET /styles/text_by_name/{style_name}",
    "get_image_stats_totals GET /stats/img/totals",
    "get_image_stats_models GET /stats/img/models",
    "get_text_stats_totals GET /stats/text/totals",
    "get_text_stats_models GET /stats/text/models",
    "get_terms GET /documents/terms",
    "get_privacy GET /documents/privacy",
    "get_sponsors GET /documents/sponsors",
]


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.method)
async def test_call(endpoint: Endpoint, horde: Scripted, client: HordeClient):
    horde.say(sample(endpoint.sample))
    result = await endpoint.call(client)
    assert endpoint.holds(result)
    call = horde.last
    assert (call.verb, call.path) == (endpoint.verb, endpoint.path())
    assert call.query == dict(endpoint.query)
    assert call.body == endpoint.body
    assert call.key == endpoint.key
    assert call.headers["Client-Agent"] == TEST_AGENT


def test_every_needed_route_has_its_method():
    ours = {f"{e.method} {e.verb} {e.route}" for e in ENDPOINTS if e.tier == 1}
    assert ours == set(NEEDED)
    assert len(NEEDED) == 34


def test_every_public_method_is_tried():
    public = {name for name, _ in inspect.getmembers(HordeClient, inspect.iscoroutinefunction)}
    assert {name for name in public if not name.startswith("_")} == {*BY_NAME, "fetch"}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.method)
def test_the_servers_own_description_knows_it(endpoint: Endpoint):
    if not HORDE_SWAGGER.exists():
        pytest.skip("the server's swagger.json is not here")
    swagger: dict[str, Any] = json.loads(HORDE_SWAGGER.read_text(encoding="utf-8"))
    operation = swagger["paths"]["/v2" + endpoint.route][endpoint.verb.lower()]
    named = {p["name"] for p in operation.get("parameters", []) if p["in"] == "query"}
    assert {name for name, _ in endpoint.query} <= named


async def test_a_gift_is_only_given_once(horde: Scripted, client: HordeClient):
    horde.say(sample("transferred"))
    await client.transfer_kudos("olaf#9", 1, key="k", idempotency_key="1234")
    assert horde.last.headers["Idempotency-Key"] == "1234"


async def test_an_unknown_model_is_none(horde: Scripted, client: HordeClient):
    horde.say([])
    assert await client.get_model("nothing") is None
    named = "koboldcpp/llama"
    horde.say([{"name": named, "type": "text", "count": 2}])
    found = await client.get_model(named)  # a path with "/" leads nowhere
    assert (found.count if found else 0, horde.last.query["type"]) == (2, "text")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("AlbedoBase XL (SDXL)", "AlbedoBase%20XL%20%28SDXL%29"),
        ("koboldcpp/Fable-8B", "koboldcpp%2FFable-8B"),
        ("Flux.1-Schnell", "Flux.1-Schnell"),
        ("../find_user?x#y", "..%2Ffind_user%3Fx%23y"),
        ("..", "%2E%2E"),
        ("{id}", "%7Bid%7D"),
        ("灯台", "%E7%81%AF%E5%8F%B0"),
    ],
)
async def test_a_name_stays_one_segment(name: str, path: str, horde: Scripted, client: HordeClient):
    horde.say({"id": "a-style"})
    await client.get_image_style_by_name(name)
    assert horde.last.path == f"/styles/image_by_name/{path}"


async def test_rate_limit_of_a_submit(horde: Scripted, client: HordeClient):
    horde.say(sample("submitted_text"), 202, X_RateLimit_Limit="10")
    assert (await BY_NAME["submit_text"].call(client)).rate_limit == 10
    horde.say(sample("submitted_text"), 202, X_RateLimit_Limit="ten")
    assert (await BY_NAME["submit_text"].call(client)).rate_limit is None


async def test_a_dry_run_has_a_price_and_no_id(horde: Scripted, client: HordeClient):
    horde.say({"kudos": 45.0})
    wanted = IMAGE_INPUT.model_copy(update={"dry_run": True})
    assert (await client.submit_image(wanted, key="k")).kudos == 45.0
    assert horde.last.body["dry_run"] is True
