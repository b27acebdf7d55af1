"""The local Discord as one HTTP server: REST API, gateway, files and page."""

from collections.abc import Mapping

from aiohttp import hdrs, web

from sandbox.discord import page
from sandbox.discord.rest.app import API, MAX_REQUEST, build_app
from sandbox.discord.rest.cdn_endpoints import CdnEndpoints
from sandbox.discord.state import Discord, OnExchange
from sandbox.faults import Faults

BACKLOG = 2048  # the answers to a thousand simultaneous interactions use as many connections
GATEWAY = "/gateway"
SHUTDOWN_SECONDS = 2.0  # seconds for open requests to end


class DiscordServer:
    """Listens on one port; `address` is "host:port" after `start`."""

    def __init__(self, *, faults: Faults, message_content: bool = False) -> None:
        self.state = Discord(faults)
        self.state.settings.message_content = message_content
        self.address = ""
        self._runner: web.AppRunner | None = None

    @property
    def on_exchange(self) -> OnExchange | None:
        """Called after every REST call: method, path, sent JSON, status, answered JSON."""
        return self.state.on_exchange

    @on_exchange.setter
    def on_exchange(self, hear: OnExchange | None) -> None:
        self.state.on_exchange = hear

    async def start(
        self, host: str, port: int, extra: Mapping[str, web.Application] | None = None
    ) -> None:
        """Listen, with further applications mounted at their prefixes."""
        app = web.Application(client_max_size=MAX_REQUEST)
        files = CdnEndpoints(self.state)
        mounted = {API: build_app(self.state), "/cdn": files.app(), **(extra or {})}
        for prefix, subapp in mounted.items():
            app.add_subapp(prefix, subapp)
        # Clients insert a slash before the query. Some connect to the root path.
        app.router.add_get(GATEWAY, self.state.gateway.serve)
        app.router.add_get(GATEWAY + "/", self.state.gateway.serve)
        app.router.add_get("/", self._root)
        app.add_routes(files.avatar_routes())
        app.router.add_get("/{path:.+}", page.serve)
        app.on_shutdown.append(self._on_shutdown)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port, backlog=BACKLOG).start()
        self._set_address(host)

    def _set_address(self, host: str) -> None:
        assert self._runner is not None
        self.address = f"{host}:{self._runner.addresses[0][1]}"
        self.state.cdn.base = f"http://{self.address}"
        self.state.gateway.payload_handler.url = f"ws://{self.address}{GATEWAY}"

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    async def _root(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get(hdrs.UPGRADE, "").lower() == "websocket":
            return await self.state.gateway.serve(request)
        return await page.serve(request)

    async def _on_shutdown(self, _: web.Application) -> None:
        self.state.interactions.close()
        self.state.event_stream.close()
        self.state.gateway.close_connections()
