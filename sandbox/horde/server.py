"""The local AI Horde as one HTTP server."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import Faults
from sandbox.horde.control_endpoints import Control
from sandbox.horde.endpoints.info_endpoints import VERSION
from sandbox.horde.endpoints.routes import API, table
from sandbox.horde.endpoints.status_endpoints import StatusDesk
from sandbox.horde.errors import NOT_FOUND_PAGE, Problem, crash, html_response, json_response
from sandbox.horde.rate_limits import Verdict
from sandbox.horde.state import models_and_workers
from sandbox.horde.state.horde_state import Horde, Knobs
from sandbox.horde.webhook_bodies import Notices
from sandbox.horde.workers.alchemy_workers import Alchemists
from sandbox.horde.workers.generation_workers import Makers

log = logging.getLogger(__name__)

LARGEST_BODY = 96 * 1024**2  # a 37 MB picture in base64 is accepted by the real server
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
    """Start it, point a client at `url`.

    `job_seconds`: how long a worker is busy with a job, (least, most). `latency`: seconds that
    every call takes each way, (least, most), or None.
    """

    def __init__(
        self,
        *,
        faults: Faults,
        job_seconds: tuple[float, float],
        latency: tuple[float, float] | None = None,
    ) -> None:
        self.faults = faults
        faults.latency["horde"] = latency
        self.horde = Horde(Knobs(job_seconds))
        self.url = ""
        self._headers = dict(CORS)
        self._runner: web.AppRunner | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._statuses = StatusDesk(self.horde)
        notices = Notices(self._statuses)
        self.horde.pools = {
            "image": Makers(self.horde, models_and_workers.workers("image"), notices.image),
            "text": Makers(self.horde, models_and_workers.workers("text"), notices.text),
        }
        self.horde.alchemists = Alchemists(self.horde, models_and_workers.workers("alchemy"))

    @property
    def webhook_hosts(self) -> dict[str, str]:
        """Public host name to the loopback address where its webhooks are really delivered."""
        return self.horde.webhooks.hosts

    @webhook_hosts.setter
    def webhook_hosts(self, hosts: dict[str, str]) -> None:
        self.horde.webhooks.hosts = dict(hosts)

    async def start(self, host: str, port: int) -> None:
        """Listen; `url` holds the base address then. Port 0 takes a free one."""
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        port = int(self._runner.addresses[0][1])
        self.url = f"http://{host}:{port}{API}"
        self.horde.gallery.base = f"http://{host}:{port}/r2"
        self._headers["Horde-Node"] = f"sandbox:{port}:{VERSION}"
        self._tasks = [
            asyncio.create_task(self.horde.keep_house(), name="horde housekeeping"),
            asyncio.create_task(self.horde.webhooks.run(), name="horde webhooks"),
        ]

    async def close(self) -> None:
        """Stop listening and stop the workers."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for pool in (*self.horde.pools.values(), self.horde.alchemists):
            await pool.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def control_app(self) -> web.Application:
        """The routes of the control API that concern the Horde, to be mounted by the caller."""
        return Control(self.horde, self.faults, self._drop_connections).app()

    def _drop_connections(self) -> None:
        server = self._runner.server if self._runner is not None else None
        for connection in list(server.connections) if server is not None else ():
            if connection.transport is not None:
                connection.transport.abort()

    def _app(self) -> web.Application:
        faults = self.faults.middleware("horde", route_of)
        app = web.Application(middlewares=[faults, self._front], client_max_size=LARGEST_BODY)
        app.add_routes(table(self.horde, self._statuses))
        return app

    @web.middleware
    async def _front(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Limits, then the handler; every answer gets the headers the real server sends."""
        if self.horde.knobs.outage:
            return html_response("<html><title>502 Bad Gateway</title></html>", 502)
        verdict = self._judged(request)
        if verdict.refusal is not None:
            response = json_response({"message": verdict.refusal}, 429)
        else:
            response = await self._answer(request, handler)
        if not response.prepared:
            response.headers.update(self._headers)
            response.headers.update(verdict.headers)
        return response

    def _judged(self, request: web.Request) -> Verdict:
        """What the limiter says; it does not know of routes and methods that there are not."""
        if request.match_info.http_exception is not None:
            return Verdict({})
        return self.horde.limiter.check(route_of(request), self.horde.address_of(request), request)

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Problem as problem:
            return json_response(problem.body, problem.status)
        except web.HTTPException as error:
            return _refusal(request, error)
        except Exception:
            log.exception("the sandbox Horde failed at %s", route_of(request))
            return json_response(crash().body, 500)


def _refusal(request: web.Request, error: web.HTTPException) -> web.Response:
    """What the framework would not handle, in the real server's shapes."""
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
