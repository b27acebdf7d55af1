"""Webhooks of the local Horde: one call for every delivered result."""

import asyncio
import base64
import io
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from sandbox.horde import webhooks
from sandbox.horde.webhooks import WebhookSender
from tests.support.credentials import RICH
from tests.support.horde.local_horde import LocalHorde

HOOK = "https://bot.example/hooks/secret"


@asynccontextmanager
async def receiver(
    answer: Callable[[web.Request], web.Response] = lambda _: web.Response(),
) -> AsyncGenerator[tuple[str, list[Any]]]:
    got: list[Any] = []

    async def take(request: web.Request) -> web.Response:
        got.append((request.path_qs, dict(request.headers), await request.json()))
        return answer(request)

    app = web.Application()
    app.router.add_post("/{tail:.*}", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", got
    finally:
        await runner.cleanup()


async def all_arrived(got: list[Any], count: int) -> None:
    for _ in range(300):
        if len(got) >= count:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(got)


async def test_one_call_for_every_image() -> None:
    async with receiver() as (url, got), LocalHorde() as local:
        await local.knobs(webhook_hosts={"bot.example": url})
        request_id = await local.image(webhook=HOOK, params={"n": 3, "seed": "9"})
        await all_arrived(got, 3)
        path, headers, body = got[0]
        assert path == "/hooks/secret"
        assert headers["User-Agent"].startswith("python-requests/")
        assert body.keys() == {
            "img",
            "seed",
            "worker_id",
            "worker_name",
            "model",
            "id",
            "censored",
            "gen_metadata",
            "request",
            "kudos",
        }
        assert body["seed"] == 9  # a number, unlike in the status
        assert body["request"] == request_id
        assert (await local.call("GET", body["img"], key=None)).status == 200
        assert len({each["id"] for _, _, each in got}) == 3


async def test_text_and_inline_images() -> None:
    async with receiver() as (url, got), LocalHorde() as local:
        local.server.webhook_hosts = {"bot.example": url}
        await local.text(webhook=HOOK)
        await all_arrived(got, 1)
        assert got[0][2]["state"] == "ok"
        assert got[0][2]["text"]
        await local.image(webhook=HOOK, r2=False)
        await all_arrived(got, 2)
        assert Image.open(io.BytesIO(base64.b64decode(got[1][2]["img"]))).format == "WEBP"


async def test_alchemy_calls_for_every_form() -> None:
    async with receiver() as (url, got), LocalHorde() as local:
        local.server.webhook_hosts = {"bot.example": url}
        first = await local.done(await local.image(params={"width": 64, "height": 64}))
        body = {
            "source_image": first["generations"][0]["img"],
            "forms": [{"name": "caption"}, {"name": "GFPGAN"}],
            "webhook": HOOK,
        }
        request_id = (await local.post("/interrogate/async", body, key=RICH)).body["id"]
        await all_arrived(got, 2)
        assert {each["form"] for _, _, each in got} == {"caption", "GFPGAN"}
        assert {each["state"] for _, _, each in got} == {"done"}
        assert {each["request"] for _, _, each in got} == {request_id}
        assert {each["kudos"] for _, _, each in got} == {1.0, 3.0}


async def test_three_attempts_and_no_more() -> None:
    async with receiver(lambda _: web.Response(status=500)) as (url, got), LocalHorde() as local:
        local.server.webhook_hosts = {"bot.example": url}
        await local.image(webhook=HOOK)
        await all_arrived(got, 3)
        await local.until_delivered(1)
        assert len(got) == 3
        (delivery,) = (await local.control("GET", "/webhooks"))["deliveries"]
        assert delivery == {"url": HOOK, "attempts": 3, "ok": False}


async def test_a_slow_receiver_is_called_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "TIMEOUT", webhooks.aiohttp.ClientTimeout(total=0.3))
    calls: list[int] = []
    over = asyncio.Event()

    async def slow(_request: web.Request) -> web.Response:
        calls.append(1)
        if len(calls) == 1:
            await over.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", slow)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with LocalHorde() as local:
        port = runner.addresses[0][1]
        local.server.webhook_hosts = {"bot.example": f"http://127.0.0.1:{port}"}
        await local.image(webhook="https://bot.example/")
        await local.until_delivered(1)
        assert len(calls) == 2
    over.set()
    await runner.cleanup()


async def test_redirects_keep_the_body() -> None:
    def answer(request: web.Request) -> web.Response:
        if request.path == "/there":
            return web.Response()
        return web.Response(status=307, headers={"Location": "https://bot.example/there"})

    async with receiver(answer) as (url, got), LocalHorde() as local:
        local.server.webhook_hosts = {"bot.example": url}
        await local.image(webhook=HOOK)
        await all_arrived(got, 2)
        assert [path for path, _, _ in got] == ["/hooks/secret", "/there"]
        assert got[0][2] == got[1][2]


async def test_no_call_for_what_was_not_delivered() -> None:
    async with receiver() as (url, got), LocalHorde() as local:
        local.server.webhook_hosts = {"bot.example": url}
        await local.done(await local.image("[sandbox:faulted_quietly]", webhook=HOOK))
        await local.done(await local.image("[sandbox:censored]", webhook=HOOK))
        await all_arrived(got, 1)
        assert got[0][2]["censored"] is True


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/x",
        "http://elsewhere.example/x",
        "https://evil.example/x",
        "https://127.0.0.1/x",
        "https://",
    ],
)
def test_only_this_machine_is_ever_called(url: str) -> None:
    hooks = WebhookSender()
    hooks.hosts = {
        "bot.example": "http://127.0.0.1:9000/",
        "evil.example": "http://192.0.2.1",
    }
    assert hooks.local_url(url) is None
    assert hooks.local_url("https://bot.example/a?b=c") == "http://127.0.0.1:9000/a?b=c"


async def test_a_full_queue_drops() -> None:
    hooks = WebhookSender()
    for number in range(300):
        hooks.enqueue("https://bot.example", {"n": number})
    assert hooks._queue.qsize() == 256
