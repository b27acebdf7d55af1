"""The bot's client and the sandbox, two readings of one protocol, understand each other."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest

from bot.errors import BackendError, FeatureMissing
from bot.horde.client import HordeClient
from bot.horde.model_reference.client import ModelReferenceClient
from bot.horde.model_reference.model_search import ModelFilter
from sandbox import Sandbox
from sandbox.horde.newer.versions import NEWER, OLDER
from tests.support.credentials import RICH
from tests.support.horde.endpoints import client_routes
from tests.support.horde.local_horde import AGENT_HEADERS, LocalHorde

AGENT = AGENT_HEADERS["Client-Agent"]
NOWHERE = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Clients:
    horde: HordeClient
    models: ModelReferenceClient
    box: Sandbox


@pytest.fixture(params=[OLDER, NEWER])
async def clients(request: pytest.FixtureRequest) -> AsyncIterator[Clients]:
    async with (
        Sandbox(horde_version=request.param, job_seconds=(0.01, 0.02)) as box,
        aiohttp.ClientSession() as session,
    ):
        assert box.urls.horde is not None
        horde = HordeClient(session, box.urls.horde, client_agent=AGENT)
        url = f"{box.urls.page}reference/api/model_references/v2"
        yield Clients(horde, ModelReferenceClient(session, url, client_agent=AGENT), box)


def is_newer(clients: Clients) -> bool:
    assert clients.box.horde is not None
    return clients.box.horde.state.settings.newer


@pytest.mark.parametrize(("method", "verb", "route"), client_routes(), ids=str)
async def test_every_route_of_the_client_is_served(method: str, verb: str, route: str) -> None:
    async with LocalHorde(version=NEWER) as local:
        path = route.replace("{user_id}", "812")
        for name in ("{ipaddr}", "{filter_id}"):
            path = path.replace(name, "1")
        while "{" in path:
            start, _, rest = path.partition("{")
            path = start + NOWHERE + rest.partition("}")[2]
        body: dict[str, str] | None = None if verb == "GET" else {}
        answer = await local.call(verb, path, body, key=RICH)
        assert answer.body is not None, (method, answer.raw[:80])
        assert answer.status not in (405, 500)


async def test_client_reads_lists_and_statistics(clients: Clients) -> None:
    horde = clients.horde
    assert (await horde.get_heartbeat()).version in (OLDER, NEWER)
    assert len(await horde.list_users()) == 25
    teams = await horde.list_teams()
    assert {each.name for each in teams} >= {"Night Shift", "Harbour Crew"}
    assert (await horde.get_image_stats_totals()).total.images > 90_000_000
    assert (await horde.get_performance()).worker_count == 6
    assert any(worker.name == "Attic GPU" for worker in await horde.list_workers())


async def test_client_finds_out_what_the_server_has(clients: Clients) -> None:
    if not is_newer(clients):
        with pytest.raises(FeatureMissing):
            await clients.horde.get_sampler_constraints()
        with pytest.raises(FeatureMissing):
            await clients.horde.get_style_contract()
        return
    constraints = await clients.horde.get_sampler_constraints()
    assert len(constraints.samplers) == 41
    assert constraints.samplers["k_heun"].accepted_settings["sampler_s_tmax"].maximum is None
    contract = await clients.horde.get_style_contract()
    assert contract.text.ceiling_parameters["max_length"].maximum == 4096


async def test_client_reads_a_request_back(clients: Clients) -> None:
    if not is_newer(clients):
        with pytest.raises(FeatureMissing):
            await clients.horde.get_image_request(NOWHERE, key=RICH)
        return
    async with aiohttp.ClientSession() as session:
        body = {"prompt": "a fox", "params": {"seed": "42"}, "models": ["Deliberate"]}
        url = f"{clients.box.urls.horde}/generate/async"
        async with session.post(url, json=body, headers={"apikey": RICH}) as answer:
            request_id = (await answer.json())["id"]
    sent = await clients.horde.get_image_request(request_id, key=RICH)
    assert (sent.prompt, sent.params.seed, sent.models) == ("a fox", "42", ("Deliberate",))
    with pytest.raises(BackendError):
        await clients.horde.get_image_request(NOWHERE, key=RICH)


async def test_client_reads_the_model_reference_host(clients: Clients) -> None:
    models = clients.models
    if not is_newer(clients):
        with pytest.raises(BackendError):
            await models.list_baselines()
        return
    records = await models.list_records("image_generation")
    assert records["SDXL 1.0"].baseline == "stable_diffusion_xl"
    found = await models.search_models(ModelFilter(name_contains="dream"), "image_generation")
    assert {each.name for each in found.results} == {"Dreamshaper", "DreamShaper XL"}
    popular = await models.list_popular_models("text_generation", limit=1)
    assert (popular[0].name, popular[0].stats.worker_count) == ("L3-8B-Stheno-v3.2", 3)
    assert (await models.export_baselines()).baselines["flux_1"].horde_policy.kudos == 8.0
    assert (await models.get_last_updated("image_generation")).last_updated
    guide = await models.get_model_guidance("Mistral-Small-24B")
    assert guide.primary_profile is not None
    assert (await models.list_guidance_profiles()).total == 2
    assert (await models.export_guidance()).metadata.revision == 3
