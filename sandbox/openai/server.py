"""The local server with OpenAI's API as one HTTP server."""

import json

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import ValidationError

from sandbox.openai import errors
from sandbox.openai.images import ImageEndpoints
from sandbox.openai.rate_limits import count_call
from sandbox.openai.state import CHAT_MODELS, IMAGE_MODEL, OpenAiState
from sandbox.openai.texts import TextEndpoints
from sandbox.optional.control_endpoints import ControlEndpoints
from sandbox.optional.http_server import LARGEST_BODY, OWNER, HttpServer, route_of
from sandbox.optional.optional_server import ServerOptions

CREATED = 1_767_225_600  # of the models
OPEN = "anonymous"  # the owner of jobs without a key


class OpenAiServer:
    """Clients use `url` as their base URL."""

    def __init__(self, options: ServerOptions) -> None:
        self.state = OpenAiState.with_job_seconds(options.job_seconds)
        options.faults.latency["openai"] = options.latency
        self._faults = options.faults
        self._http = HttpServer()

    @property
    def url(self) -> str:
        return f"{self._http.base}/v1"

    async def start(self, host: str, port: int) -> None:
        faults = self._faults.middleware("openai", route_of)
        app = web.Application(middlewares=[faults, self._respond], client_max_size=LARGEST_BODY)
        app.add_routes(TextEndpoints(self.state).routes())
        app.add_routes(ImageEndpoints(self.state).routes())
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/v1/models/{model}", self._model)
        await self._http.start(app, host, port)
        self.state.base = self._http.base

    async def close(self) -> None:
        await self._http.close()

    def control_app(self) -> web.Application:
        app = web.Application()
        app.add_routes(ControlEndpoints(self.state.jobs, self.state.settings).routes())
        return app

    @web.middleware
    async def _respond(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the key and the rate limit, call the handler, and answer errors."""
        try:
            headers = self._admit(request) if request.path.startswith("/v1/") else {}
            response = await handler(request)
        except errors.ApiError as error:
            return error.response()
        except ValidationError as error:
            return errors.invalid(error).response()
        except json.JSONDecodeError:
            return errors.ApiError(
                400, "We could not parse the JSON body of your request."
            ).response()
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            return errors.unknown_path(request).response()
        if not response.prepared:
            response.headers.update(headers)
        return response

    def _admit(self, request: web.Request) -> dict[str, str]:
        """Set the owner of the request and return the headers of its rate limit."""
        settings = self.state.settings
        key = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if settings.keys is not None:
            if not key:
                raise errors.no_key()
            if key not in settings.keys:
                raise errors.wrong_key(key)
        request[OWNER] = key or OPEN
        if request.method == "POST" and settings.quota_used:
            raise errors.quota_used()
        return count_call(self.state, key or OPEN)

    async def _models(self, _request: web.Request) -> web.Response:
        names = (*CHAT_MODELS, IMAGE_MODEL)
        return web.json_response({"object": "list", "data": [_model_json(name) for name in names]})

    async def _model(self, request: web.Request) -> web.Response:
        name = request.match_info["model"]
        if name not in CHAT_MODELS and name != IMAGE_MODEL:
            raise errors.unknown_model(name)
        return web.json_response(_model_json(name))


def _model_json(name: str) -> dict[str, str | int]:
    return {"id": name, "object": "model", "created": CREATED, "owned_by": "sandbox"}
