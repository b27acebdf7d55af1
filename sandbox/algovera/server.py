"""The local Algovera as one HTTP server."""

import asyncio
import contextlib
import json
from typing import Any

from aiohttp import web
from pydantic import ValidationError

from sandbox.algovera.control_endpoints import ControlEndpoints
from sandbox.algovera.endpoints import AlgoveraEndpoints, ApiError
from sandbox.algovera.state import AlgoveraSettings, AlgoveraState
from sandbox.faults import Handler
from sandbox.optional.http_server import HttpServer
from sandbox.optional.optional_server import ServerOptions


class AlgoveraServer:
    """Runs the local Algovera; clients use `url`, which has no path."""

    def __init__(self, options: ServerOptions) -> None:
        self._faults = options.faults
        self._faults.latency["algovera"] = options.latency
        self.state = AlgoveraState(AlgoveraSettings(options.job_seconds))
        self._http = HttpServer()
        self._worker: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return self._http.base

    async def start(self, host: str, port: int) -> None:
        """Listen. Port 0 selects a free port."""
        app = web.Application(
            middlewares=[self._faults.middleware("algovera", route_of), _answer_errors]
        )
        app.add_routes(AlgoveraEndpoints(self.state).routes())
        await self._http.start(app, host, port)
        self._worker = asyncio.create_task(self.state.work(), name="algovera worker")

    async def close(self) -> None:
        """Stop the worker and stop listening."""
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._worker
        await self._http.close()

    def control_app(self) -> web.Application:
        """Algovera's part of the control API, mounted by the caller."""
        return ControlEndpoints(self.state).app()


def route_of(request: web.Request) -> str:
    """The route, "GET /status"."""
    return f"{request.method} {request.path.removeprefix('/api')}"


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error as {"detail"}; that of an invalid body is a list of fields."""
    try:
        return await handler(request)
    except ApiError as error:
        return _detail(error.detail, error.status)
    except ValidationError as error:
        place = "query" if request.path == "/api/status" else "body"
        return _detail([_entry(place, fault) for fault in error.errors()], 422)
    except json.JSONDecodeError as error:
        entry = {"loc": ["body", error.pos], "msg": str(error), "type": "value_error.jsondecode"}
        return _detail([entry], 422)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as error:
        return _detail("Not Found" if error.status == 404 else "Method Not Allowed", error.status)


def _entry(place: str, fault: Any) -> dict[str, Any]:
    return {"loc": [place, *fault["loc"]], "msg": fault["msg"], "type": fault["type"]}


def _detail(detail: Any, status: int) -> web.Response:
    return web.json_response({"detail": detail}, status=status)
