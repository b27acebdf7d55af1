"""The bot's own small server: /healthz, /metrics, and the doorbell that the Horde may ring.

A ring only says "look now". Its path is checked against an HMAC, and the truth stays what polling
finds. Its body is read only when we lost the backend's id of that request: then it may name it, and
the backend is asked whether that is so.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.errors import SettingsError
from bot.monitoring.connection_limits import ConnectionLimiter, ConnectionLimits, say_goodbye
from bot.monitoring.metrics import CONTENT_TYPE
from bot.monitoring.webhook import WebhookUrls
from bot.pipeline.tracking.poller import Poller

log = logging.getLogger(__name__)
Health = Callable[[], Awaitable[dict[str, bool]]]
MetricsText = Callable[[], Awaitable[bytes]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BODY_MAX = 1024 * 1024  # bytes; a picture in it would be a link, as we always ask for r2
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
UNREADABLE = (
    ValueError, RecursionError, OSError, TimeoutError, web.HTTPException, web.RequestPayloadError,
)  # fmt: skip
PATIENCE = ConnectionLimits()
NO_ADDRESS = (
    "[http] listen: nobody can listen there ({reason}). Choose another port, or stop who does."
)
LINGERING = 2.0  # s for the rest of a body that nobody wants, and for the last answers of all
BODY_SECONDS = 1.0  # the Horde waits three for an answer, and then rings again (HORDE 5)


@asynccontextmanager
async def serve_http(
    address: tuple[str, int],
    doorbell: WebhookUrls,
    tracker: Poller,
    health: Health,
    metrics: MetricsText,
    patience: ConnectionLimits = PATIENCE,
) -> AsyncGenerator[None]:
    """The server, while the context is open. `health`: what is up, by name; `metrics`: its text.

    `patience`: with all who connect, since there may be no proxy in front. Raises SettingsError
    when the address cannot be had.
    """
    app = web.Application(client_max_size=BODY_MAX)
    app.router.add_get("/healthz", _healthz(health))
    app.router.add_get("/metrics", _metrics(metrics))
    app.router.add_post(r"/ring/{id:\d{1,18}}/{mark:[0-9a-f]{40}}", _ring(doorbell, tracker))
    app.on_response_prepare.append(say_goodbye)
    runner = web.AppRunner(
        app,
        access_log=None,  # its lines would hold the marks
        auto_decompress=False,  # the Horde packs nothing
        lingering_time=LINGERING,
        shutdown_timeout=LINGERING,
    )
    await runner.setup()
    try:
        async with _listening(address, runner, patience):
            log.info("listening on %s:%d", *address)
            yield
    finally:
        await runner.cleanup()


@asynccontextmanager
async def _listening(
    address: tuple[str, int], runner: web.AppRunner, patience: ConnectionLimits
) -> AsyncGenerator[None]:
    assert runner.server is not None  # there is one after its setup
    callers = ConnectionLimiter(runner.server, patience)
    try:
        server = await asyncio.get_running_loop().create_server(callers, *address)
    except OSError as error:
        raise SettingsError(NO_ADDRESS.format(reason=error.strerror or error)) from error
    try:
        yield
    finally:
        server.close()


def _healthz(health: Health) -> Handler:
    async def healthz(_request: web.Request) -> web.Response:
        parts = await health()
        return web.json_response(parts, status=200 if all(parts.values()) else 503)

    return healthz


def _metrics(text: MetricsText) -> Handler:
    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await text(), headers={"Content-Type": CONTENT_TYPE})

    return metrics


def _ring(doorbell: WebhookUrls, tracker: Poller) -> Handler:
    async def ring(request: web.Request) -> web.Response:
        record_id = int(request.match_info["id"])
        if not doorbell.is_genuine(record_id, request.match_info["mark"]):
            return web.Response(status=404)
        if not tracker.ring(record_id) and (remote_id := await _named(request)):
            tracker.ring(record_id, remote_id)
        return web.Response(status=200)

    return ring


async def _named(request: web.Request) -> str:
    """The id that the body gives the request; "" when it says none that could be one."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body: object = json.loads(await request.read())
    except UNREADABLE:
        return ""
    named: object = body.get("request") if isinstance(body, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - a stranger's JSON
    return named if isinstance(named, str) and _ID.fullmatch(named) else ""
