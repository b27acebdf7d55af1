"""The route table of the API."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.horde.administration.routes import administration_routes
from sandbox.horde.endpoints.alchemy_endpoints import AlchemyEndpoints
from sandbox.horde.endpoints.image_endpoints import ImageEndpoints
from sandbox.horde.endpoints.info_endpoints import InfoEndpoints
from sandbox.horde.endpoints.kudos_endpoints import KudosEndpoints
from sandbox.horde.endpoints.shared_key_endpoints import SharedKeyEndpoints
from sandbox.horde.endpoints.statistics_endpoints import StatisticsEndpoints
from sandbox.horde.endpoints.status_endpoints import StatusEndpoints
from sandbox.horde.endpoints.team_endpoints import TeamEndpoints
from sandbox.horde.endpoints.text_endpoints import TextEndpoints
from sandbox.horde.endpoints.user_endpoints import UserEndpoints
from sandbox.horde.endpoints.worker_endpoints import WorkerEndpoints
from sandbox.horde.endpoints.worker_message_endpoints import WorkerMessageEndpoints
from sandbox.horde.job_endpoints.routes import job_routes
from sandbox.horde.newer.submitted_requests import SubmittedRequests
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.style_endpoints.collection_endpoints import CollectionEndpoints
from sandbox.horde.style_endpoints.example_endpoints import StyleExampleEndpoints
from sandbox.horde.style_endpoints.style_endpoints import StyleEndpoints

API = "/api/v2"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Routes = dict[str, Handler]


def route_table(horde: HordeState, status_endpoints: StatusEndpoints) -> list[web.RouteDef]:
    """All routes of the API, and the route of the downloads."""
    handlers = {
        **_request_routes(horde, status_endpoints),
        **_account_routes(horde),
        **_worker_routes(horde),
        **_info_routes(horde),
        **_style_routes(horde),
        **administration_routes(horde),
        **job_routes(horde),
    }
    routes = [_route(name, handler) for name, handler in handlers.items()]
    storage = horde.object_storage
    downloads = [web.get("/r2/{object}", storage.download), web.put("/r2/{object}", storage.upload)]
    return [*routes, *downloads]


def _route(name: str, handler: Handler) -> web.RouteDef:
    method, path = name.split(" ", 1)
    if method == "GET":  # also registers HEAD
        return web.get(f"{API}{path}", handler)
    return web.route(method, f"{API}{path}", handler)


def _request_routes(horde: HordeState, status_endpoints: StatusEndpoints) -> Routes:
    images, texts, alchemy = ImageEndpoints(horde), TextEndpoints(horde), AlchemyEndpoints(horde)
    submitted = SubmittedRequests(horde)
    return {
        "GET /generate/request/{id}": submitted.image,
        "GET /generate/text/request/{id}": submitted.text,
        "POST /generate/async": images.submit,
        "GET /generate/check/{id}": status_endpoints.check,
        "GET /generate/status/{id}": status_endpoints.image_status,
        "DELETE /generate/status/{id}": status_endpoints.cancel_image,
        "POST /generate/rate/{id}": status_endpoints.rate,
        "POST /generate/text/async": texts.submit,
        "GET /generate/text/status/{id}": status_endpoints.text_status,
        "DELETE /generate/text/status/{id}": status_endpoints.cancel_text,
        "POST /interrogate/async": alchemy.submit,
        "GET /interrogate/status/{id}": alchemy.status,
        "DELETE /interrogate/status/{id}": alchemy.cancel,
    }


def _account_routes(horde: HordeState) -> Routes:
    users, kudos, keys = UserEndpoints(horde), KudosEndpoints(horde), SharedKeyEndpoints(horde)
    return {
        "GET /find_user": users.find,
        "GET /users": users.list_page,
        "GET /users/{user_id}": users.get,
        "PUT /users/{user_id}": users.change,
        "DELETE /users/{user_id}": users.delete,
        "POST /kudos/transfer": kudos.transfer,
        "PUT /sharedkeys": keys.create,
        "GET /sharedkeys/{sharedkey_id}": keys.get,
        "PATCH /sharedkeys/{sharedkey_id}": keys.change,
        "DELETE /sharedkeys/{sharedkey_id}": keys.delete,
    }


def _worker_routes(horde: HordeState) -> Routes:
    teams, messages = TeamEndpoints(horde), WorkerMessageEndpoints(horde)
    workers = WorkerEndpoints(horde, teams.teams)
    return {
        "GET /workers": workers.list_all,
        "GET /workers/messages": messages.list_all,
        "POST /workers/messages": messages.create,
        "GET /workers/messages/{message_id}": messages.get,
        "DELETE /workers/messages/{message_id}": messages.delete,
        "GET /workers/name/{worker_name}": workers.get_by_name,
        "GET /workers/{worker_id}": workers.get,
        "PUT /workers/{worker_id}": workers.change,
        "DELETE /workers/{worker_id}": workers.delete,
        "GET /teams": teams.list_all,
        "POST /teams": teams.create,
        "GET /teams/{team_id}": teams.get,
        "PATCH /teams/{team_id}": teams.change,
        "DELETE /teams/{team_id}": teams.delete,
    }


def _info_routes(horde: HordeState) -> Routes:
    info, statistics = InfoEndpoints(horde), StatisticsEndpoints(horde)
    return {
        "GET /status/modes": info.modes,
        "GET /status/performance": info.performance,
        "GET /status/models": info.models,
        "GET /status/models/{model_name}": info.model,
        "GET /status/news": info.news,
        "GET /status/heartbeat": info.heartbeat,
        "GET /status/sampler_constraints": info.sampler_constraints,
        "GET /status/style_contract": info.style_contract,
        "GET /stats/img/totals": statistics.image_totals,
        "GET /stats/img/models": statistics.image_models,
        "GET /stats/text/totals": statistics.text_totals,
        "GET /stats/text/models": statistics.text_models,
        "GET /documents/{name:terms|privacy|sponsors}": info.document,
    }


def _style_routes(horde: HordeState) -> Routes:
    collections = CollectionEndpoints(horde)
    routes: Routes = {
        "GET /collections": collections.list_all,
        "POST /collections": collections.create,
        "GET /collections/{collection_id}": collections.get,
        "PATCH /collections/{collection_id}": collections.change,
        "DELETE /collections/{collection_id}": collections.delete,
        "GET /collection_by_name/{collection_name}": collections.get_by_name,
    }
    image, text = StyleEndpoints(horde, "image"), StyleEndpoints(horde, "text")
    examples, path = StyleExampleEndpoints(horde), "/styles/image/{style_id}/example"
    routes |= {
        f"POST {path}": examples.add,
        f"PATCH {path}/{{example_id}}": examples.change,
        f"DELETE {path}/{{example_id}}": examples.delete,
    }
    for kind, endpoints in (("image", image), ("text", text)):
        routes |= {
            f"GET /styles/{kind}": endpoints.list_page,
            f"POST /styles/{kind}": endpoints.create,
            f"GET /styles/{kind}/{{style_id}}": endpoints.get,
            f"PATCH /styles/{kind}/{{style_id}}": endpoints.change,
            f"DELETE /styles/{kind}/{{style_id}}": endpoints.delete,
            f"GET /styles/{kind}_by_name/{{style_name}}": endpoints.get_by_name,
        }
    return routes
