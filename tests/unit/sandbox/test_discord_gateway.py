"""The gateway: lost connections, sessions that are resumed, shards, compression."""

import asyncio
import time

import aiohttp
import discord
import pytest

from sandbox.discord.gateway.payload_handler import ACK_DELAY
from tests.support.bots.scripted_bot import ScriptedBot
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json
from tests.support.waiting import WAIT_MAX, until


def soon(_: object) -> float:
    return 0.01


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """discord.py waits up to seconds before it tries again."""
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", soon)


class Sharded(discord.AutoShardedClient):
    """Says which shard it was asked on."""

    before_identify_hook = ScriptedBot.before_identify_hook

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        assert interaction.guild is not None
        await interaction.response.send_message(f"shard {interaction.guild.shard_id}")


async def hello(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("hello")


async def test_discord_py_uses_zstd(local: LocalDiscord) -> None:
    await local.start(hello)
    session = (await local.gateway_sessions())[0]
    assert (session["compress"], session["connected"]) == ("zstd-stream", True)
    assert session["intents"] == discord.Intents(guilds=True).value


async def test_an_event_missed_while_away_is_replayed(local: LocalDiscord) -> None:
    bot = await local.start(hello)
    local.state.gateway.is_down = True
    local.state.gateway.drop_connections()
    await until(lambda: local.state.gateway.sessions_json()[0]["connected"] is False)
    missed = asyncio.create_task(local.act(name="do"))
    await until(local.state.interactions.tokens)
    local.state.gateway.is_down = False
    assert (await missed)["acked"] is True
    assert bot.resumed.is_set()
    assert len(await local.gateway_sessions()) == 1


@pytest.mark.parametrize(
    "body",
    [{"action": "reconnect"}, {"action": "invalidate", "resumable": True}, {"action": "drop"}],
)
async def test_a_session_is_resumed(local: LocalDiscord, body: Json) -> None:
    bot = await local.start(hello)
    before = (await local.gateway_sessions())[0]["session_id"]
    await local.control.post("gateway", **body)
    await asyncio.wait_for(bot.resumed.wait(), WAIT_MAX)
    assert (await local.act(name="do"))["acked"]
    assert [session["session_id"] for session in await local.gateway_sessions()] == [before]


async def test_an_invalid_session_begins_anew(local: LocalDiscord) -> None:
    bot = await local.start(hello)
    before = (await local.gateway_sessions())[0]["session_id"]
    bot.ready.clear()
    await local.control.post("gateway", action="invalidate")
    await asyncio.wait_for(bot.ready.wait(), WAIT_MAX)
    assert not bot.resumed.is_set()
    assert [session["session_id"] for session in await local.gateway_sessions()] != [before]
    assert (await local.act(name="do"))["acked"]


async def test_a_gateway_that_is_down_and_comes_up(local: LocalDiscord) -> None:
    bot = await local.start(hello)
    await local.control.post("knobs", ack_timeout=0.05)
    await local.control.post("gateway", action="down")
    assert (await local.act(name="do"))["failure"] == "The application did not respond"
    await local.control.post("gateway", action="up")
    await asyncio.wait_for(bot.resumed.wait(), WAIT_MAX)
    await until(lambda: bot.failed)  # the missed interaction came too late
    await local.control.post("knobs", ack_timeout=WAIT_MAX)
    assert (await local.act(name="do"))["acked"]


def events_of_shards(local: LocalDiscord) -> dict[int, int]:
    return {one.shard: one.seq for one in local.state.gateway.sessions.values() if one.shards == 2}


async def test_guilds_go_to_their_shards(local: LocalDiscord) -> None:
    guilds: list[Json] = [local.world["guilds"][0]]
    while len({(int(guild["id"]) >> 22) % 2 for guild in guilds}) < 2:
        guilds.append(await local.control.post("guilds", name="Another"))

    registering = await local.start()
    await registering.close()
    bot = Sharded(intents=discord.Intents(guilds=True), shard_count=2, guild_ready_timeout=0.02)
    running = asyncio.create_task(bot.start(BOT_TOKEN))
    await until(lambda: len(bot.guilds) == len(guilds))
    shards = [
        session["shard"] for session in await local.gateway_sessions() if session["connected"]
    ]
    assert sorted(shards) == [[0, 2], [1, 2]]
    for guild in guilds:
        own = (int(guild["id"]) >> 22) % 2
        before = events_of_shards(local)
        done = await local.act(name="do", channel_id=guild["channels"][0]["id"])
        assert (await local.message(done["message_id"]))["content"] == f"shard {own}"
        after = events_of_shards(local)
        assert (after[own], after[1 - own]) == (before[own] + 1, before[1 - own])
    await bot.close()
    await running


async def test_a_guild_joined_and_left(local: LocalDiscord) -> None:
    bot = await local.start(hello)
    guild = await local.control.post("guilds", name="New", channels=["one", "two"])
    await until(lambda: len(bot.guilds) == 2)
    done = await local.act(name="do", channel_id=guild["channels"][1]["id"])
    assert done["acked"]
    assert (await local.control.request("DELETE", f"guilds/{guild['id']}"))[0] == 204
    await until(lambda: len(bot.guilds) == 1)
    status, body, _ = await local.rest("GET", f"/guilds/{guild['id']}")
    assert (status, body["code"]) == (404, 10004)


async def test_channels_change_under_the_bot(local: LocalDiscord) -> None:
    bot = await local.start()
    guild = bot.guilds[0]
    new = await local.control.post("channels", guild_id=str(guild.id), name="new")
    await until(lambda: guild.get_channel(int(new["id"])))
    await local.control.request("PATCH", f"channels/{new['id']}", json={"nsfw": True})
    channel = guild.get_channel(int(new["id"]))
    assert isinstance(channel, discord.TextChannel)
    await until(channel.is_nsfw)
    await local.control.request("DELETE", f"channels/{new['id']}")
    await until(lambda: guild.get_channel(int(new["id"])) is None)


async def test_heartbeat_is_answered_after_the_client_noted_it(local: LocalDiscord) -> None:
    url = local.state.gateway.payload_handler.url
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        before = time.monotonic()
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        assert time.monotonic() - before >= 0.9 * ACK_DELAY


async def test_reactions_are_told_once_each(local: LocalDiscord) -> None:
    bot = await local.start(intents=discord.Intents(guilds=True, reactions=True))
    told: list[tuple[str, str, bool, bool]] = []

    async def note(event: discord.RawReactionActionEvent) -> None:
        own = event.message_author_id == int(local.ben)
        told.append((event.event_type, str(event.emoji), event.member is not None, own))

    bot.on_raw_reaction_add = bot.on_raw_reaction_remove = note  # pyright: ignore[reportAttributeAccessIssue]
    body = {"user_id": local.ada, "emoji": "\N{FOX FACE}"}
    for channel, mine in ((local.general, True), (local.dm, False)):
        author = local.ben if mine else local.ada
        message = await local.control.post(
            "messages", user_id=author, channel_id=channel, content="a fox"
        )
        for method in ("POST", "POST", "DELETE", "DELETE"):
            reaction = body | {"message_id": message["id"]}
            assert (await local.control.request(method, "reactions", json=reaction))[0] == 204
    await until(lambda: len(told) == 4)
    fox = "\N{FOX FACE}"
    added, removed = "REACTION_ADD", "REACTION_REMOVE"
    assert told == [
        (added, fox, True, True),
        (removed, fox, False, False),
        (added, fox, False, False),
        (removed, fox, False, False),
    ]


async def test_private_answer_has_no_reactions(local: LocalDiscord) -> None:
    async def secret(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("hello", ephemeral=True)

    await local.start(secret)
    message_id = (await local.act(name="do"))["message_id"]
    body = {"user_id": local.ada, "emoji": "x", "message_id": message_id}
    assert (await local.control.request("POST", "reactions", json=body))[0] == 400
