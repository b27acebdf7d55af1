"""The gateway: lost connections, sessions that are resumed, shards, compression."""

import asyncio
import json
import zlib
from typing import Any

import aiohttp
import discord
import pytest
import zstandard

from tests.sandbox.discord_kit import TOKEN, Bot, Json, Lab, until


def soon(_: object) -> float:
    return 0.01


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits up to seconds before it tries again."""
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", soon)


class Sharded(discord.AutoShardedClient):
    """Says which shard it was asked on."""

    before_identify_hook = Bot.before_identify_hook

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        assert interaction.guild is not None
        await interaction.response.send_message(f"shard {interaction.guild.shard_id}")


async def sessions(lab: Lab) -> list[Json]:
    return (await lab.get("/gateway"))["sessions"]


async def hello(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("hello")


async def test_discord_py_uses_zstd(lab: Lab) -> None:
    await lab.start(hello)
    session = (await sessions(lab))[0]
    assert (session["compress"], session["connected"]) == ("zstd-stream", True)
    assert session["intents"] == discord.Intents(guilds=True).value


async def test_an_event_missed_while_away_is_replayed(lab: Lab) -> None:
    bot = await lab.start(hello)
    lab.state.gateway.is_down = True
    lab.state.gateway.drop()
    await until(lambda: lab.state.gateway.describe()[0]["connected"] is False)
    missed = asyncio.create_task(lab.act(name="do"))
    await until(lab.state.interactions.tokens)
    lab.state.gateway.is_down = False
    assert (await missed)["acked"] is True
    assert bot.resumed.is_set()
    assert len(await sessions(lab)) == 1


@pytest.mark.parametrize(
    "body",
    [{"action": "reconnect"}, {"action": "invalidate", "resumable": True}, {"action": "drop"}],
)
async def test_a_session_is_resumed(lab: Lab, body: Json) -> None:
    bot = await lab.start(hello)
    before = (await sessions(lab))[0]["session_id"]
    await lab.post("/gateway", **body)
    await asyncio.wait_for(bot.resumed.wait(), 5)
    assert (await lab.act(name="do"))["acked"]
    assert [session["session_id"] for session in await sessions(lab)] == [before]


async def test_an_invalid_session_begins_anew(lab: Lab) -> None:
    bot = await lab.start(hello)
    before = (await sessions(lab))[0]["session_id"]
    bot.ready.clear()
    await lab.post("/gateway", action="invalidate")
    await asyncio.wait_for(bot.ready.wait(), 5)
    assert not bot.resumed.is_set()
    assert [session["session_id"] for session in await sessions(lab)] != [before]
    assert (await lab.act(name="do"))["acked"]


async def test_a_gateway_that_is_down_and_comes_up(lab: Lab) -> None:
    bot = await lab.start(hello)
    await lab.post("/knobs", ack_timeout=0.05)
    await lab.post("/gateway", action="down")
    assert (await lab.act(name="do"))["failure"] == "The application did not respond"
    await lab.post("/gateway", action="up")
    await asyncio.wait_for(bot.resumed.wait(), 5)
    await until(lambda: bot.failed)  # the missed interaction came too late
    await lab.post("/knobs", ack_timeout=3)
    assert (await lab.act(name="do"))["acked"]


def events_of_shards(lab: Lab) -> dict[int, int]:
    return {one.shard: one.seq for one in lab.state.gateway.sessions.values() if one.shards == 2}


async def test_guilds_go_to_their_shards(lab: Lab) -> None:
    guilds: list[Json] = [lab.world["guilds"][0]]
    while len({(int(guild["id"]) >> 22) % 2 for guild in guilds}) < 2:
        guilds.append(await lab.post("/guilds", name="Another"))

    registering = await lab.start()
    await registering.close()
    bot = Sharded(intents=discord.Intents(guilds=True), shard_count=2, guild_ready_timeout=0.02)
    running = asyncio.create_task(bot.start(TOKEN))
    await until(lambda: len(bot.guilds) == len(guilds))
    shards = [session["shard"] for session in await sessions(lab) if session["connected"]]
    assert sorted(shards) == [[0, 2], [1, 2]]
    for guild in guilds:
        own = (int(guild["id"]) >> 22) % 2
        before = events_of_shards(lab)
        done = await lab.act(name="do", channel_id=guild["channels"][0]["id"])
        assert (await lab.message(done["message_id"]))["content"] == f"shard {own}"
        after = events_of_shards(lab)
        assert (after[own], after[1 - own]) == (before[own] + 1, before[1 - own])
    await bot.close()
    await running


async def test_a_guild_joined_and_left(lab: Lab) -> None:
    bot = await lab.start(hello)
    guild = await lab.post("/guilds", name="New", channels=["one", "two"])
    await until(lambda: len(bot.guilds) == 2)
    done = await lab.act(name="do", channel_id=guild["channels"][1]["id"])
    assert done["acked"]
    assert (await lab.call("DELETE", f"/guilds/{guild['id']}"))[0] == 204
    await until(lambda: len(bot.guilds) == 1)
    status, body, _ = await lab.rest("GET", f"/guilds/{guild['id']}")
    assert (status, body["code"]) == (404, 10004)


async def test_channels_change_under_the_bot(lab: Lab) -> None:
    bot = await lab.start()
    guild = bot.guilds[0]
    new = await lab.post("/channels", guild_id=str(guild.id), name="new")
    await until(lambda: guild.get_channel(int(new["id"])))
    await lab.call("PATCH", f"/channels/{new['id']}", json={"nsfw": True})
    channel = guild.get_channel(int(new["id"]))
    assert isinstance(channel, discord.TextChannel)
    await until(channel.is_nsfw)
    await lab.call("DELETE", f"/channels/{new['id']}")
    await until(lambda: guild.get_channel(int(new["id"])) is None)


# --- without a library ------------------------------------------------------------------------


def identify(**more: Any) -> Json:
    return {"op": 2, "d": {"token": TOKEN, "intents": 1, "properties": {}, **more}}


async def receive(socket: aiohttp.ClientWebSocketResponse) -> Json:
    return json.loads((await socket.receive(timeout=3)).data)


async def test_zlib_stream(lab: Lab) -> None:
    stream = zlib.decompressobj()
    async with lab.socket("&compress=zlib-stream") as socket:
        frame = (await socket.receive(timeout=3)).data
        assert frame.endswith(b"\x00\x00\xff\xff")
        assert json.loads(stream.decompress(frame))["op"] == 10
        await socket.send_json(identify())
        ready = json.loads(stream.decompress((await socket.receive(timeout=3)).data))
        assert (ready["t"], ready["s"]) == ("READY", 1)


async def test_zstd_stream(lab: Lab) -> None:
    stream = zstandard.ZstdDecompressor().decompressobj()
    async with lab.socket("&compress=zstd-stream") as socket:
        assert json.loads(stream.decompress((await socket.receive(timeout=3)).data))["op"] == 10
        await socket.send_json(identify())
        ready = json.loads(stream.decompress((await socket.receive(timeout=3)).data))
        assert ready["t"] == "READY"


async def test_a_client_that_falls_silent_is_dropped(lab: Lab) -> None:
    await lab.post("/knobs", heartbeat=0.05)
    async with lab.socket() as socket:
        assert (await receive(socket))["d"]["heartbeat_interval"] == 50
        await socket.send_json({"op": 1, "d": None})
        assert (await receive(socket))["op"] == 11
        closed = await socket.receive(timeout=3)
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
async def test_what_the_gateway_does_not_take(lab: Lab, said: str, code: int) -> None:
    async with lab.socket() as socket:
        await receive(socket)
        await socket.send_str(said)
        closed = await socket.receive(timeout=3)
        assert (closed.type, closed.data) == (aiohttp.WSMsgType.CLOSE, code)


async def test_an_unknown_session_cannot_be_resumed(lab: Lab) -> None:
    async with lab.socket() as socket:
        await receive(socket)
        resume = {"token": TOKEN, "session_id": "none", "seq": 4}
        await socket.send_json({"op": 6, "d": resume})
        assert await receive(socket) == {"op": 9, "d": False}
        await socket.send_json(identify())
        assert (await receive(socket))["t"] == "READY"
        await socket.send_json(identify())
        while (message := await socket.receive(timeout=3)).type is aiohttp.WSMsgType.TEXT:
            pass
        assert message.data == 4005


async def test_members_are_sent_on_request(lab: Lab) -> None:
    async with lab.socket() as socket:
        await receive(socket)
        await socket.send_json(identify())
        await receive(socket)
        await receive(socket)
        guild = lab.world["guilds"][0]["id"]
        wanted = {"guild_id": guild, "user_ids": [lab.ben, "7"], "nonce": "n"}
        await socket.send_json({"op": 8, "d": wanted})
        chunk = (await receive(socket))["d"]
        assert [member["user"]["username"] for member in chunk["members"]] == ["ben"]
        assert (chunk["not_found"], chunk["nonce"]) == (["7"], "n")


async def test_the_gateway_has_a_latency(lab: Lab) -> None:
    await lab.post("/knobs", latency=[0.05, 0.06])
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with lab.socket() as socket:
        await receive(socket)
        await socket.send_json(identify())
        await receive(socket)
    assert loop.time() - began >= 0.1


async def test_a_bot_that_leaves_takes_its_session_along(lab: Lab) -> None:
    async with lab.socket() as socket:
        await receive(socket)
        await socket.send_json(identify())
        await receive(socket)
        assert len(await sessions(lab)) == 1
    # This client says 1000, as discord.js does; discord.py says 4000 and could come back.
    assert await sessions(lab) == []
