"""The gateway's protocol, spoken without a library."""

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import pytest
import zstandard

from tests.support.credentials import BOT_TOKEN
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json
from tests.support.waiting import WAIT_MAX


def identify(**more: Any) -> Json:
    return {"op": 2, "d": {"token": BOT_TOKEN, "intents": 1, "properties": {}, **more}}


async def receive(socket: aiohttp.ClientWebSocketResponse) -> Json:
    return json.loads((await socket.receive(timeout=WAIT_MAX)).data)


async def test_zlib_stream(local: LocalDiscord) -> None:
    stream = zlib.decompressobj()
    async with local.socket("&compress=zlib-stream") as socket:
        frame = (await socket.receive(timeout=WAIT_MAX)).data
        assert frame.endswith(b"\x00\x00\xff\xff")
        assert json.loads(stream.decompress(frame))["op"] == 10
        await socket.send_json(identify())
        ready = json.loads(stream.decompress((await socket.receive(timeout=WAIT_MAX)).data))
        assert (ready["t"], ready["s"]) == ("READY", 1)


async def test_zstd_stream(local: LocalDiscord) -> None:
    stream = zstandard.ZstdDecompressor().decompressobj()
    async with local.socket("&compress=zstd-stream") as socket:
        assert (
            json.loads(stream.decompress((await socket.receive(timeout=WAIT_MAX)).data))["op"] == 10
        )
        await socket.send_json(identify())
        ready = json.loads(stream.decompress((await socket.receive(timeout=WAIT_MAX)).data))
        assert ready["t"] == "READY"


async def test_a_client_that_falls_silent_is_dropped(local: LocalDiscord) -> None:
    await local.control.post("knobs", heartbeat=0.05)
    async with local.socket() as socket:
        assert (await receive(socket))["d"]["heartbeat_interval"] == 50
        await socket.send_json({"op": 1, "d": None})
        assert (await receive(socket))["op"] == 11
        closed = await socket.receive(timeout=WAIT_MAX)
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, 4009)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("no json", 4002),
        ('{"no": "op"}', 4002),
        (json.dumps({"op": 99, "d": None}), 4001),
        (json.dumps({"op": 3, "d": {}}), 4003),
        (json.dumps(identify(token="short")), 4004),
        (json.dumps(identify(shard=[2, 2])), 4010),
        (json.dumps(identify(intents=None)), 4013),
    ],
)
async def test_what_the_gateway_does_not_take(local: LocalDiscord, said: str, code: int) -> None:
    async with local.socket() as socket:
        await receive(socket)
        await socket.send_str(said)
        closed = await socket.receive(timeout=WAIT_MAX)
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, code)


async def test_an_unknown_session_cannot_be_resumed(local: LocalDiscord) -> None:
    async with local.socket() as socket:
        await receive(socket)
        resume = {"token": BOT_TOKEN, "session_id": "none", "seq": 4}
        await socket.send_json({"op": 6, "d": resume})
        assert await receive(socket) == {"op": 9, "d": False}
        await socket.send_json(identify())
        assert (await receive(socket))["t"] == "READY"
        await socket.send_json(identify())
        while (message := await socket.receive(timeout=WAIT_MAX)).type is aiohttp.WSMsgType.TEXT:
            pass
        assert message.data == 4005


async def test_members_are_sent_on_request(local: LocalDiscord) -> None:
    async with local.socket() as socket:
        await receive(socket)
        await socket.send_json(identify())
        await receive(socket)
        await receive(socket)
        guild = local.world["guilds"][0]["id"]
        wanted = {"guild_id": guild, "user_ids": [local.ben, "7"], "nonce": "n"}
        await socket.send_json({"op": 8, "d": wanted})
        chunk = (await receive(socket))["d"]
        assert [member["user"]["username"] for member in chunk["members"]] == ["ben"]
        assert (chunk["not_found"], chunk["nonce"]) == (["7"], "n")


async def test_the_gateway_has_a_latency(local: LocalDiscord) -> None:
    await local.control.post("knobs", latency=[0.05, 0.06])
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with local.socket() as socket:
        await receive(socket)
        await socket.send_json(identify())
        await receive(socket)
    assert loop.time() - began >= 0.1


async def test_a_bot_that_leaves_takes_its_session_along(local: LocalDiscord) -> None:
    async with local.socket() as socket:
        await receive(socket)
        await socket.send_json(identify())
        await receive(socket)
        assert len(await local.gateway_sessions()) == 1
    # This client says 1000, as discord.js does; discord.py says 4000 and could come back.
    assert await local.gateway_sessions() == []
