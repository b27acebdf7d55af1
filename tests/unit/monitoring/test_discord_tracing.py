"""Calls to Discord are timed by their shape, and what stands in their addresses goes nowhere."""

import asyncio
from collections.abc import AsyncGenerator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from bot.monitoring import discord_tracing as module
from bot.monitoring.discord_tracing import DiscordTracing, call_of
from bot.monitoring.metrics import Metrics
from tests.support.metrics import sample_value

API = "/api/v10"
INTERACTION_TOKEN = "aW50ZXJhY3Rpb246very-secret"
ACK = f"{API}/interactions/1234/{INTERACTION_TOKEN}/callback"


@pytest.mark.parametrize(
    ("method", "path", "call"),
    [
        ("POST", ACK, "ack"),
        ("PATCH", f"{API}/webhooks/5/{INTERACTION_TOKEN}/messages/@original", "edit"),
        ("PATCH", f"{API}/webhooks/5/{INTERACTION_TOKEN}/messages/77", "edit"),
        ("PATCH", f"{API}/channels/6/messages/77", "edit"),
        ("POST", f"{API}/webhooks/5/{INTERACTION_TOKEN}", "post"),
        ("POST", f"{API}/channels/6/messages", "post"),
        ("DELETE", f"{API}/channels/6/messages/77", "other"),
        ("GET", f"{API}/webhooks/5/{INTERACTION_TOKEN}/messages/@original", "other"),
        ("GET", f"{API}/gateway/bot", "other"),
        ("PUT", f"{API}/applications/5/commands", "other"),
    ],
)
def test_a_call_is_known_by_its_shape(method: str, path: str, call: str) -> None:
    assert call_of(method, path) == call


@pytest.fixture
async def discord() -> AsyncGenerator[BaseTestServer]:
    """Answers with the status that the query asks for."""

    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(float(request.query.get("wait", "0")))
        if "drop" in request.query and request.transport:
            request.transport.abort()
        return web.Response(status=int(request.query.get("status", "200")))

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        yield server


async def requested(calls: DiscordTracing, server: BaseTestServer, method: str, path: str) -> None:
    async with aiohttp.ClientSession(trace_configs=[calls.trace()]) as session:
        try:
            async with session.request(method, server.make_url(path)):
                pass
        except aiohttp.ClientError:
            assert "drop" in path


async def test_an_answer_is_timed_from_the_interaction_on(discord: BaseTestServer) -> None:
    metrics = Metrics()
    calls = DiscordTracing(metrics)
    calls.arrived(1234, "application_command")
    await asyncio.sleep(0.05)
    await requested(calls, discord, "POST", ACK)
    kind = {"type": "application_command"}
    assert sample_value(metrics, "ack_seconds_count", **kind) == 1
    assert sample_value(metrics, "ack_seconds_sum", **kind) >= 0.05
    assert sample_value(metrics, "discord_calls_total", call="ack", answer="2xx") == 1
    assert INTERACTION_TOKEN not in metrics.text().decode()
    assert "1234" not in metrics.text().decode()


async def test_a_refused_answer_is_none(discord: BaseTestServer) -> None:
    metrics = Metrics()
    calls, answered = DiscordTracing(metrics), list[int]()
    calls.on_answered = answered.append
    calls.arrived(1234, "component")
    await requested(calls, discord, "POST", f"{ACK}?status=503")
    assert sample_value(metrics, "ack_seconds_count", type="component") == 0
    assert answered == []
    await requested(calls, discord, "POST", ACK)  # the library tries again
    assert sample_value(metrics, "ack_seconds_count", type="component") == 1
    assert answered == [1234]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("status=204", "2xx"),
        ("status=404", "4xx"),
        ("status=429", "429"),
        ("status=502", "5xx"),
        ("drop=1", "lost"),
    ],
)
async def test_what_came_of_a_call_is_counted(
    discord: BaseTestServer, query: str, answer: str
) -> None:
    metrics = Metrics()
    path = f"{API}/channels/6/messages/77?{query}"
    await requested(DiscordTracing(metrics), discord, "PATCH", path)
    assert sample_value(metrics, "discord_calls_total", call="edit", answer=answer) == 1
    assert sample_value(metrics, "discord_call_seconds_count", call="edit") == 1


async def test_interactions_that_were_never_answered_are_let_go(
    discord: BaseTestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "REMEMBERED", 3)
    metrics = Metrics()
    calls = DiscordTracing(metrics)
    for number in (1234, 1, 2, 3):
        calls.arrived(number, "modal_submit")
    await requested(calls, discord, "POST", ACK)
    assert sample_value(metrics, "ack_seconds_count", type="modal_submit") == 0
    await requested(calls, discord, "POST", ACK.replace("1234", "3"))
    assert sample_value(metrics, "ack_seconds_count", type="modal_submit") == 1
