"""Which handler answers which route."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.horde.endpoints.alchemy_endpoints import AlchemyDesk
from sandbox.horde.endpoints.collection_endpoints import CollectionDesk
from sandbox.horde.endpoints.image_endpoints import ImageDesk
from sandbox.horde.endpoints.info_endpoints import InfoDesk
from sandbox.horde.endpoints.kudos_endpoints import KudosDesk
from sandbox.horde.endpoints.status_endpoints import StatusDesk
from sandbox.horde.endpoints.style_endpoints import StyleDesk
from sandbox.horde.endpoints.team_endpoints import TeamsDesk
from sandbox.horde.endpoints.text_endpoints import TextDesk
from sandbox.horde.endpoints.user_endpoints import PeopleDesk
from sandbox.horde.endpoints.worker_endpoints import WorkersDesk
from sandbox.horde.endpoints.worker_message_endpoints import MessagesDesk
from sandbox.horde.state.horde_state import Horde

API = "/api/v2"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Routes = dict[str, Handler]


def table(horde: Horde, statuses: StatusDesk) -> list[web.RouteDef]:
    """All routes of the API, and the downloads beside it."""
    handlers = {
        **_requests(horde, statuses),
        **_people(horde),
        **_workers(horde),
        **_information(horde),
        **_styles(horde),
    }
    routes = [_route(name, handler) for name, handler in handlers.items()]
    return [*routes, web.get("/r2/{object}", horde.gallery.download)]


def _route(name: str, handler: Handler) -> web.RouteDef:
    method, path = name.split(" ", 1)
    if method == "GET":  # and HEAD
        return web.get(f"{API}{path}", handler)
    return web.route(method, f"{API}{path}", handler)


def _requests(horde: Horde, statuses: StatusDesk) -> Routes:
    images, texts, alchemy = ImageDesk(horde), TextDesk(horde), AlchemyDesk(horde)
    return {
        "POST /generate/async": images.submit,
        "GET /generate/check/{id}": statuses.check,
        "GET /generate/status/{id}": statuses.image_status,
        "DELETE /generate/status/{id}": statuses.cancel_image,
        "POST /generate/rate/{id}": statuses.rate,
        "POST /generate/text/async": texts.submit,
        "GET /generate/text/status/{id}": statuses.text_status,
        "DELETE /generate/text/status/{id}": statuses.cancel_text,
        "POST /interrogate/async": alchemy.submit,
        "GET /interrogate/status/{id}": alchemy.status,
        "DELETE /interrogate/status/{id}": alchemy.cancel,
    }


def _people(horde: Horde) -> Routes:
    people, kudos = PeopleDesk(horde), KudosDesk(horde)
    return {
        "GET /find_user": people.find,
        "GET /users": people.listed,
        "GET /users/{user_id}": people.one,
        "PUT /users/{user_id}": people.change,
        "DELETE /users/{user_id}": people.delete,
        "POST /kudos/transfer": kudos.transfer,
        "PUT /sharedkeys": kudos.create_key,
        "GET /sharedkeys/{sharedkey_id}": kudos.get_key,
        "PATCH /sharedkeys/{sharedkey_id}": kudos.change_key,
        "DELETE /sharedkeys/{sharedkey_id}": kudos.delete_key,
    }


def _workers(horde: Horde) -> Routes:
    teams, messages = TeamsDesk(horde), MessagesDesk(horde)
    workers = WorkersDesk(horde, teams.teams)
    return {
        "GET /workers": workers.listed,
        "GET /workers/messages": messages.listed,
        "POST /workers/messages": messages.create,
        "GET /workers/messages/{message_id}": messages.one,
        "DELETE /workers/messages/{message_id}": messages.delete,
        "GET /workers/name/{worker_name}": workers.named,
        "GET /workers/{worker_id}": workers.one,
        "PUT /workers/{worker_id}": workers.change,
        "DELETE /workers/{worker_id}": workers.delete,
        "GET /teams": teams.listed,
        "POST /teams": teams.create,
        "GET /teams/{team_id}": teams.one,
        "PATCH /teams/{team_id}": teams.change,
        "DELETE /teams/{team_id}": teams.delete,
    }


def _information(horde: Horde) -> Routes:
    info = InfoDesk(horde)
    return {
        "GET /status/modes": info.modes,
        "GET /status/performance": info.performance,
        "GET /status/models": info.models,
        "GET /status/models/{model_name}": info.model,
        "GET /status/news": info.news,
        "GET /status/heartbeat": info.heartbeat,
        "GET /stats/img/totals": info.image_totals,
        "GET /stats/img/models": info.image_models,
        "GET /stats/text/totals": info.text_totals,
        "GET /stats/text/models": info.text_models,
        "GET /documents/{name:terms|privacy|sponsors}": info.document,
    }


def _styles(horde: Horde) -> Routes:
    collections = CollectionDesk(horde)
    routes: Routes = {
        "GET /collections": collections.listed,
        "POST /collections": collections.create,
        "GET /collections/{collection_id}": collections.one,
        "PATCH /collections/{collection_id}": collections.change,
        "DELETE /collections/{collection_id}": collections.delete,
        "GET /collection_by_name/{collection_name}": collections.named,
    }
    image, text = StyleDesk(horde, "image"), StyleDesk(horde, "text")
    example = "/styles/image/{style_id}/example"
    routes |= {
        f"POST {example}": image.add_example,
        f"PATCH {example}/{{example_id}}": image.change_example,
        f"DELETE {example}/{{example_id}}": image.delete_example,
    }
    for kind, desk in (("image", image), ("text", text)):
        routes |= {
            f"GET /styles/{kind}": desk.listed,
            f"POST /styles/{kind}": desk.create,
            f"GET /styles/{kind}/{{style_id}}": desk.one,
            f"PATCH /styles/{kind}/{{style_id}}": desk.change,
            f"DELETE /styles/{kind}/{{style_id}}": desk.delete,
            f"GET /styles/{kind}_by_name/{{style_name}}": desk.named,
        }
    return routes
