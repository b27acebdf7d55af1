"""The REST API as one aiohttp application: middlewares and endpoints."""

import json

from aiohttp import web

from sandbox.discord.rest.bodies import REQUEST_JSON, json_response
from sandbox.discord.rest.callback_endpoints import CallbackEndpoints
from sandbox.discord.rest.channel_endpoints import ChannelEndpoints
from sandbox.discord.rest.command_endpoints import CommandEndpoints
from sandbox.discord.rest.emoji_endpoints import EmojiEndpoints
from sandbox.discord.rest.errors import KNOWN, ApiError
from sandbox.discord.rest.guild_endpoints import GuildEndpoints
from sandbox.discord.rest.message_endpoints import MessageEndpoints
from sandbox.discord.rest.rate_limits import (
    GLOBAL,
    RateLimiter,
    bucket_of,
    rate_limit_headers,
    too_many_requests,
)
from sandbox.discord.rest.thread_endpoints import ThreadEndpoints
from sandbox.discord.rest.webhook_endpoints import WebhookEndpoints
from sandbox.discord.rest.webhook_management import WebhookManagement
from sandbox.discord.state import Discord
from sandbox.faults import Handler

API = "/api/v10"
MAX_REQUEST = 60 * 1024 * 1024  # bytes; Discord answers larger bodies with 40005 too
WITHOUT_LOGIN = ("/interactions/", "/webhooks/", "/gateway")  # most have a token in the path


def build_app(discord: Discord) -> web.Application:
    """Build the application mounted under /api/v10."""
    faults = discord.faults.middleware("discord", route_of)
    middlewares = Middlewares(discord)
    app = web.Application(
        middlewares=[faults, middlewares.rate_limits, middlewares.errors, middlewares.authenticate],
        client_max_size=MAX_REQUEST,
    )
    for endpoints in (
        GuildEndpoints,
        EmojiEndpoints,
        CommandEndpoints,
        ChannelEndpoints,
        MessageEndpoints,
        ThreadEndpoints,
        CallbackEndpoints,
        WebhookEndpoints,
        WebhookManagement,
    ):
        app.add_routes(endpoints(discord).routes())
    return app


def route_of(request: web.Request) -> str:
    """Method and normalised path, as in fault rules and recorded calls."""
    resource = request.match_info.route.resource
    path = resource.canonical if resource else "(unknown)"
    return f"{request.method} {path.removeprefix(API)}"


class Middlewares:
    """The middlewares of all endpoints: rate limits, errors, authentication."""

    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._limits = RateLimiter()

    @web.middleware
    async def errors(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except ApiError as error:
            response = json_response(error.body, error.status)
        except web.HTTPMethodNotAllowed:
            response = json_response({"message": "405: Method Not Allowed", "code": 0}, 405)
        except web.HTTPNotFound:
            status, message = KNOWN[0]
            response = json_response({"message": message, "code": 0}, status)
        return response

    @web.middleware
    async def authenticate(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path.removeprefix(API)
        with_token = path.startswith(WITHOUT_LOGIN[:2]) and path.count("/") > 2
        if path == "/gateway" or with_token:
            return await handler(request)
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bot" or not self._discord.settings.accepts_token(token):
            raise ApiError(401, 0, "401: Unauthorized")
        return await handler(request)

    @web.middleware
    async def rate_limits(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        REQUEST_JSON.set(None)  # a connection handles its requests in one context
        response = await self._handle_with_limit(request, handler)
        # Clients take a 429 without this header for a ban by Cloudflare.
        response.headers["Via"] = "1.1 google"
        self._report_exchange(request, response)
        return response

    def _report_exchange(self, request: web.Request, response: web.StreamResponse) -> None:
        if self._discord.on_exchange is None or not isinstance(response, web.Response):
            return
        answered = json.loads(response.text) if response.text else None
        path = request.path.removeprefix(API)
        self._discord.on_exchange(
            request.method, path, REQUEST_JSON.get(), response.status, answered
        )

    async def _handle_with_limit(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        if not self._discord.settings.rate_limits:
            return await handler(request)
        route = route_of(request)
        if not request.path.removeprefix(API).startswith(WITHOUT_LOGIN):
            window, fits = self._limits.count_call("global", *GLOBAL)
            if not fits:
                return too_many_requests(window, is_global=True)
        bucket = bucket_of(route, dict(request.match_info))
        if bucket is None:
            return await handler(request)
        window, fits = self._limits.count_call(*bucket)
        response = await handler(request) if fits else too_many_requests(window, is_global=False)
        response.headers.update(rate_limit_headers(route, window))
        return response
