"""One call of each method: the right route, key, query and body, and the answer read."""

import inspect
import json
from typing import Any

import pytest

from bot.horde.client import HordeClient
from bot.horde.job_payloads import ImageParams
from tests.support.horde.endpoint import MIRA, Endpoint
from tests.support.horde.endpoints import BY_NAME, ENDPOINTS, IMAGE_INPUT, TEXT_INPUT, client_routes
from tests.support.horde.scripted_server import TEST_AGENT, Scripted, sample
from tests.support.paths import HORDE_SWAGGER


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.method)
async def test_call(endpoint: Endpoint[HordeClient], horde: Scripted, client: HordeClient):
    horde.say(sample(endpoint.sample))
    result = await endpoint.call(client)
    assert endpoint.holds(result)
    call = horde.last
    assert (call.verb, call.path) == (endpoint.verb, endpoint.path())
    assert call.query == dict(endpoint.query)
    assert call.body == endpoint.body
    assert call.key == endpoint.key
    assert call.headers["Client-Agent"] == TEST_AGENT


def test_every_route_has_a_method_and_a_case():
    cases = [(e.method, e.verb, e.route) for e in ENDPOINTS]
    assert sorted(cases) == sorted(client_routes())


def test_every_public_method_has_a_case():
    public = {name for name, _ in inspect.getmembers(HordeClient, inspect.iscoroutinefunction)}
    assert {name for name in public if not name.startswith("_")} == {*BY_NAME, "fetch"}


@pytest.mark.parametrize("endpoint", [e for e in ENDPOINTS if not e.newer], ids=lambda e: e.method)
def test_the_servers_own_description_knows_it(endpoint: Endpoint[HordeClient]):
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


async def test_the_owner_of_a_shared_key_sees_what_it_has_open(
    horde: Scripted, client: HordeClient
):
    horde.say(sample("shared_key"))
    assert (await client.get_shared_key("shared")).active_usage is None
    horde.say(sample("shared_key_owner"))
    usage = (await client.get_shared_key("shared", key=MIRA)).active_usage
    assert usage is not None
    assert (usage.image.queued, usage.image.oldest_queued_age, usage.text.requests) == (3, 55, 0)
    assert horde.last.key == MIRA


async def test_get_filter_reads_a_list_too(horde: Scripted, client: HordeClient):
    horde.say(sample("filters"))
    assert (await client.get_filter("1", key=MIRA)).regex == "zorpling"


async def test_capacity_of_an_older_server_is_unknown(horde: Scripted, client: HordeClient):
    horde.say(sample("check"))
    older = await client.check_image("x")
    assert (older.eligible_workers, older.might_stall) == (None, False)
    horde.say({**sample("check"), "eligible_workers": 0, "might_stall": True})
    newer = await client.check_image("x")
    assert (newer.eligible_workers, newer.might_stall) == (0, True)


async def test_dry_run_of_a_newer_server_shows_the_request_after_its_style(
    horde: Scripted, client: HordeClient
):
    resolved = {"prompt": "Sing: once", "params": {"max_length": 80}, "models": ["Fable"],
                "style": {"id": "s", "name": "sea shanty"}, "estimated_prompt_tokens": 4,
                "context_fit": "grow"}  # fmt: skip
    horde.say({"kudos": 3.5, "resolved": resolved})
    fields = {"dry_run": True, "context_fit": "grow", "template_fields": {"mood": "sad"}}
    found = await client.submit_text(TEXT_INPUT.model_copy(update=fields), key="k")
    assert found.resolved is not None
    assert found.resolved.style is not None
    assert (found.resolved.style.name, found.resolved.estimated_prompt_tokens) == ("sea shanty", 4)
    assert fields.items() <= horde.last.body.items()


async def test_settings_of_samplers_are_sent(horde: Scripted, client: HordeClient):
    horde.say(sample("submitted_image"))
    settings = {"scheduler": "beta", "sampler_eta": 0.5, "sampler_order": 3, "flow_shift": 2.0}
    wanted = IMAGE_INPUT.model_copy(update={"params": ImageParams.model_validate(settings)})
    await client.submit_image(wanted, key="k")
    assert horde.last.body["params"] == settings
