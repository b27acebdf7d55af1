"""The gateway: lost connections, sessions that are resumed, shards, compression."""

import asyncio

import discord
import pytest

from tests.support.bots.demo_bot import Bot
from tests.support.discord.local_discord import PATIENCE, TOKEN, Json, Lab, until


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
    lab.state.gateway.drop_connections()
    await until(lambda: lab.state.gateway.sessions_json()[0]["connected"] is False)
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
    await asyncio.wait_for(bot.resumed.wait(), PATIENCE)
    assert (await lab.act(name="do"))["acked"]
    assert [session["session_id"] for session in await sessions(lab)] == [before]


async def test_an_invalid_session_begins_anew(lab: Lab) -> None:
    bot = await lab.start(hello)
    before = (await sessions(lab))[0]["session_id"]
    bot.ready.clear()
    await lab.post("/gateway", action="invalidate")
    await asyncio.wait_for(bot.ready.wait(), PATIENCE)
    assert not bot.resumed.is_set()
    assert [session["session_id"] for session in await sessions(lab)] != [before]
    assert (await lab.act(name="do"))["acked"]


async def test_a_gateway_that_is_down_and_comes_up(lab: Lab) -> None:
    bot = await lab.start(hello)
    await lab.post("/knobs", ack_timeout=0.05)
    await lab.post("/gateway", action="down")
    assert (await lab.act(name="do"))["failure"] == "The application did not respond"
    await lab.post("/gateway", action="up")
    await asyncio.wait_for(bot.resumed.wait(), PATIENCE)
    await until(lambda: bot.failed)  # the missed interaction came too late
    await lab.post("/knobs", ack_timeout=PATIENCE)
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
