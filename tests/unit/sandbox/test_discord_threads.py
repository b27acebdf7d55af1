"""Threads, posts of forums, and the other places of a server."""

from typing import Any

import discord
import pytest

from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json
from tests.support.waiting import until

VOICE, NEWS, STAGE, FORUM = 2, 5, 13, 15


async def channel_of_type(local: LocalDiscord, kind: int, **more: Any) -> str:
    guild = local.world["guilds"][0]["id"]
    return (await local.control.post("channels", guild_id=guild, name="nook", type=kind, **more))[
        "id"
    ]


async def thread_in(local: LocalDiscord, parent: str, **more: Any) -> str:
    body = {"channel_id": parent, "name": "by the way", "user_id": local.ada, **more}
    return (await local.control.post("threads", **body))["id"]


async def change(local: LocalDiscord, place: str, **how: bool) -> Json:
    status, body = await local.control.request("PATCH", f"channels/{place}", json=how)
    assert status == 200, body
    return body


async def says(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("x")


async def test_a_thread_as_the_library_sees_it(local: LocalDiscord) -> None:
    found: list[discord.Thread] = []

    async def do(interaction: discord.Interaction) -> None:
        assert isinstance(interaction.channel, discord.Thread)
        found.append(interaction.channel)
        await interaction.response.send_message("x")

    bot = await local.start(do)
    forum = await channel_of_type(local, FORUM, nsfw=True)
    for parent in (local.general, local.dark, forum):
        done = await local.act(name="do", channel_id=await thread_in(local, parent))
        assert (await local.message(done["message_id"]))["channel_id"] == str(found[-1].id)
    assert [one.parent_id for one in found] == [int(local.general), int(local.dark), int(forum)]
    assert [one.is_nsfw() for one in found] == [False, True, True]
    assert isinstance(bot.get_channel(int(forum)), discord.ForumChannel)
    assert bot.get_channel(found[0].id) is found[0]  # THREAD_CREATE came before


@pytest.mark.parametrize(
    ("kind", "of"),
    [(VOICE, discord.VoiceChannel), (STAGE, discord.StageChannel), (NEWS, discord.TextChannel)],
)
async def test_text_in_other_channels(local: LocalDiscord, kind: int, of: type[object]) -> None:
    bot = await local.start(says)
    place = await channel_of_type(local, kind, nsfw=True)
    done = await local.act(name="do", channel_id=place)
    assert (await local.message(done["message_id"]))["content"] == "x"
    await until(lambda: isinstance(bot.get_channel(int(place)), of))


async def test_nothing_is_said_in_a_forum_itself(local: LocalDiscord) -> None:
    await local.start(says)
    forum = await channel_of_type(local, FORUM)
    assert "type" in await local.refused(name="do", channel_id=forum)
    said = {"user_id": local.ada, "channel_id": forum, "content": "x"}
    assert (await local.control.request("POST", "messages", json=said))[0] == 400
    status, body, _ = await local.rest("POST", f"/channels/{forum}/messages", json={"content": "x"})
    assert (status, body["code"]) == (400, 50008)


async def test_where_there_can_be_no_thread(local: LocalDiscord) -> None:
    for parent, private in (
        (await channel_of_type(local, VOICE), False),
        (await channel_of_type(local, FORUM), True),
    ):
        body = {"channel_id": parent, "name": "x", "user_id": local.ada, "private": private}
        assert (await local.control.request("POST", "threads", json=body))[0] == 400


async def test_an_archived_thread_takes_no_edits_and_opens_with_a_message(
    local: LocalDiscord,
) -> None:
    await local.start(says)
    place = await thread_in(local, local.general)
    done = await local.act(name="do", channel_id=place)
    edit = f"/channels/{place}/messages/{done['message_id']}"
    assert (await change(local, place, archived=True))["archived"]
    status, body, _ = await local.rest("PATCH", edit, json={"content": "y"})
    assert (status, body["code"]) == (400, 50083)
    status, body, _ = await local.rest("POST", f"/channels/{place}/messages", json={"content": "z"})
    assert status == 200
    assert (await local.rest("PATCH", edit, json={"content": "y"}))[0] == 200
    await change(local, place, archived=True)
    status, body, _ = await local.rest("PATCH", f"/channels/{place}", json={"archived": False})
    assert (status, body["thread_metadata"]["archived"]) == (200, False)
    assert (await local.rest("PATCH", edit, json={"content": "y"}))[0] == 200


async def test_the_token_is_no_better_in_a_closed_thread(local: LocalDiscord) -> None:
    refused: list[int] = []

    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")
        for how in ({"archived": True}, {"locked": True}):
            await change(local, place, **how)
            try:
                await interaction.edit_original_response(content="y")
            except discord.HTTPException as error:
                refused.append(error.code)
        try:
            await interaction.followup.send("z")
        except discord.HTTPException as error:
            refused.append(error.code)

    await local.start(do)
    place = await thread_in(local, local.general)
    await local.act(name="do", channel_id=place)
    assert refused == [50083, 50083, 50083]
    status, body, _ = await local.rest("PATCH", f"/channels/{place}", json={"archived": False})
    assert (status, body["code"]) == (403, 50013)  # only a moderator opens it


async def test_no_first_response_in_a_locked_thread(local: LocalDiscord) -> None:
    bot = await local.start(says)
    place = await thread_in(local, local.general)
    await change(local, place, locked=True)
    await local.control.post("knobs", ack_timeout=0.2)
    assert (await local.act(name="do", channel_id=place))["failure"]
    failed = bot.failed[0]
    assert isinstance(failed, discord.HTTPException)
    assert failed.code == 50083


async def test_where_the_bot_is_not_a_locked_thread_is_no_access(local: LocalDiscord) -> None:
    bot = await local.start(says)
    guild = await local.control.post("guilds", name="Elsewhere", channels=["lobby"], bot=False)
    place = await thread_in(local, guild["channels"][0]["id"])
    await change(local, place, locked=True)
    await local.control.post("knobs", ack_timeout=0.2)
    await local.act(name="do", channel_id=place)
    failed = bot.failed[0]
    assert isinstance(failed, discord.HTTPException)
    assert failed.code == 50001


async def test_a_private_thread_is_for_those_in_it(local: LocalDiscord) -> None:
    bot = await local.start(says)
    place = await thread_in(local, local.general, private=True)
    assert "see" in await local.refused(name="do", channel_id=place, user_id=local.ben)
    done = await local.act(name="do", channel_id=place)
    assert await local.shown(place, local.ben) == []
    path = f"/channels/{place}/messages/{done['message_id']}"
    status, body, _ = await local.rest("PATCH", path, json={"content": "y"})
    assert (status, body["code"]) == (403, 50001)
    assert bot.get_channel(int(place)) is None
    added = await thread_in(local, local.general, private=True, members=[local.world["bot"]["id"]])
    await until(lambda: bot.get_channel(int(added)))
    assert (await local.rest("GET", f"/channels/{added}"))[0] == 200


async def test_permissions_are_the_parents(local: LocalDiscord) -> None:
    await local.start()
    place = await thread_in(local, local.general)
    await local.control.post(
        "permissions", channel_id=local.general, deny=["SEND_MESSAGES_IN_THREADS"]
    )
    say = {"content": "x"}
    status, body, _ = await local.rest("POST", f"/channels/{place}/messages", json=say)
    assert (status, body["code"]) == (403, 50013)
    assert (await local.rest("POST", f"/channels/{local.general}/messages", json=say))[0] == 200
    denial = {"channel_id": place, "deny": ["VIEW_CHANNEL"]}
    assert (await local.control.request("POST", "permissions", json=denial))[0] == 400


async def test_gone_with_its_channel_or_by_itself(local: LocalDiscord) -> None:
    bot = await local.start(says)
    alone, below = await thread_in(local, local.pictures), await thread_in(local, local.general)
    done = await local.act(name="do", channel_id=below)
    await until(lambda: bot.get_channel(int(alone)))
    for place in (alone, local.general):
        assert (await local.control.request("DELETE", f"channels/{place}"))[0] == 204
    await until(lambda: not any(bot.get_channel(int(place)) for place in (alone, below)))
    assert (await local.message(done["message_id"]))["deleted"]
    assert (await local.control.get("world"))["guilds"][0]["threads"] == []


async def test_active_threads_are_told_at_the_start(local: LocalDiscord) -> None:
    active, old = await thread_in(local, local.general), await thread_in(local, local.general)
    await change(local, old, archived=True)
    bot = await local.start()
    assert [one.id for one in bot.guilds[0].threads] == [int(active)]


async def test_two_people_and_the_app_of_one(local: LocalDiscord) -> None:
    contexts: list[discord.app_commands.AppCommandContext] = []

    async def do(interaction: discord.Interaction) -> None:
        contexts.append(interaction.context)
        assert interaction.is_user_integration()
        await interaction.response.send_message("x")

    await local.start(do)
    pair = await local.control.post("channels", type=1, user_ids=[local.ada, local.ben])
    await local.act(name="do", channel_id=pair["id"])
    assert contexts[0].private_channel
    assert "see" in await local.refused(name="do", channel_id=pair["id"], user_id=local.cleo)
    status, body, _ = await local.rest("GET", f"/channels/{pair['id']}")
    assert (status, body["code"]) == (403, 50001)
