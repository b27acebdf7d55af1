"""What Discord makes of answers that are late, double or through an old token."""

import asyncio

import discord

from sandbox.discord.settings import Settings
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json
from tests.support.waiting import until


def failure(error: BaseException) -> tuple[int, int]:
    assert isinstance(error, discord.HTTPException)
    return error.status, error.code


async def test_a_late_response_is_unknown(local: LocalDiscord) -> None:
    await local.control.post("knobs", ack_timeout=0.05)
    failed = asyncio.Event()

    async def do(interaction: discord.Interaction) -> None:
        await failed.wait()
        await interaction.response.send_message("late")

    bot = await local.start(do)
    done = await local.act(name="do", to_the_end=False)
    assert (done["acked"], done["failure"]) == (False, "The application did not respond")
    failed.set()
    await until(lambda: bot.failed)
    assert failure(bot.failed[0]) == (404, 10062)
    assert await local.shown() == []


def test_the_deadlines_are_discords() -> None:
    assert (Settings().ack_timeout, Settings().token_ttl) == (3.0, 900.0)


async def test_a_second_response_is_refused(local: LocalDiscord) -> None:
    seen: list[discord.Interaction] = []

    async def do(interaction: discord.Interaction) -> None:
        seen.append(interaction)
        await interaction.response.send_message("first")

    await local.start(do)
    await local.act(name="do")
    path = f"/interactions/{seen[0].id}/{seen[0].token}/callback"
    body = {"type": 4, "data": {"content": "second"}}
    status, answer, _ = await local.rest("POST", path, json=body)
    assert (status, answer["code"]) == (400, 40060)
    assert [message["content"] for message in await local.shown()] == ["first"]


async def test_before_the_response_there_is_no_webhook(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        try:
            await interaction.followup.send("too early")
        finally:
            await interaction.response.send_message("now")

    bot = await local.start(do)
    await local.act(name="do")
    assert failure(bot.failed[0]) == (404, 10015)


async def test_unknown_tokens(local: LocalDiscord) -> None:
    app = local.world["application_id"]
    status, answer, _ = await local.rest("POST", f"/webhooks/{app}/none", json={"content": "x"})
    assert (status, answer["code"]) == (404, 10015)
    body = {"type": 4, "data": {"content": "x"}}
    status, answer, _ = await local.rest("POST", "/interactions/1/none/callback", json=body)
    assert (status, answer["code"]) == (404, 10062)


async def test_an_expired_token_then_the_channel(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card")
        sent = await interaction.original_response()
        await local.control.post("expire", message_id=str(sent.id))
        try:
            await sent.edit(content="by token")
        finally:
            assert isinstance(interaction.channel, discord.TextChannel)
            await interaction.channel.get_partial_message(sent.id).edit(content="as the bot")

    bot = await local.start(do)
    done = await local.act(name="do")
    await local.control.post(
        "messages", user_id=local.ben, channel_id=local.general, content="later"
    )
    assert failure(bot.failed[0]) == (401, 50027)
    assert (await local.message(done["message_id"]))["content"] == "as the bot"


async def test_a_token_ends_with_its_time(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("card")
        await local.control.post("knobs", token_ttl=0)
        await interaction.followup.send("too late")

    bot = await local.start(do)
    await local.act(name="do")
    assert failure(bot.failed[0]) == (401, 50027)


async def test_a_user_install_has_five_follow_ups(local: LocalDiscord) -> None:
    guild = await local.control.post("guilds", name="Without the bot", bot=False)
    place = guild["channels"][0]["id"]

    async def do(interaction: discord.Interaction) -> None:
        assert interaction.is_user_integration()
        assert interaction.context.guild
        await interaction.response.send_message("card")
        for number in range(6):
            await interaction.followup.send(str(number))

    await local.control.post("knobs", rate_limits=False)
    bot = await local.start(do)
    assert len(bot.guilds) == 1
    await local.act(name="do", install="user", channel_id=place)
    assert failure(bot.failed[0]) == (400, 40094)
    assert len(await local.shown(place)) == 6
    status, answer, _ = await local.rest("GET", f"/channels/{place}")
    assert (status, answer["code"]) == (403, 50001)


async def test_a_user_install_in_a_group(local: LocalDiscord) -> None:
    group: Json = await local.control.post(
        "channels", type=3, name="Friends", user_ids=[local.ada, local.ben]
    )

    async def do(interaction: discord.Interaction) -> None:
        assert interaction.context.private_channel
        await interaction.response.send_message("hello group")

    bot = await local.start(do)
    done = await local.act(name="do", install="user", channel_id=group["id"])
    assert (done["acked"], bot.failed) == (True, [])
    assert "does not see" in await local.refused(
        name="do", user_id=local.cleo, install="user", channel_id=group["id"]
    )


async def test_a_wrong_body_leaves_the_interaction_open(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        try:
            await interaction.response.send_message("x" * 2001)
        finally:
            path = f"/interactions/{interaction.id}/{interaction.token}/callback"
            await local.rest("POST", path, json={"type": 4, "data": {"content": "short"}})

    bot = await local.start(do)
    done = await local.act(name="do")
    assert failure(bot.failed[0]) == (400, 50035)
    assert (await local.message(done["message_id"]))["content"] == "short"
