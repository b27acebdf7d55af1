"""Fault rules: which calls a rule matches and what it does to them."""

import asyncio
import contextlib
import json
import logging
import math
import os
import random
import signal
from collections.abc import Mapping
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field

from sandbox.endless_answers import dripping_error, endless_headers, until_left

log = logging.getLogger(__name__)

CUT_SECONDS = 0.02  # until the sent pieces have left: an abort discards the rest

Server = Literal["discord", "horde", "reference", "openai", "aipg", "aipg-v2", "a1111", "algovera"]
FaultKind = Literal[
    "status", "drop", "drop_after", "delay", "rate_limit", "html", "truncate", "garbage", "kill",
    "slow", "cut", "hang", "stall", "drip", "headers",
]  # fmt: skip


class FaultRule(BaseModel):
    """One fault: the calls that it matches, what it does to them and how often.

    `drop_after` closes the connection when the answer is ready or, with `seconds`, that long after
    the call arrived; the work goes on. `slow` waits `seconds` before each piece of the body, and
    `cut` closes the connection after that many `pieces` of it. A piece is an event of a stream,
    or a quarter of any other body.

    These end when the client leaves: `hang` answers nothing; `stall` sends that many `pieces`;
    `drip` is an error with one byte each `seconds`, and `headers` sends one header more each
    `seconds`. `hang` and `kill` handle the call before that when `when` is "answered".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: FaultKind
    server: Server | None = None
    route: str = "*"
    times: int | None = Field(default=None, ge=1)
    after: int = Field(default=0, ge=0)
    status: int = Field(default=0, ge=0, le=599)
    body: Any = None
    seconds: float | None = Field(default=None, ge=0)
    when: Literal["receiving", "answered"] = "receiving"
    pid: int | None = Field(default=None, gt=0)
    pieces: int = Field(default=2, ge=0)

    @property
    def wait_seconds(self) -> float:
        """The duration of a delay, or the `retry_after` of a rate limit."""
        return 1.0 if self.seconds is None else self.seconds

    def matches(self, server: str, route: str) -> bool:
        if self.server not in (None, server):
            return False
        if self.route.endswith("*"):
            return route.startswith(self.route[:-1])
        return route == self.route


class NoResponse(web.Response):
    """A placeholder response for a dropped connection; it is never sent."""


async def apply_rule(rule: FaultRule, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Apply a rule to a call. The kind of the rule decides whether the handler runs."""
    match rule.kind:
        case "kill" if rule.when == "receiving":
            _kill(rule)
            return _drop_connection(request)
        case "drop":
            return _drop_connection(request)
        case "hang" | "drip" | "headers":
            return await _endless(rule, request, handler)
        case "drop_after" | "kill" | "truncate" | "slow" | "cut" | "stall":
            return await _after_handler(rule, request, handler)
        case _:
            return _replacement(rule)


async def _endless(rule: FaultRule, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Apply a rule whose answer never ends."""
    if rule.kind == "drip":
        return await dripping_error(request, rule.status or 500, rule.wait_seconds)
    if rule.kind == "headers":
        await endless_headers(request, rule.wait_seconds)
        return _drop_connection(request)
    if rule.when == "answered":
        await handler(request)
    await until_left(request)
    return _drop_connection(request)


async def _after_handler(
    rule: FaultRule, request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Apply a rule that lets the handler run."""
    match rule.kind:
        case "drop_after":
            return await _drop_during_work(rule, request, handler)
        case "slow" | "cut" | "stall":
            return await _answer_in_pieces(rule, request, handler)
        case "kill":
            return await _answer_and_kill(rule, request, await handler(request))
        case _:
            return _truncated(await handler(request))


async def _drop_during_work(
    rule: FaultRule, request: web.Request, handler: Handler
) -> web.Response:
    """Close the connection while the handler works, or when it has the answer."""
    if rule.seconds is not None:
        asyncio.get_running_loop().call_later(rule.seconds, _drop_connection, request)
    await handler(request)
    return _drop_connection(request)


async def _answer_in_pieces(
    rule: FaultRule, request: web.Request, handler: Handler
) -> web.StreamResponse:
    """Send the body slowly, or a part of it. A stream sends its events by `send_piece`."""
    request[_PIECES] = _Pieces(rule)
    response = await handler(request)
    if response.prepared or not isinstance(response, web.Response):
        return response
    body = response.body if isinstance(response.body, bytes) else b""
    headers = {name: value for name, value in response.headers.items() if name != "Content-Length"}
    sent = web.StreamResponse(status=response.status, headers=headers)
    sent.content_length = len(body)
    await sent.prepare(request)
    step = max(1, math.ceil(len(body) / 4))
    with contextlib.suppress(ConnectionError):
        for start in range(0, len(body), step):
            await send_piece(request, sent, body[start : start + step])
    return sent


async def send_piece(request: web.Request, response: web.StreamResponse, piece: bytes) -> None:
    """Send one piece of a prepared response under the rules `slow`, `cut` and `stall`.

    Raises ConnectionError when the client is gone or the rule closes the connection.
    """
    pieces = request.get(_PIECES)
    if pieces is not None:
        await pieces.apply(request)
    await response.write(piece)


class _Pieces:
    """Counts the pieces of one response for its rule."""

    def __init__(self, rule: FaultRule) -> None:
        self._rule = rule
        self._sent = 0

    async def apply(self, request: web.Request) -> None:
        if self._rule.kind == "slow":
            await asyncio.sleep(self._rule.wait_seconds)
        elif self._sent >= self._rule.pieces:
            await (
                until_left(request) if self._rule.kind == "stall" else asyncio.sleep(CUT_SECONDS)
            )
            _drop_connection(request)
            raise ConnectionResetError("cut by a fault rule")
        self._sent += 1


_PIECES = web.RequestKey("pieces", _Pieces)


def _replacement(rule: FaultRule) -> web.Response:
    """The response that replaces the real one; the handler does not run."""
    if rule.kind == "rate_limit":
        body = rule.body or {
            "message": "You are being rate limited.",
            "retry_after": rule.wait_seconds,
            "global": False,
        }
        headers = {"Via": "1.1 google", "Retry-After": f"{rule.wait_seconds:g}"}
        return _json(rule.status or 429, body, headers)
    if rule.kind == "html":
        status = rule.status or 502
        page = f"<html><head><title>{status}</title></head><body><h1>Bad gateway</h1></body></html>"
        return web.Response(status=status, text=page, content_type="text/html")
    if rule.kind == "garbage":
        random_bytes = random.randbytes(512)  # noqa: S311  must be neither JSON nor an image
        return web.Response(
            status=rule.status or 200, body=b"\xff" + random_bytes, content_type="application/json"
        )
    status = rule.status or 500
    return _json(status, rule.body or {"message": f"{status}: injected fault", "code": 0})


def _json(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    text = json.dumps(body).encode()
    return web.Response(status=status, body=text, content_type="application/json", headers=headers)


def _drop_connection(request: web.Request) -> web.Response:
    """Close the connection."""
    if request.transport is not None:
        request.transport.abort()
    return NoResponse(status=500)


def _truncated(response: web.StreamResponse) -> web.StreamResponse:
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        response.body = response.body[: len(response.body) // 2]
    return response


async def _answer_and_kill(
    rule: FaultRule, request: web.Request, response: web.StreamResponse
) -> web.StreamResponse:
    """Kill the process before the answer is sent, or `seconds` after it."""
    if rule.seconds:
        await response.prepare(request)
        await response.write_eof()
        await asyncio.sleep(rule.seconds)
    _kill(rule)
    return response


def _kill(rule: FaultRule) -> None:
    assert rule.pid is not None
    log.info("killing process %d", rule.pid)
    # Windows has no SIGKILL; its SIGTERM ends a process just as hard.
    try:
        os.kill(rule.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except ProcessLookupError:
        log.warning("process %d was gone already", rule.pid)
