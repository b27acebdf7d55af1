"""The webhook behind a reverse proxy: it is faster than polls, and nothing depends on it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.horde.routes import CHECK_IMAGE, IMAGE_STATUS
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
HOST, PREFIX = "bot.example", "/hordecord"


@asynccontextmanager
async def proxy(behind: str) -> AsyncGenerator[str]:
    """As docs/operating.md has it: one path is public, its prefix is taken off, Host is kept."""
    async with aiohttp.ClientSession() as session:

        async def forward(request: web.Request) -> web.Response:
            url = behind + request.path.removeprefix(PREFIX)
            headers = {"Host": HOST, "X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https"}
            async with session.post(url, data=await request.read(), headers=headers) as answer:
                return web.Response(status=answer.status, body=await answer.read())

        app = web.Application()
        app.router.add_post(PREFIX + "/ring/{rest:.*}", forward)
        async with TestServer(app) as server:
            yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def public(own: BotProcess, own_control: Control) -> AsyncGenerator[str]:
    """The address of the proxy in front of a bot that is running."""
    listen = f"127.0.0.1:{unused_port()}"
    async with proxy(f"http://{listen}") as base:
        await own_control.post("horde/knobs", webhook_hosts={HOST: base}, job_seconds=[6, 6])
        own.start_bot(
            HORDECORD_HTTP__LISTEN=listen, HORDECORD_WEBHOOK__PUBLIC_URL=f"https://{HOST}{PREFIX}"
        )
        yield base


async def blind(control: Control) -> None:
    """From now on cheap looks fail: only a ring can bring a result before its request is old."""
    await control.post("faults", server="horde", route=CHECK_IMAGE, kind="status", status=503)


async def first_horde_request(control: Control) -> Json:
    async def arrived() -> Json | None:
        found = await control.horde_requests()
        return found[0] if found else None

    return await eventually(arrived, "the Horde has it")


async def test_a_ring_through_a_proxy_brings_the_picture(own_control: Control, public: str) -> None:
    assert public
    await blind(own_control)
    ada = await own_control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a brass bell"), wait=15)
    assert len(done.pictures) == 1
    rung = (await own_control.get("horde/webhooks"))["deliveries"]
    assert [(one["attempts"], one["ok"]) for one in rung] == [(1, True)]


async def test_parts_are_shown_as_they_ring(
    own: BotProcess, own_control: Control, public: str
) -> None:
    assert public
    await own_control.post("horde/knobs", workers={"image": 1, "text": 1, "alchemy": 1})
    await occupied(own, own_control)
    await own_control.post("horde/knobs", job_seconds=[3, 3])
    await blind(own_control)
    ada = await own_control.person("ada")
    answer = await ada.command("imagine", prompt="four bells", count=4)
    part = await ada.sees(answer.message_id, lambda m: len(m.pictures) > 0, "what rang first", 20)
    assert len(part.pictures) == 2
    assert "Cancel" in part.buttons
    assert len((await ada.result(answer)).pictures) == 4


async def occupied(own: BotProcess, control: Control) -> None:
    """Another user's picture keeps one of the worker's two threads, so that four need two goes."""
    async with aiohttp.ClientSession(headers={"apikey": "0000000000"}) as session:
        order = {"prompt": "somebody else", "params": {"width": 512, "height": 512, "n": 1}}
        async with session.post(f"{own.urls.horde}/generate/async", json=order) as answer:
            assert answer.status == 202, await answer.text()

    async def begun() -> bool | None:
        return (await first_horde_request(control))["processing"] == 1 or None

    await eventually(begun, "a worker has it")


async def test_a_flood_of_rings_costs_two_looks(own_control: Control, public: str) -> None:
    await own_control.post("horde/knobs", job_seconds=[60, 60])
    ada = await own_control.person("ada")
    await ada.command("imagine", prompt="an impatient bell")
    address: str = (await first_horde_request(own_control))["webhook"]
    path = address.removeprefix(f"https://{HOST}")
    assert path.startswith(f"{PREFIX}/ring/1/")
    await own_control.post("faults", server="horde", route=CHECK_IMAGE, kind="delay", seconds=9)
    forged = path[:-1] + ("0" if path[-1] != "0" else "1")
    async with aiohttp.ClientSession() as session:
        for number in range(120):
            body = {"request": f"{number}", "img": "https://nowhere.example/x.webp"}
            async with session.post(public + path, json=body) as answer:
                assert answer.status == 200
            async with session.post(public + forged, json=body) as answer:
                assert answer.status == 404
    calls = [call for call in await own_control.calls("horde") if call["route"] == IMAGE_STATUS]
    assert 1 <= len(calls) <= 3, "one a second, however often it rings"


@pytest.mark.parametrize("trouble", ["nobody there", "not passed on"])
async def test_a_bell_that_cannot_ring_changes_nothing(
    own: BotProcess, own_control: Control, trouble: str
) -> None:
    listen, elsewhere = (f"127.0.0.1:{unused_port()}" for _ in range(2))
    async with proxy(f"http://{elsewhere}") as base:
        nobody = f"http://127.0.0.1:{unused_port()}"
        hosts = {HOST: nobody if trouble == "nobody there" else base}
        await own_control.post("horde/knobs", webhook_hosts=hosts)
        own.start_bot(
            HORDECORD_HTTP__LISTEN=listen, HORDECORD_WEBHOOK__PUBLIC_URL=f"https://{HOST}{PREFIX}"
        )
        ada = await own_control.person("ada")
        done = await ada.result(await ada.command("imagine", prompt="a cracked bell"))
    assert len(done.pictures) == 1
    rung = (await own_control.get("horde/webhooks"))["deliveries"]
    assert [one["ok"] for one in rung] == [False]


RINGING_ACCOUNT: Json = {"username": "bell ringer", "kudos": 5000}


async def test_a_ring_names_the_request_whose_receipt_was_lost(
    own_control: Control, own: BotProcess
) -> None:
    """The account cannot be asked. Without the ring it would be made, and paid, twice."""
    listen = f"127.0.0.1:{unused_port()}"
    async with proxy(f"http://{listen}") as base:
        await own_control.post("horde/knobs", webhook_hosts={HOST: base}, job_seconds=[1, 1])
        account = await own_control.post("horde/users", **RINGING_ACCOUNT)
        own.start_bot(
            HORDECORD_HTTP__LISTEN=listen,
            HORDECORD_WEBHOOK__PUBLIC_URL=f"https://{HOST}{PREFIX}",
            HORDECORD_BACKENDS__HORDE__API_KEY=account["api_key"],
        )
        await own_control.post(
            "faults", server="horde", route="POST /generate/async", kind="drop_after", times=1
        )
        await own_control.post("faults", server="horde", route="GET /find_user", kind="status")
        ada = await own_control.person("ada")
        done = await ada.result(await ada.command("imagine", prompt="a lost bell"), wait=15)
    assert len(done.pictures) == 1
    assert "sent again" not in done.text
    assert len(await own_control.horde_requests()) == 1
