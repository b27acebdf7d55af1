"""Every method of the client: what it calls, with what, and what it makes of the answer."""

from pathlib import Path

import pytest

from bot.errors import BackendError
from bot.horde.accounts import SharedKeyInput
from bot.horde.client import HordeClient
from bot.horde.job_payloads import (
    AlchemyInput,
    FormInput,
    ImageInput,
    ImageParams,
    TextInput,
    TextParams,
)
from bot.horde.workers import WorkerUpdate
from tests.support.horde.endpoint import ID, MIRA, Endpoint
from tests.support.horde.moderator_endpoints import MODERATOR_ENDPOINTS
from tests.support.horde.newer_endpoints import NEWER_ENDPOINTS
from tests.support.horde.owner_endpoints import OWNER_ENDPOINTS
from tests.support.horde.worker_endpoints import WORKER_ENDPOINTS

IMAGE_INPUT = ImageInput(
    prompt="a lighthouse", params=ImageParams(n=2), nsfw=False, censor_nsfw=True, models=()
)
TEXT_INPUT = TextInput(prompt="Once", params=TextParams(max_length=80), models=("Fable",))
ALCHEMY_INPUT = AlchemyInput(source_image="aGk=", forms=(FormInput(name="caption"),))
SHARED = SharedKeyInput(name="club", kudos=500)


REQUESTER_ENDPOINTS: list[Endpoint[HordeClient]] = [
    Endpoint("submit_image", "POST", "/generate/async", "submitted_image",
       lambda c: c.submit_image(IMAGE_INPUT, key=MIRA),
       lambda r: r.id == ID and len(r.warnings) == 2,
       key=MIRA, body={"prompt": "a lighthouse", "params": {"n": 2}, "nsfw": False,
                      "censor_nsfw": True, "models": [], "r2": True}),
    Endpoint("check_image", "GET", "/generate/check/{id}", "check",
       lambda c: c.check_image("id"), lambda r: (r.waiting, r.queue_position) == (1, 4)),
    Endpoint("get_image_status", "GET", "/generate/status/{id}", "image_status",
       lambda c: c.get_image_status("id"), lambda r: len(r.generations) == 2),
    Endpoint("cancel_image", "DELETE", "/generate/status/{id}", "image_cancelled",
       lambda c: c.cancel_image("id"), lambda r: r.waiting == 2),
    Endpoint("submit_text", "POST", "/generate/text/async", "submitted_text",
       lambda c: c.submit_text(TEXT_INPUT, key=MIRA), lambda r: r.id == ID, key=MIRA,
       body={"prompt": "Once", "params": {"max_length": 80}, "models": ["Fable"]}),
    Endpoint("get_text_status", "GET", "/generate/text/status/{id}", "text_status",
       lambda c: c.get_text_status("id"), lambda r: r.generations[0].worker_name == "Slow Poet"),
    Endpoint("cancel_text", "DELETE", "/generate/text/status/{id}", "text_cancelled",
       lambda c: c.cancel_text("id"), lambda r: r.generations == ()),
    Endpoint("submit_alchemy", "POST", "/interrogate/async", "submitted_alchemy",
       lambda c: c.submit_alchemy(ALCHEMY_INPUT, key=MIRA), lambda r: r.id == ID, key=MIRA,
       body={"source_image": "aGk=", "forms": [{"name": "caption"}]}),
    Endpoint("get_alchemy_status", "GET", "/interrogate/status/{id}", "alchemy_status",
       lambda c: c.get_alchemy_status("id"),
       lambda r: r.forms[1].result == {"caption": "a lighthouse at night"}),
    Endpoint("cancel_alchemy", "DELETE", "/interrogate/status/{id}", "alchemy_cancelled",
       lambda c: c.cancel_alchemy("id"), lambda r: r.forms[0].state == "cancelled"),
    Endpoint("find_user", "GET", "/find_user", "user", lambda c: c.find_user(key=MIRA),
       lambda r: r.trusted and r.active_generations.image[0] == ID, key=MIRA),
    Endpoint("get_user", "GET", "/users/{user_id}", "user", lambda c: c.get_user(812),
       lambda r: r.records.request.image == 91),
    Endpoint("list_workers", "GET", "/workers", "workers",
       lambda c: c.list_workers("image", name="Quiet"),
       lambda r: len(r) == 1 and r[0].post_processing,
       query=(("type", "image"), ("name", "Quiet"))),
    Endpoint("get_worker", "GET", "/workers/{worker_id}", "worker",
       lambda c: c.get_worker("worker_id"), lambda r: r.team.name == "" and r.uptime == 86400),
    Endpoint("transfer_kudos", "POST", "/kudos/transfer", "transferred",
       lambda c: c.transfer_kudos("olaf#9", 25, key=MIRA, idempotency_key="77"),
       lambda r: r.transferred == 25, key=MIRA, body={"username": "olaf#9", "amount": 25}),
    Endpoint("get_modes", "GET", "/status/modes", "modes", lambda c: c.get_modes(),
       lambda r: r.maintenance_mode),
    Endpoint("get_performance", "GET", "/status/performance", "performance",
       lambda c: c.get_performance(), lambda r: r.past_minute_megapixelsteps == 700.25),
    Endpoint("list_models", "GET", "/status/models", "models",
       lambda c: c.list_models("text", min_count=2, model_state="all"),
       lambda r: [m.eta for m in r] == [45, 10000],
       query=(("type", "text"), ("min_count", "2"), ("model_state", "all"))),
    Endpoint("get_model", "GET", "/status/models/{model_name}", "model",
       lambda c: c.get_model("model_name"), lambda r: r.count == 4),
    Endpoint("list_news", "GET", "/status/news", "news", lambda c: c.list_news(),
       lambda r: r[0].title == "A day off"),
    Endpoint("get_heartbeat", "GET", "/status/heartbeat", "heartbeat", lambda c: c.get_heartbeat(),
       lambda r: r.version == "5.1.5"),
    Endpoint("list_image_styles", "GET", "/styles/image", "image_styles",
       lambda c: c.list_image_styles(page=3, tag="print"),
       lambda r: r[0].params.loras[0].name == "777",
       query=(("sort", "popular"), ("page", "51"), ("tag", "print"))),
    Endpoint("get_image_style", "GET", "/styles/image/{style_id}", "image_style",
       lambda c: c.get_image_style("style_id"), lambda r: r.params.height == 1216),
    Endpoint("get_image_style_by_name", "GET", "/styles/image_by_name/{style_name}", "image_style",
       lambda c: c.get_image_style_by_name("style_name"), lambda r: r.examples[0].primary),
    Endpoint("list_text_styles", "GET", "/styles/text", "text_styles",
       lambda c: c.list_text_styles(sort="age"), lambda r: r[0].name == "sea shanty",
       query=(("sort", "age"), ("page", "1"))),
    Endpoint("get_text_style", "GET", "/styles/text/{style_id}", "text_style",
       lambda c: c.get_text_style("style_id"), lambda r: r.params.temperature == 0.7),
    Endpoint("get_text_style_by_name", "GET", "/styles/text_by_name/{style_name}", "text_style",
       lambda c: c.get_text_style_by_name("style_name"), lambda r: r.prompt == "Sing: {p}"),
    Endpoint("get_image_stats_totals", "GET", "/stats/img/totals", "image_totals",
       lambda c: c.get_image_stats_totals(), lambda r: r.total.ps == 5 * 10**10),
    Endpoint("get_image_stats_models", "GET", "/stats/img/models", "model_stats",
       lambda c: c.get_image_stats_models("known"), lambda r: r.day == {"Deliberate": 40},
       query=(("model_state", "known"),)),
    Endpoint("get_text_stats_totals", "GET", "/stats/text/totals", "text_totals",
       lambda c: c.get_text_stats_totals(), lambda r: r.day.requests == 3),
    Endpoint("get_text_stats_models", "GET", "/stats/text/models", "model_stats",
       lambda c: c.get_text_stats_models(), lambda r: r.total["Deliberate"] == 90000),
    Endpoint("get_terms", "GET", "/documents/terms", "document", lambda c: c.get_terms(),
       lambda r: r.markdown.startswith("# Terms"), query=(("format", "markdown"),)),
    Endpoint("get_privacy", "GET", "/documents/privacy", "document",
       lambda c: c.get_privacy("html"), lambda r: r.html == "", query=(("format", "html"),)),
    Endpoint("get_sponsors", "GET", "/documents/sponsors", "document", lambda c: c.get_sponsors(),
       lambda r: r.markdown != "", query=(("format", "markdown"),)),
    Endpoint("list_users", "GET", "/users", "users", lambda c: c.list_users(page=2),
       lambda r: [u.kudos for u in r] == [1250.5, 0.0],
       query=(("page", "2"), ("sort", "kudos"))),
    Endpoint("create_shared_key", "PUT", "/sharedkeys", "shared_key",
       lambda c: c.create_shared_key(SHARED, key=MIRA), lambda r: r.kudos == 480, key=MIRA,
       body={"name": "club", "kudos": 500}),
    Endpoint("get_shared_key", "GET", "/sharedkeys/{sharedkey_id}", "shared_key",
       lambda c: c.get_shared_key("sharedkey_id"), lambda r: r.max_text_tokens == -1),
    Endpoint("update_shared_key", "PATCH", "/sharedkeys/{sharedkey_id}", "shared_key",
       lambda c: c.update_shared_key("sharedkey_id", SHARED, key=MIRA),
       lambda r: r.name == "club", key=MIRA, body={"name": "club", "kudos": 500}),
    Endpoint("delete_shared_key", "DELETE", "/sharedkeys/{sharedkey_id}", "message",
       lambda c: c.delete_shared_key("sharedkey_id", key=MIRA), lambda r: r.message == "OK",
       key=MIRA),
    Endpoint("get_worker_by_name", "GET", "/workers/name/{worker_name}", "worker",
       lambda c: c.get_worker_by_name("worker_name", key=MIRA),
       lambda r: r.online, key=MIRA),
    Endpoint("update_worker", "PUT", "/workers/{worker_id}", "worker_changed",
       lambda c: c.update_worker("worker_id", WorkerUpdate(maintenance=True, team=""), key=MIRA),
       lambda r: r.maintenance is True and r.name is None, key=MIRA,
       body={"maintenance": True, "team": ""}),
    Endpoint("list_teams", "GET", "/teams", "teams", lambda c: c.list_teams(),
       lambda r: r[0].workers[0].online),
    Endpoint("get_team", "GET", "/teams/{team_id}", "team", lambda c: c.get_team("team_id"),
       lambda r: r.models[0].count == 2),
]  # fmt: skip
ENDPOINTS = [
    *REQUESTER_ENDPOINTS,
    *OWNER_ENDPOINTS,
    *WORKER_ENDPOINTS,
    *MODERATOR_ENDPOINTS,
    *NEWER_ENDPOINTS,
]
BY_NAME = {endpoint.method: endpoint for endpoint in ENDPOINTS}


def client_routes() -> list[tuple[str, str, str]]:
    """Method, verb and route of everything that the client has to know."""
    lines = (Path(__file__).parent / "client_routes.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(method, verb, route) for method, verb, route in rows]


async def call_error(client: HordeClient, method: str = "submit_image") -> BackendError:
    """The error that this call raises."""
    with pytest.raises(BackendError) as caught:
        await BY_NAME[method].call(client)
    return caught.value
