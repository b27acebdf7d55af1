"""The local web UI as one HTTP server."""

import base64
import binascii
import json
from hmac import compare_digest

from aiohttp import web
from pydantic import ValidationError

from sandbox.a1111.control_endpoints import ControlEndpoints
from sandbox.a1111.errors import (
    HttpError,
    WebuiError,
    error_response,
    invalid_body,
    json_response,
    malformed_json,
)
from sandbox.a1111.generation_endpoints import GenerationEndpoints
from sandbox.a1111.info_endpoints import InfoEndpoints
from sandbox.a1111.settings import A1111Settings
from sandbox.a1111.state import A1111State
from sandbox.faults import Handler
from sandbox.optional.http_server import LARGEST_BODY, HttpServer
from sandbox.optional.optional_server import ServerOptions

API = "/sdapi/v1"


class A1111Server:
    """Runs the local web UI; clients use `url`, which has no path."""

    def __init__(self, options: ServerOptions) -> None:
        self._faults = options.faults
        self._faults.latency["a1111"] = options.latency
        self.state = A1111State(A1111Settings(options.job_seconds))
        self._http = HttpServer()

    @property
    def url(self) -> str:
        return self._http.base

    async def start(self, host: str, port: int) -> None:
        """Listen. Port 0 selects a free port."""
        await self._http.start(self._app(), host, port)

    async def close(self) -> None:
        """Interrupt the running job and stop listening."""
        self.state.progress.interrupt()
        await self._http.close()

    def control_app(self) -> web.Application:
        """The web UI's part of the control API, mounted by the caller."""
        return ControlEndpoints(self.state).app()

    def _app(self) -> web.Application:
        faults = self._faults.middleware("a1111", route_of)
        app = web.Application(middlewares=[faults, self._respond], client_max_size=LARGEST_BODY)
        api = web.Application()
        api.add_routes(GenerationEndpoints(self.state).routes())
        api.add_routes(InfoEndpoints(self.state).routes())
        app.add_subapp(API, api)
        return app

    @web.middleware
    async def _respond(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the credentials, call the handler, and answer errors as the web UI."""
        try:
            self._check_credentials(request)
            return await handler(request)
        except WebuiError as error:
            response = error_response(error, forge=self.state.settings.forge)
            if response.status == 401:
                response.headers["WWW-Authenticate"] = "Basic"
            return response
        except ValidationError as error:
            return invalid_body(error)
        except json.JSONDecodeError as error:
            return malformed_json(error)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
            text = "Not Found" if error.status == 404 else "Method Not Allowed"
            return json_response({"detail": text}, error.status)

    def _check_credentials(self, request: web.Request) -> None:
        """Raises HttpError: HTTP Basic credentials are missing or wrong."""
        wanted = self.state.settings.auth
        if wanted is None:
            return
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "basic":
            raise HttpError(401, "Not authenticated")
        try:
            given = base64.b64decode(text)
        except binascii.Error as error:
            raise HttpError(401, "Invalid authentication credentials") from error
        if not compare_digest(given, wanted.encode()):
            raise HttpError(401, "Incorrect username or password")


def route_of(request: web.Request) -> str:
    """The route without the prefix, "POST /txt2img"."""
    return f"{request.method} {request.path.removeprefix(API)}"
