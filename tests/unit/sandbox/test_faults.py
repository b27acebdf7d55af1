"""Faults: which calls they meet, what a client sees of them, and kill points."""

import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from pydantic import ValidationError

from sandbox.faults import KEPT_CALLS, Faults
from tests.support.discord.local_discord import LocalDiscord
from tests.support.paths import ROOT
from tests.support.waiting import WAIT_MAX, until

BODY = {"a": 1, "b": [1, 2, 3]}
KILLED = -9


class FaultyServer:
    """A server with one endpoint behind faults, and a client of it."""

    def __init__(self, url: str, faults: Faults, http: aiohttp.ClientSession) -> None:
        self.url, self.faults, self.http = url, faults, http
        self.carried_out = 0
        self.work_seconds = 0.0

    async def call(self, path: str = "/thing/1") -> tuple[int, bytes]:
        # POST: an aiohttp client repeats a GET by itself when the connection is lost.
        async with self.http.post(self.url + path) as answer:
            return answer.status, await answer.read()


@pytest.fixture
async def faulty() -> AsyncIterator[FaultyServer]:
    faults = Faults()

    async def thing(_: web.Request) -> web.Response:
        await asyncio.sleep(here.work_seconds)
        here.carried_out += 1
        return web.json_response(BODY)

    app = web.Application(middlewares=[faults.middleware("horde", route_of)])
    app.router.add_post("/thing/{id}", thing)
    app.router.add_post("/hidden", thing)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        here = FaultyServer(f"http://127.0.0.1:{runner.addresses[0][1]}", faults, http)
        yield here
    await runner.cleanup()


def route_of(request: web.Request) -> str:
    resource = request.match_info.route.resource
    path = resource.canonical if resource else "(unknown)"
    return "" if path == "/hidden" else f"{request.method} {path}"


async def test_calls_are_recorded(faulty: FaultyServer) -> None:
    assert (await faulty.call())[0] == 200
    assert (await faulty.call("/none"))[0] == 404
    assert (await faulty.call("/hidden"))[0] == 200
    first, second = faulty.faults.calls
    assert (first.n, first.server, first.route) == (1, "horde", "POST /thing/{id}")
    assert (first.path, first.status) == ("/thing/1", 200)
    assert (second.route, second.status) == ("POST (unknown)", 404)
    assert first.ms is not None
    assert faulty.faults.calls_after(1) == [second]


async def test_tokens_are_not_recorded() -> None:
    call = Faults().record("discord", "x", "/api/v10/webhooks/12/SeCrEt/messages/@original?wait=1")
    assert call.path == "/api/v10/webhooks/12/…/messages/@original?wait=1"
    call = Faults().record("discord", "x", "/api/v10/interactions/12/SeCrEt/callback")
    assert call.path == "/api/v10/interactions/12/…/callback"


async def test_a_long_run_keeps_the_newest_calls() -> None:
    faults = Faults()
    for _ in range(3 * KEPT_CALLS):
        faults.record("horde", "x", "/x")
    assert KEPT_CALLS <= len(faults.calls) <= 2 * KEPT_CALLS
    assert faults.calls_after(3 * KEPT_CALLS - 2) == faults.calls[-2:]
    assert faults.calls_after(0) == faults.calls


ANSWERS: list[tuple[dict[str, Any], int, bytes]] = [
    ({"kind": "status", "status": 503}, 503, b'{"message": "503: injected fault", "code": 0}'),
    ({"kind": "status", "status": 403, "body": {"rc": "X"}}, 403, b'{"rc": "X"}'),
    ({"kind": "html"}, 502, b"<html>"),
    ({"kind": "garbage"}, 200, b"\xff"),
    ({"kind": "truncate"}, 200, b'{"a": 1'),
    ({"kind": "rate_limit", "seconds": 7}, 429, b'{"message": "You are being rate limited."'),
]


@pytest.mark.parametrize(("rule", "status", "start"), ANSWERS)
async def test_what_a_client_sees(
    faulty: FaultyServer, rule: dict[str, Any], status: int, start: bytes
) -> None:
    faulty.faults.add({**rule, "times": 1})
    seen, body = await faulty.call()
    assert (seen, body[: len(start)]) == (status, start)
    assert body != BODY_TEXT
    assert (await faulty.call()) == (200, BODY_TEXT)
    assert [call.note for call in faulty.faults.calls] == [rule["kind"], ""]


BODY_TEXT = json.dumps(BODY).encode()


@pytest.mark.parametrize(("kind", "carried_out"), [("drop", 0), ("drop_after", 1)])
async def test_a_lost_connection(faulty: FaultyServer, kind: str, carried_out: int) -> None:
    faulty.faults.add({"kind": kind, "times": 1})
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await faulty.call()
    assert faulty.carried_out == carried_out
    assert faulty.faults.calls[0].status is None
    assert (await faulty.call())[0] == 200


async def test_connection_dropped_during_work_when_seconds_are_given(faulty: FaultyServer) -> None:
    faulty.work_seconds = 0.2
    faulty.faults.add({"kind": "drop_after", "seconds": 0.02, "times": 1})
    began = asyncio.get_running_loop().time()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await faulty.call()
    assert asyncio.get_running_loop().time() - began < 0.2
    assert faulty.carried_out == 0
    await until(lambda: faulty.carried_out == 1)


async def test_cut_body_ends_after_its_pieces(faulty: FaultyServer) -> None:
    faulty.faults.add({"kind": "cut", "pieces": 1, "times": 1})
    async with faulty.http.post(faulty.url + "/thing/1") as answer:
        assert answer.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await answer.read()
    assert (await faulty.call()) == (200, BODY_TEXT)


async def test_slow_body_arrives_whole(faulty: FaultyServer) -> None:
    faulty.faults.add({"kind": "slow", "seconds": 0.02})
    began = asyncio.get_running_loop().time()
    assert (await faulty.call()) == (200, BODY_TEXT)
    assert asyncio.get_running_loop().time() - began >= 0.08


async def test_delay_goes_with_another_fault(faulty: FaultyServer) -> None:
    faulty.faults.add({"kind": "delay", "seconds": 0.03})
    faulty.faults.add({"kind": "status", "status": 418})
    loop = asyncio.get_running_loop()
    began = loop.time()
    assert (await faulty.call())[0] == 418
    assert loop.time() - began >= 0.03


async def test_latency_counts_both_ways(faulty: FaultyServer) -> None:
    faulty.faults.latency["horde"] = (0.02, 0.025)
    await faulty.call()
    ms = faulty.faults.calls[0].ms
    assert ms is not None
    assert ms >= 40


async def test_rules_count_the_calls_they_meet(faulty: FaultyServer) -> None:
    faulty.faults.add({"kind": "status", "route": "POST /thing/*", "after": 1, "times": 2})
    faulty.faults.add({"kind": "status", "route": "GET /thing/*"})
    faulty.faults.add({"kind": "status", "server": "discord"})
    statuses = [(await faulty.call())[0] for _ in range(4)]
    assert statuses == [200, 500, 500, 200]


async def test_the_first_of_two_rules_fires_and_the_second_keeps_its_turn(
    faulty: FaultyServer,
) -> None:
    faulty.faults.add({"kind": "status", "status": 501, "times": 1})
    faulty.faults.add({"kind": "status", "status": 502, "times": 1})
    assert [(await faulty.call())[0] for _ in range(3)] == [501, 502, 200]


async def test_rules_are_disarmed(faulty: FaultyServer) -> None:
    first = faulty.faults.add({"kind": "status"})
    faulty.faults.add({"kind": "html"})
    faulty.faults.clear(first)
    assert (await faulty.call())[0] == 502
    faulty.faults.clear()
    assert (await faulty.call())[0] == 200
    with pytest.raises(KeyError):
        faulty.faults.clear(first)


@pytest.mark.parametrize(
    "rule", [{}, {"kind": "explode"}, {"kind": "status", "tims": 1}, {"kind": "drop", "times": 0}]
)
def test_a_wrong_rule_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Faults().add(rule)


def test_a_kill_needs_a_process() -> None:
    with pytest.raises(ValueError, match="pid"):
        Faults().add({"kind": "kill"})


# --- kill points ------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def bot_process(local: LocalDiscord) -> AsyncGenerator[asyncio.subprocess.Process]:
    """An unmodified discord.py in a process of its own; without zstandard it uses zlib."""
    script = ROOT / "tests" / "support" / "bots" / "counting_bot.py"
    process = await asyncio.create_subprocess_exec(
        sys.executable, script, local.box.urls.discord, local.box.urls.gateway
    )
    try:
        await until(lambda: any(one["connected"] for one in local.state.gateway.sessions_json()))
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@pytest.mark.parametrize(("when", "edited"), [("receiving", False), ("answered", True)])
async def test_a_kill_point(local: LocalDiscord, when: str, edited: bool) -> None:
    route = "PATCH /webhooks/{app}/{token}/messages/{message}"
    async with bot_process(local) as process:
        assert local.state.gateway.sessions_json()[0]["compress"] == "zlib-stream"
        await local.control.post(
            "faults", kind="kill", when=when, route=route, after=1, pid=process.pid
        )
        first = await local.act(name="count")
        assert await asyncio.wait_for(process.wait(), WAIT_MAX) == KILLED
        message = await local.message(first["message_id"])
        assert message["content"] == ("2" if edited else "1")
        calls = await local.calls(route)
        assert [call["status"] for call in calls] == [200, 200 if edited else None]
    assert (await local.control.request("DELETE", "faults/1"))[
        0
    ] == 404  # it killed once and is gone
