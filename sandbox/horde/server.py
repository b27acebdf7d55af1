"""The local AI Horde as one HTTP server."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.faults import Faults

from . import world
from .horde import Horde, Knobs
from .makers import Makers
from .notices import Notices
from .problems import NOT_FOUND_PAGE, Problem, crash, html_response, json_response
from .status import StatusDesk
from .submit_image import ImageDesk

log = logging.getLogger(__name__)

API = "/api/v2"
VERSION = "5.1.5"
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
        for kind, notice in (("image", notices.image), ("text", notices.text)):
            self.horde.pools[kind] = Makers(self.horde, world.workers(kind), notice)

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
        for pool in self.horde.pools.values():
            await pool.close()
        if self._runner is not None:
            await self._runner.cleanup()

    def _app(self) -> web.Application:
        faults = self.faults.middleware("horde", route_of)
        app = web.Application(middlewares=[faults, self._front], client_max_size=LARGEST_BODY)
        images = ImageDesk(self.horde)
        app.add_routes(
            [
                web.post(f"{API}/generate/async", images.submit),
                web.get(f"{API}/generate/check/{{id}}", self._statuses.check),
                web.get(f"{API}/generate/status/{{id}}", self._statuses.image_status),
                web.delete(f"{API}/generate/status/{{id}}", self._statuses.cancel_image),
                web.get("/r2/{object}", self.horde.gallery.download),
            ]
        )
        return app

    @web.middleware
    async def _front(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Limits, then the handler; every answer gets the headers the real server sends."""
        if self.horde.knobs.outage:
            return html_response("<html><title>502 Bad Gateway</title></html>", 502)
        verdict = self.horde.limiter.check(
            route_of(request), self.horde.address_of(request), request
        )
        if verdict.refusal is not None:
            response = json_response({"message": verdict.refusal}, 429)
        else:
            response = await self._answer(request, handler)
        if not response.prepared:
            response.headers.update(self._headers)
            response.headers.update(verdict.headers)
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Problem as problem:
            return json_response(problem.body, problem.status)
        except web.HTTPMethodNotAllowed as error:
            if request.method == "OPTIONS":
                return web.Response(headers={"Allow": error.headers["Allow"]})
            message = "The method is not allowed for the requested URL."
            refusal = json_response({"message": message}, 405)
            refusal.headers["Allow"] = error.headers["Allow"]
            return refusal
        except web.HTTPNotFound:
            return html_response(NOT_FOUND_PAGE, 404)
        except web.HTTPRequestEntityTooLarge:
            return json_response({"message": "The data value transmitted exceeds the limit."}, 413)
        except Exception:
            log.exception("the sandbox Horde failed at %s", route_of(request))
            return json_response(crash().body, 500)


def route_of(request: web.Request) -> str:
    """The route without its ids, "GET /generate/check/{id}"."""
    resource = request.match_info.route.resource
    path = request.path if resource is None else resource.canonical
    return f"{request.method} {path.removeprefix(API)}"
