"""Commands of an unmodified discord.py: registered, typed by people, answered."""

import json

import discord
import pytest
from discord import app_commands

from tests.support.bots.scripted_bot import ScriptedBot
from tests.support.builders import png
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json


async def test_log_in_syncs_the_commands(local: LocalDiscord) -> None:
    bot = await local.start()
    names = {(one["type"], one["name"]) for one in await local.control.get("commands")}
    assert names == {
        (1, "do"),
        (1, "paint"),
        (1, "account"),
        (2, "Gift kudos"),
        (3, "Describe"),
    }
    assert [guild.name for guild in bot.guilds] == ["The Workshop"]
    assert bot.application_id == int(local.world["application_id"])


async def test_a_second_sync_keeps_ids_and_versions(local: LocalDiscord) -> None:
    bot = await local.start()
    before = await local.control.get("commands")
    bot.tree.remove_command("do")
    await bot.tree.sync()
    after = await local.control.get("commands")
    assert after == [one for one in before if one["name"] != "do"]


async def test_every_kind_of_option_arrives_typed(local: LocalDiscord) -> None:
    await local.start()
    upload = await local.upload("in put.png", png(7, 5))
    assert (upload["width"], upload["height"]) == (7, 5)
    options = {
        "prompt": "a fox",
        "count": 3,
        "strength": 0.25,
        "shape": "tall",
        "person": local.ben,
        "place": local.pictures,
        "image": upload["id"],
    }
    done = await local.act(name="paint", options=options)
    assert (done["acked"], done["type"], done["ephemeral"]) == (True, 4, False)
    message = await local.message(done["message_id"])
    size = len(png(7, 5))
    expected = ["a fox", 3, 0.25, "tall", "ben", "pictures", ["in_put.png", 7, size], ""]
    assert json.loads(message["content"]) == expected


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "prompt is required"),
        ({"prompt": "x"}, "prompt must be 2 to 20 characters long"),
        ({"prompt": "fox", "count": 5}, "count must be at most 4"),
        ({"prompt": "fox", "count": 1.5}, "count must be a whole number"),
        ({"prompt": "fox", "strength": -1}, "strength must be at least 0"),
        ({"prompt": "fox", "shape": "round"}, "shape must be one of its choices"),
        ({"prompt": "fox", "private": "yes"}, "private must be true or false"),
        ({"prompt": "fox", "person": "12"}, "person must be the id of a user"),
        ({"prompt": "fox", "image": "12"}, "image must be the id of an upload"),
        ({"prompt": "fox", "colour": "red"}, "there is no option colour"),
    ],
)
async def test_the_client_checks_options(local: LocalDiscord, options: Json, why: str) -> None:
    await local.start()
    assert why in await local.refused(name="paint", options=options)


async def test_subcommands_go_by_their_words(local: LocalDiscord) -> None:
    await local.start()
    done = await local.act(name="account login", options={"name": "ada"})
    assert done["ephemeral"] is True
    assert (await local.message(done["message_id"]))["content"] == "logged in ada"
    assert "subcommand" in await local.refused(name="account")
    assert "logout" in await local.refused(name="account logout")


async def test_autocomplete_sees_what_is_typed(local: LocalDiscord) -> None:
    await local.start()
    done = await local.act(
        "autocomplete", name="paint", options={"prompt": "fox", "model": "sd"}, focused="model"
    )
    assert done["type"] == 8
    assert done["choices"] == [{"name": "sd-fox", "value": "SD"}]
    assert "no autocomplete" in await local.refused("autocomplete", name="paint", focused="prompt")


async def test_context_menus(local: LocalDiscord) -> None:
    await local.start()
    said = await local.control.post(
        "messages", user_id=local.ben, channel_id=local.general, content="a fox"
    )
    on_user = await local.act("user_command", name="Gift kudos", target_id=local.cleo)
    assert (await local.message(on_user["message_id"]))["content"] == "for cleo"
    on_message = await local.act("message_command", name="Describe", target_id=said["id"])
    message = await local.message(on_message["message_id"])
    assert (message["content"], message["type"]) == ("of a fox", 23)


async def test_commands_keep_to_their_places(local: LocalDiscord) -> None:
    bot = await local.start()

    @bot.tree.command(description="Adults", nsfw=True)
    @app_commands.guild_only()
    async def dark(interaction: discord.Interaction[ScriptedBot]) -> None:
        await interaction.response.send_message("dark")

    @bot.tree.command(description="Admins")
    @app_commands.default_permissions(manage_guild=True)
    async def rule(interaction: discord.Interaction[ScriptedBot]) -> None:
        await interaction.response.send_message("ruled")

    await bot.tree.sync()
    assert "age-restricted" in await local.refused(name="dark")
    assert "kind of place" in await local.refused(name="dark", channel_id=local.dm)
    assert (await local.act(name="dark", channel_id=local.dark))["acked"]
    assert "permission" in await local.refused(name="rule", user_id=local.ben)
    assert (await local.act(name="rule"))["acked"]
    assert "installation" in await local.refused(name="rule", install="user")


async def test_guild_commands_come_before_global_ones(local: LocalDiscord) -> None:
    bot = await local.start()
    guild = bot.guilds[0]

    @bot.tree.command(name="do", description="The guild's own", guild=guild)
    async def own(interaction: discord.Interaction[ScriptedBot]) -> None:
        await interaction.response.send_message("own")

    await bot.tree.sync(guild=guild)
    assert (await local.message((await local.act(name="do"))["message_id"]))["content"] == "own"


async def test_a_command_that_discord_refuses_is_refused(local: LocalDiscord) -> None:
    bot = await local.start()
    command = bot.tree.get_command("do")
    assert isinstance(command, app_commands.Command)
    command.description = "x" * 101
    with pytest.raises(discord.HTTPException) as refused:
        await bot.tree.sync()
    assert (refused.value.status, refused.value.code) == (400, 50035)


async def test_a_bot_with_a_wrong_token_is_turned_away(local: LocalDiscord) -> None:
    bot = ScriptedBot()
    with pytest.raises(discord.LoginFailure):
        await bot.start("short")
    await bot.close()
    await local.control.post("knobs", refused_tokens=["refused-token-of-a-bot"])
    bot = ScriptedBot()
    with pytest.raises(discord.LoginFailure):
        await bot.start("refused-token-of-a-bot")
    await bot.close()
