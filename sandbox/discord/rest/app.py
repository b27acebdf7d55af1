"""The REST API as one aiohttp application: errors, log-in, limits, then the endpoints."""

import json

from aiohttp import web

from sandbox.discord.rest.bodies import SENT, answer
from sandbox.discord.rest.callback_endpoints import Callbacks
from sandbox.discord.rest.channel_endpoints import Channels
from sandbox.discord.rest.command_endpoints import Registry
from sandbox.discord.rest.errors import KNOWN, ApiError
from sandbox.discord.rest.guild_endpoints import People
from sandbox.discord.rest.rate_limits import GLOBAL, Limits, bucket_of, headers, too_many
from sandbox.discord.rest.webhook_endpoints import Webhooks
from sandbox.discord.state import Discord
from sandbox.faults import Handler

API = "/api/v10"
MAX_REQUEST = 60 * 1024 * 1024  # bytes; Discord's own answer to more is 40005 as well
OPEN = ("/interactions/", "/webhooks/", "/gateway")  # the token in the path is the key


def build(discord: Discord) -> web.Application:
    """The application to mount under /api/v10."""
    faults = discord.faults.middleware("discord", route_of)
    guard = Guard(discord)
    app = web.Application(
        middlewares=[faults, guard.limits, guard.errors, guard.log_in],
        client_max_size=MAX_REQUEST,
    )
    for part in (People, Registry, Channels, Callbacks, Webhooks):
        app.add_routes(part(discord).routes())
    return app


def route_of(request: web.Request) -> str:
    """Method and normalised path, as faults and calls name it."""
    resource = request.match_info.route.resource
    path = resource.canonical if resource else "(unknown)"
    return f"{request.method} {path.removeprefix(API)}"


class Guard:
    """What stands before every endpoint."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._limits = Limits()

    @web.middleware
    async def errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except ApiError as error:
            response = answer(error.body, error.status)
        except web.HTTPMethodNotAllowed:
            response = answer({"message": "405: Method Not Allowed", "code": 0}, 405)
        except web.HTTPNotFound:
            status, message = KNOWN[0]
            response = answer({"message": message, "code": 0}, status)
        return response

    @web.middleware
    async def log_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(API)
        if path == "/gateway" or path.startswith(OPEN[:2]):
            return await handler(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bot" or not self._discord.knobs.takes(token):
            raise ApiError(401, 0, "401: Unauthorized")
        return await handler(request)

    @web.middleware
    async def limits(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        SENT.set(None)  # a connection handles one request after the other in one context
        response = await self._limited(request, handler)
        # Clients take a 429 without it for a ban by Cloudflare.
        response.headers["Via"] = "1.1 google"
        self._note(request, response)
        return response

    def _note(self, request: web.Request, response: web.StreamResponse) -> None:
        if self._discord.on_exchange is None or not isinstance(response, web.Response):
            return
        said = json.loads(response.text) if response.text else None
        path = request.path.removeprefix(API)
        self._discord.on_exchange(request.method, path, SENT.get(), response.status, said)

    async def _limited(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._discord.knobs.rate_limits:
            return await handler(request)
        route = route_of(request)
        if not request.path.removeprefix(API).startswith(OPEN):
            window, fits = self._limits.take("global", *GLOBAL)
            if not fits:
                return too_many(window, everywhere=True)
        bucket = bucket_of(route, dict(request.match_info))
        if bucket is None:
            return await handler(request)
        window, fits = self._limits.take(*bucket)
        response = await handler(request) if fits else too_many(window, everywhere=False)
        response.headers.update(headers(route, window))
        return response
