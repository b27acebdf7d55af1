"""Answers that never end: each call ends within its time, and an error is known by its status."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.errors import BackendDown
from bot.http import client
from bot.http.client import Reply, exchange
from bot.http.streams import streamed
from sandbox.faults import Faults

SECONDS = 0.6  # of a call
AT_LAST = 5.0  # seconds for a test, on a busy machine


class Server:
    """A server with faults, and calls to it."""

    def __init__(self, url: str, faults: Faults, http: aiohttp.ClientSession) -> None:
        self.url, self.faults, self.http = url, faults, http

    async def call(self, **rule: Any) -> Reply:
        self.faults.add(rule)
        return await exchange(
            self.http, "GET", self.url, headers={}, seconds=SECONDS, cap=1_000_000
        )

    async def text(self, **rule: Any) -> bytes | None:
        self.faults.add(rule)
        async with streamed(
            self.http, self.url, headers={}, data=b"{}", silence=SECONDS, seconds=AT_LAST
        ) as reply:
            return await reply.whole(1_000_000)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    faults = Faults()
    app = web.Application(middlewares=[faults.middleware("openai", lambda _request: "GET /")])

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"text": "a fox"})

    app.router.add_route("*", "/", answer)
    runner = web.AppRunner(app, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        began = time.monotonic()
        yield Server(f"http://127.0.0.1:{runner.addresses[0][1]}/", faults, http)
        assert time.monotonic() - began < AT_LAST
    await runner.cleanup()


@pytest.mark.parametrize("status", [402, 503])
async def test_error_that_drips_is_known_by_its_status(
    server: Server, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(client, "ERROR_SECONDS", 0.1)
    reply = await server.call(kind="drip", status=status, seconds=0.02)
    assert (reply.status, reply.raw) == (status, None)
    assert await server.text(kind="drip", status=status, seconds=0.02) is None


async def test_large_error_is_known_by_its_status(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "ERROR_MAX", 10)
    reply = await server.call(kind="status", status=500)
    assert (reply.status, reply.raw) == (500, None)


@pytest.mark.parametrize("kind", ["hang", "headers", "stall"])
async def test_answer_without_an_end_is_in_doubt(server: Server, kind: str) -> None:
    with pytest.raises(BackendDown) as caught:
        await server.call(kind=kind, seconds=0.05)
    assert caught.value.in_doubt


async def test_flood_of_headers_is_bounded(server: Server) -> None:
    with pytest.raises(BackendDown) as caught:
        await server.call(kind="headers", seconds=0.0)
    assert caught.value.in_doubt


@pytest.mark.parametrize("kind", ["hang", "stall"])
async def test_stream_that_stays_open_ends_after_its_silence(server: Server, kind: str) -> None:
    with pytest.raises(BackendDown) as caught:
        async with asyncio.timeout(AT_LAST):
            await server.text(kind=kind)
    assert caught.value.in_doubt
