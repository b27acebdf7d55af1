"""One fault: which calls it meets, and what becomes of them."""

import asyncio
import json
import logging
import os
import random
import signal
from collections.abc import Mapping
from typing import Any, Literal

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel, ConfigDict, Field

log = logging.getLogger(__name__)

Server = Literal["discord", "horde", "reference"]
Kind = Literal[
    "status", "drop", "drop_after", "delay", "rate_limit", "html", "truncate", "garbage", "kill"
]


class Rule(BaseModel):
    """One fault: which calls it meets, what it does to them and how often."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    server: Server | None = None
    route: str = "*"
    times: int | None = Field(default=None, ge=1)
    after: int = Field(default=0, ge=0)
    status: int = Field(default=0, ge=0, le=599)
    body: Any = None
    seconds: float | None = Field(default=None, ge=0)
    when: Literal["receiving", "answered"] = "receiving"
    pid: int | None = Field(default=None, gt=0)

    @property
    def wait(self) -> float:
        """Seconds of a delay, or that a rate limit asks for."""
        return 1.0 if self.seconds is None else self.seconds

    def meets(self, server: str, route: str) -> bool:
        if self.server not in (None, server):
            return False
        if self.route.endswith("*"):
            return route.startswith(self.route[:-1])
        return route == self.route


class Unanswered(web.Response):
    """Stands for the answer to a caller who is gone; it goes nowhere."""


async def apply(rule: Rule, request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a call as the rule says; what it says decides whether the call is carried out."""
    match rule.kind:
        case "kill" if rule.when == "receiving":
            _kill(rule)
            return _hang_up(request)
        case "drop":
            return _hang_up(request)
        case "drop_after":
            await handler(request)
            return _hang_up(request)
        case "kill":
            return await _answer_and_kill(rule, request, await handler(request))
        case "truncate":
            return _cut(await handler(request))
        case _:
            return _instead(rule)


def _instead(rule: Rule) -> web.Response:
    """The answer that stands where the true one should be; the call is not carried out."""
    if rule.kind == "rate_limit":
        body = rule.body or {
            "message": "You are being rate limited.",
            "retry_after": rule.wait,
            "global": False,
        }
        headers = {"Via": "1.1 google", "Retry-After": f"{rule.wait:g}"}
        return _json(rule.status or 429, body, headers)
    if rule.kind == "html":
        status = rule.status or 502
        page = f"<html><head><title>{status}</title></head><body><h1>Bad gateway</h1></body></html>"
        return web.Response(status=status, text=page, content_type="text/html")
    if rule.kind == "garbage":
        junk = random.randbytes(512)  # noqa: S311  only has to be no JSON and no picture
        return web.Response(
            status=rule.status or 200, body=b"\xff" + junk, content_type="application/json"
        )
    status = rule.status or 500
    return _json(status, rule.body or {"message": f"{status}: injected fault", "code": 0})


def _json(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    text = json.dumps(body).encode()
    return web.Response(status=status, body=text, content_type="application/json", headers=headers)


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection."""
    if request.transport is not None:
        request.transport.abort()
    return Unanswered(status=500)


def _cut(response: web.StreamResponse) -> web.StreamResponse:
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        response.body = response.body[: len(response.body) // 2]
    return response


async def _answer_and_kill(
    rule: Rule, request: web.Request, response: web.StreamResponse
) -> web.StreamResponse:
    """Without `seconds` the process dies before it can read the answer; else so much later."""
    if rule.seconds:
        await response.prepare(request)
        await response.write_eof()
        await asyncio.sleep(rule.seconds)
    _kill(rule)
    return response


def _kill(rule: Rule) -> None:
    assert rule.pid is not None
    log.info("killing process %d", rule.pid)
    # Windows has no SIGKILL; its SIGTERM ends a process just as hard.
    try:
        os.kill(rule.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    except ProcessLookupError:
        log.warning("process %d was gone already", rule.pid)
