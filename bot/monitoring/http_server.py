"""HTTP server of the bot: /healthz, /metrics, and the webhooks of the backends under /ring/.

A webhook only makes a poll due now. Its path is checked with an HMAC, and polling alone decides.
Its body is read only when the submit of that request was lost: then it may name the backend's id,
and the backend is asked whether that is right.
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import SettingsError, reason_of
from bot.monitoring.connection_limits import ConnectionLimiter, ConnectionLimits, say_goodbye
from bot.monitoring.metrics import CONTENT_TYPE
from bot.monitoring.webhook import WebhookUrls
from bot.pipeline.tracking.poller import Poller

log = logging.getLogger(__name__)
Health = Callable[[], Awaitable[dict[str, bool]]]
MetricsText = Callable[[], Awaitable[bytes]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BODY_MAX = 1024 * 1024  # bytes; pictures are links in it, because `r2` is always set
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
UNREADABLE = (
    ValueError, RecursionError, OSError, TimeoutError, web.HTTPException, web.RequestPayloadError,
)  # fmt: skip
LIMITS = ConnectionLimits()
NO_ADDRESS = (
    "[http] listen: {address} cannot be used: {reason}. Choose another port, or stop the program"
    " that uses it."
)
LINGERING = 2.0  # seconds to read the rest of an unused body, and to send the last answers
BODY_SECONDS = 1.0  # the Horde waits 3 s, then calls again (docs/horde-api.md#webhooks)


@asynccontextmanager
async def serve_http(
    address: tuple[str, int],
    webhook_urls: WebhookUrls,
    poller: Poller,
    health: Health,
    metrics: MetricsText,
    limits: ConnectionLimits = LIMITS,
) -> AsyncGenerator[None]:
    """Run the server while the context is open. `health`: state by name; `metrics`: their text.

    `limits`: of all connections, since there may be no proxy in front. Raises SettingsError when
    the address cannot be used.
    """
    app = web.Application(client_max_size=BODY_MAX)
    app.router.add_get("/healthz", _healthz(health))
    app.router.add_get("/metrics", _metrics(metrics))
    app.router.add_post(r"/ring/{id:\d{1,18}}/{mark:[0-9a-f]{40}}", _webhook(webhook_urls, poller))
    app.on_response_prepare.append(say_goodbye)
    runner = web.AppRunner(
        app,
        access_log=None,  # its lines would contain the marks of webhooks
        logger=_server_log(),
        auto_decompress=False,  # the Horde does not compress
        lingering_time=LINGERING,
        shutdown_timeout=LINGERING,
    )
    await runner.setup()
    try:
        async with _listening(address, runner, limits):
            log.info("listening on %s:%d", *address)
            yield
    finally:
        await runner.cleanup()


def no_address(address: tuple[str, int], error: OSError) -> SettingsError:
    """Why [http] listen cannot be used."""
    host, port = address
    shown = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return SettingsError(NO_ADDRESS.format(address=shown, reason=reason_of(error)))


@asynccontextmanager
async def _listening(
    address: tuple[str, int], runner: web.AppRunner, limits: ConnectionLimits
) -> AsyncGenerator[None]:
    assert runner.server is not None  # there is one after its setup
    limiter = ConnectionLimiter(runner.server, limits)
    try:
        server = await asyncio.get_running_loop().create_server(limiter, *address)
    except OSError as error:
        raise no_address(address, error) from error
    try:
        yield
    finally:
        server.close()


def _server_log() -> logging.Logger:
    """Log of the web server, without tracebacks about malformed HTTP."""
    found = logging.getLogger(f"{__name__}.requests")
    found.addFilter(_is_our_fault)
    return found


def _is_our_fault(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    return not isinstance(error, HttpProcessingError)


def _healthz(health: Health) -> Handler:
    async def healthz(_request: web.Request) -> web.Response:
        parts = await health()
        return web.json_response(parts, status=200 if all(parts.values()) else 503)

    return healthz


def _metrics(text: MetricsText) -> Handler:
    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await text(), headers={"Content-Type": CONTENT_TYPE})

    return metrics


def _webhook(webhook_urls: WebhookUrls, poller: Poller) -> Handler:
    async def webhook(request: web.Request) -> web.Response:
        record_id = int(request.match_info["id"])
        if not webhook_urls.is_genuine(record_id, request.match_info["mark"]):
            return web.Response(status=404)
        if not poller.webhook_received(record_id) and (remote_id := await _named(request)):
            poller.webhook_received(record_id, remote_id)
        return web.Response(status=200)

    return webhook


async def _named(request: web.Request) -> str:
    """The backend's id of the request in the body; "" when there is no valid one."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body: object = json.loads(await request.read())
    except UNREADABLE:
        return ""
    named: object = body.get("request") if isinstance(body, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType] - JSON of unknown shape
    return named if isinstance(named, str) and _ID.fullmatch(named) else ""
