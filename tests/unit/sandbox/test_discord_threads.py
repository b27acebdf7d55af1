"""Threads, posts of forums, and the other places of a server."""

from typing import Any

import discord
import pytest

from tests.support.discord.local_discord import Json, Lab, until

VOICE, NEWS, STAGE, FORUM = 2, 5, 13, 15


async def made(lab: Lab, kind: int, **more: Any) -> str:
    guild = lab.world["guilds"][0]["id"]
    return (await lab.post("/channels", guild_id=guild, name="nook", type=kind, **more))["id"]


async def thread(lab: Lab, parent: str, **more: Any) -> str:
    body = {"channel_id": parent, "name": "by the way", "user_id": lab.ada, **more}
    return (await lab.post("/threads", **body))["id"]


async def change(lab: Lab, place: str, **how: bool) -> Json:
    status, body = await lab.call("PATCH", f"/channels/{place}", json=how)
    assert status == 200, body
    return body


async def says(interaction: discord.Interaction) -> None:
    await interaction.response.send_message("x")


async def test_a_thread_as_the_library_sees_it(lab: Lab) -> None:
    found: list[discord.Thread] = []

    async def do(interaction: discord.Interaction) -> None:
        assert isinstance(interaction.channel, discord.Thread)
        found.append(interaction.channel)
        await interaction.response.send_message("x")

    bot = await lab.start(do)
    forum = await made(lab, FORUM, nsfw=True)
    for parent in (lab.general, lab.dark, forum):
        done = await lab.act(name="do", channel_id=await thread(lab, parent))
        assert (await lab.message(done["message_id"]))["channel_id"] == str(found[-1].id)
    assert [one.parent_id for one in found] == [int(lab.general), int(lab.dark), int(forum)]
    assert [one.is_nsfw() for one in found] == [False, True, True]
    assert isinstance(bot.get_channel(int(forum)), discord.ForumChannel)
    assert bot.get_channel(found[0].id) is found[0]  # THREAD_CREATE came before


@pytest.mark.parametrize(
    ("kind", "of"),
    [(VOICE, discord.VoiceChannel), (STAGE, discord.StageChannel), (NEWS, discord.TextChannel)],
)
async def test_text_in_other_channels(lab: Lab, kind: int, of: type[object]) -> None:
    bot = await lab.start(says)
    place = await made(lab, kind, nsfw=True)
    done = await lab.act(name="do", channel_id=place)
    assert (await lab.message(done["message_id"]))["content"] == "x"
    await until(lambda: isinstance(bot.get_channel(int(place)), of))


async def test_nothing_is_said_in_a_forum_itself(lab: Lab) -> None:
    await lab.start(says)
    forum = await made(lab, FORUM)
    assert "type" in await lab.refused(name="do", channel_id=forum)
    said = {"user_id": lab.ada, "channel_id": forum, "content": "x"}
    assert (await lab.call("POST", "/messages", json=said))[0] == 400
    status, body, _ = await lab.rest("POST", f"/channels/{forum}/messages", json={"content": "x"})
    assert (status, body["code"]) == (400, 50008)


async def test_where_there_can_be_no_thread(lab: Lab) -> None:
    for parent, private in ((await made(lab, VOICE), False), (await made(lab, FORUM), True)):
        body = {"channel_id": parent, "name": "x", "user_id": lab.ada, "private": private}
        assert (await lab.call("POST", "/threads", json=body))[0] == 400


async def test_an_archived_thread_takes_no_edits_and_opens_with_a_message(lab: Lab) -> None:
    await lab.start(says)
    place = await thread(lab, lab.general)
    done = await lab.act(name="do", channel_id=place)
    edit = f"/channels/{place}/messages/{done['message_id']}"
    assert (await change(lab, place, archived=True))["archived"]
    status, body, _ = await lab.rest("PATCH", edit, json={"content": "y"})
    assert (status, body["code"]) == (400, 50083)
    status, body, _ = await lab.rest("POST", f"/channels/{place}/messages", json={"content": "z"})
    assert status == 200
    assert (await lab.rest("PATCH", edit, json={"content": "y"}))[0] == 200
    await change(lab, place, archived=True)
    status, body, _ = await lab.rest("PATCH", f"/channels/{place}", json={"archived": False})
    assert (status, body["thread_metadata"]["archived"]) == (200, False)
    assert (await lab.rest("PATCH", edit, json={"content": "y"}))[0] == 200


async def test_the_token_is_no_better_in_a_closed_thread(lab: Lab) -> None:
    refused: list[int] = []

    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")
        for how in ({"archived": True}, {"locked": True}):
            await change(lab, place, **how)
            try:
                await interaction.edit_original_response(content="y")
            except discord.HTTPException as error:
                refused.append(error.code)
        try:
            await interaction.followup.send("z")
        except discord.HTTPException as error:
            refused.append(error.code)

    await lab.start(do)
    place = await thread(lab, lab.general)
    await lab.act(name="do", channel_id=place)
    assert refused == [50083, 50083, 50083]
    status, body, _ = await lab.rest("PATCH", f"/channels/{place}", json={"archived": False})
    assert (status, body["code"]) == (403, 50013)  # nobody but a moderator opens it


async def test_no_first_response_in_a_locked_thread(lab: Lab) -> None:
    bot = await lab.start(says)
    place = await thread(lab, lab.general)
    await change(lab, place, locked=True)
    await lab.post("/knobs", ack_timeout=0.2)
    assert (await lab.act(name="do", channel_id=place))["failure"]
    failed = bot.failed[0]
    assert isinstance(failed, discord.HTTPException)
    assert failed.code == 50083


async def test_where_the_bot_is_not_a_locked_thread_is_no_access(lab: Lab) -> None:
    bot = await lab.start(says)
    guild = await lab.post("/guilds", name="Elsewhere", channels=["lobby"], bot=False)
    place = await thread(lab, guild["channels"][0]["id"])
    await change(lab, place, locked=True)
    await lab.post("/knobs", ack_timeout=0.2)
    await lab.act(name="do", channel_id=place)
    failed = bot.failed[0]
    assert isinstance(failed, discord.HTTPException)
    assert failed.code == 50001


async def test_a_private_thread_is_for_those_in_it(lab: Lab) -> None:
    bot = await lab.start(says)
    place = await thread(lab, lab.general, private=True)
    assert "see" in await lab.refused(name="do", channel_id=place, user_id=lab.ben)
    done = await lab.act(name="do", channel_id=place)
    assert await lab.shown(place, lab.ben) == []
    path = f"/channels/{place}/messages/{done['message_id']}"
    status, body, _ = await lab.rest("PATCH", path, json={"content": "y"})
    assert (status, body["code"]) == (403, 50001)
    assert bot.get_channel(int(place)) is None
    added = await thread(lab, lab.general, private=True, members=[lab.world["bot"]["id"]])
    await until(lambda: bot.get_channel(int(added)))
    assert (await lab.rest("GET", f"/channels/{added}"))[0] == 200


async def test_permissions_are_the_parents(lab: Lab) -> None:
    await lab.start()
    place = await thread(lab, lab.general)
    await lab.post("/permissions", channel_id=lab.general, deny=["SEND_MESSAGES_IN_THREADS"])
    say = {"content": "x"}
    status, body, _ = await lab.rest("POST", f"/channels/{place}/messages", json=say)
    assert (status, body["code"]) == (403, 50013)
    assert (await lab.rest("POST", f"/channels/{lab.general}/messages", json=say))[0] == 200
    denial = {"channel_id": place, "deny": ["VIEW_CHANNEL"]}
    assert (await lab.call("POST", "/permissions", json=denial))[0] == 400


async def test_gone_with_its_channel_or_by_itself(lab: Lab) -> None:
    bot = await lab.start(says)
    alone, below = await thread(lab, lab.pictures), await thread(lab, lab.general)
    done = await lab.act(name="do", channel_id=below)
    await until(lambda: bot.get_channel(int(alone)))
    for place in (alone, lab.general):
        assert (await lab.call("DELETE", f"/channels/{place}"))[0] == 204
    await until(lambda: not any(bot.get_channel(int(place)) for place in (alone, below)))
    assert (await lab.message(done["message_id"]))["deleted"]
    assert (await lab.get("/world"))["guilds"][0]["threads"] == []


async def test_active_threads_are_told_at_the_start(lab: Lab) -> None:
    active, old = await thread(lab, lab.general), await thread(lab, lab.general)
    await change(lab, old, archived=True)
    bot = await lab.start()
    assert [one.id for one in bot.guilds[0].threads] == [int(active)]


async def test_two_people_and_the_app_of_one(lab: Lab) -> None:
    contexts: list[discord.app_commands.AppCommandContext] = []

    async def do(interaction: discord.Interaction) -> None:
        contexts.append(interaction.context)
        assert interaction.is_user_integration()
        await interaction.response.send_message("x")

    await lab.start(do)
    pair = await lab.post("/channels", type=1, user_ids=[lab.ada, lab.ben])
    await lab.act(name="do", channel_id=pair["id"])
    assert contexts[0].private_channel
    assert "see" in await lab.refused(name="do", channel_id=pair["id"], user_id=lab.cleo)
    status, body, _ = await lab.rest("GET", f"/channels/{pair['id']}")
    assert (status, body["code"]) == (403, 50001)
