"""The local AI Horde as one HTTP server."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import Faults
from sandbox.horde.control_endpoints import ControlEndpoints
from sandbox.horde.endpoints.routes import API, route_table
from sandbox.horde.endpoints.status_endpoints import StatusEndpoints
from sandbox.horde.errors import (
    NOT_FOUND_PAGE,
    ApiError,
    html_response,
    internal_error,
    json_response,
)
from sandbox.horde.newer.versions import DEFAULT_VERSION, NEWER_ROUTES, HordeVersion
from sandbox.horde.rate_limits import LimitResult
from sandbox.horde.state import models_and_workers
from sandbox.horde.state.horde_settings import AIPG_V2_LIFETIME, HordeSettings
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.webhook_bodies import WebhookBodies
from sandbox.horde.workers.alchemy_workers import AlchemyWorkers
from sandbox.horde.workers.generation_workers import GenerationWorkers

log = logging.getLogger(__name__)

LARGEST_BODY = 96 * 1024**2  # the real server accepts a 37 MB image in base64
GONE = "The legacy /api/v2 API has been retired. Use https://api.aipowergrid.io/v1."
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, GET, OPTIONS, PUT, DELETE, PATCH",
    "Access-Control-Allow-Headers": (
        "Accept, Content-Type, Content-Length, Accept-Encoding, X-CSRF-Token, apikey, "
        "Client-Agent, X-Fields, X-Forwarded-For, Proxied-For, Proxy-Authorization"
    ),
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class HordeServer:
    """Runs the local Horde; clients use `url`.

    `job_seconds`: duration of a job (minimum, maximum). `latency`: seconds added to every call
    in each direction (minimum, maximum), or None. `version`: which server it is like. `aipg_v2`: it
    is like AI Power Grid before the end of its version 2; fault rules call it "aipg-v2".
    """

    def __init__(
        self,
        *,
        faults: Faults,
        job_seconds: tuple[float, float],
        latency: tuple[float, float] | None = None,
        version: HordeVersion = DEFAULT_VERSION,
        aipg_v2: bool = False,
    ) -> None:
        self.faults = faults
        self._name = "aipg-v2" if aipg_v2 else "horde"
        faults.latency[self._name] = latency
        settings = HordeSettings(job_seconds, version, aipg_v2=aipg_v2)
        settings.lifetime = AIPG_V2_LIFETIME if aipg_v2 else settings.lifetime
        self.state = HordeState(settings)
        self.url = ""
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._statuses = StatusEndpoints(self.state)
        notices = WebhookBodies(self._statuses)
        self.state.worker_pools = {
            "image": GenerationWorkers(
                self.state,
                models_and_workers.initial_workers("image", lower_case=aipg_v2),
                notices.image,
            ),
            "text": GenerationWorkers(
                self.state,
                models_and_workers.initial_workers("text", lower_case=aipg_v2),
                notices.text,
            ),
        }
        self.state.alchemy_workers = AlchemyWorkers(
            self.state, models_and_workers.initial_workers("alchemy")
        )

    @property
    def webhook_hosts(self) -> dict[str, str]:
        """Public host name to the loopback URL that gets its webhooks."""
        return self.state.webhooks.hosts

    @webhook_hosts.setter
    def webhook_hosts(self, hosts: dict[str, str]) -> None:
        self.state.webhooks.hosts = dict(hosts)

    async def start(self, host: str, port: int) -> None:
        """Listen and set `url`. Port 0 selects a free port."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        port = int(self._runner.addresses[0][1])
        self.url = f"http://{host}:{port}{API}"
        self.state.object_storage.base = f"http://{host}:{port}/r2"
        self._port = port
        self._tasks = [
            asyncio.create_task(self.state.run_cleanup(), name="horde housekeeping"),
            asyncio.create_task(self.state.webhooks.run(), name="horde webhooks"),
        ]

    async def close(self) -> None:
        """Stop listening and stop the workers."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for pool in (*self.state.worker_pools.values(), self.state.alchemy_workers):
            await pool.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def control_app(self) -> web.Application:
        """The Horde's part of the control API, mounted by the caller."""
        return ControlEndpoints(self.state, self.faults, self._name, self._drop_connections).app()

    def _drop_connections(self) -> None:
        server = self._runner.server if self._runner is not None else None
        for connection in list(server.connections) if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    def _app(self) -> web.Application:
        faults = self.faults.middleware(self._name, route_of)
        app = web.Application(middlewares=[faults, self._respond], client_max_size=LARGEST_BODY)
        app.add_routes(route_table(self.state, self._statuses))
        return app

    @web.middleware
    async def _respond(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Check the rate limit, call the handler, and add the headers of the real server."""
        if self.state.settings.gone:
            return json_response({"status": "gone", "message": GONE}, 410)
        if self.state.settings.outage:
            return html_response("<html><title>502 Bad Gateway</title></html>", 502)
        if route_of(request) in NEWER_ROUTES and not self.state.settings.newer:
            return html_response(NOT_FOUND_PAGE, 404)
        limit = self._check_rate_limit(request)
        if limit.refusal is not None:
            response = json_response({"message": limit.refusal}, 429)
        else:
            response = await self._handle(request, handler)
        if not response.prepared:
            response.headers.update(CORS)
            version = self.state.settings.version
            response.headers["Horde-Node"] = f"sandbox:{self._port}:{version}"
            response.headers.update(limit.headers)
        return response

    def _check_rate_limit(self, request: web.Request) -> LimitResult:
        """The rate limit of a call; calls to unknown routes and methods are not counted."""
        if request.match_info.http_exception is not None:
            return LimitResult({})
        self.state.rate_limiter.newer = self.state.settings.newer
        return self.state.rate_limiter.check(
            route_of(request), self.state.client_address(request), request
        )

    async def _handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as problem:
            body = problem.body_of(newer=self.state.settings.newer)
            return json_response(body, problem.status)
        except web.HTTPException as error:
            return _refusal(request, error)
        except Exception:
            log.exception("the sandbox Horde failed at %s", route_of(request))
            return json_response(internal_error().body, 500)


def _refusal(request: web.Request, error: web.HTTPException) -> web.Response:
    """The response to an aiohttp error, in the format of the real server."""
    if isinstance(error, web.HTTPNotFound):
        return html_response(NOT_FOUND_PAGE, 404)
    allow = error.headers.get("Allow", "")
    if request.method == "OPTIONS":
        return web.Response(headers={"Allow": allow})
    if isinstance(error, web.HTTPMethodNotAllowed):
        message = "The method is not allowed for the requested URL."
        answer = json_response({"message": message}, 405)
        answer.headers["Allow"] = allow
        return answer
    return json_response({"message": error.reason}, error.status)


def route_of(request: web.Request) -> str:
    """The route without its ids, "GET /generate/check/{id}"."""
    resource = request.match_info.route.resource
    path = request.path if resource is None else resource.canonical
    return f"{request.method} {path.removeprefix(API)}"
