"""Runs the application of one optional server."""

from aiohttp import web

LARGEST_BODY = 96 * 1024**2
OWNER = web.RequestKey("owner", str)  # of the key of a request


def route_of(request: web.Request) -> str:
    """The method and the path without ids: "GET /v1/progress/{token}"."""
    resource = request.match_info.route.resource
    return f"{request.method} {request.path if resource is None else resource.canonical}"


class HttpServer:
    """Listens with one application. `base` is its URL without a path."""

    def __init__(self) -> None:
        self.base = ""
        self._runner: web.AppRunner | None = None

    async def start(self, app: web.Application, host: str, port: int) -> None:
        """Listen and set `base`. Port 0 selects a free port."""
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        self.base = f"http://{host}:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
