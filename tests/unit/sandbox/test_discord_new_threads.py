"""Threads and posts of forums that the bot starts, and their members."""

from typing import Any

import discord
import pytest

from tests.support.discord.chat import (
    allow_bot,
    archive_thread,
    lock_thread,
    open_thread,
    write,
)
from tests.support.discord.client import Person
from tests.support.discord.local_discord import LocalDiscord
from tests.support.waiting import until

FORUM, PUBLIC, PRIVATE = 15, 11, 12


def ada_in(local: LocalDiscord) -> Person:
    return Person(local.control, local.ada, local.general)


async def new_forum(local: LocalDiscord) -> str:
    guild = local.world["guilds"][0]["id"]
    return (await local.control.post("channels", guild_id=guild, name="ideas", type=FORUM))["id"]


async def start(local: LocalDiscord, body: Any, place: str = "") -> tuple[int, Any]:
    path = f"/channels/{place or local.general}/threads"
    status, answer, _ = await local.rest("POST", path, json=body)
    return status, answer


async def test_thread_of_a_message(local: LocalDiscord) -> None:
    bot = await local.start(intents=discord.Intents(guilds=True, guild_messages=True))
    said = await write(local.general, ada_in(local), "a fox", mention=True)
    await until(lambda: len(bot.heard) == 1)
    thread = await bot.heard[0].create_thread(name="about it")
    assert str(thread.id) == said.id
    message = await local.message(said.id)
    assert (message["flags"] & 1 << 5, message["thread"]["name"]) == (1 << 5, "about it")
    (starter,) = await local.shown(said.id)
    assert (starter["type"], starter["referenced_message"]["id"]) == (21, said.id)
    status, body = await start(local, {"name": "again"}, f"{local.general}/messages/{said.id}")
    assert (status, body["code"]) == (400, 160004)
    path = f"/channels/{thread.id}/messages"
    assert (await local.rest("POST", path, json={"content": "x"}))[0] == 200
    _, found, _ = await local.rest("GET", f"/channels/{thread.id}")
    assert (found["message_count"], found["member"]["user_id"]) == (1, found["owner_id"])


async def test_thread_without_a_message_is_announced(local: LocalDiscord) -> None:
    _, thread = await start(local, {"name": "a party", "type": PUBLIC})
    (notice,) = await local.shown()
    assert (notice["type"], notice["content"]) == (18, "a party")
    assert notice["message_reference"]["channel_id"] == thread["id"]
    reply = {"content": "x", "message_reference": {"message_id": notice["id"]}}
    path = f"/channels/{local.general}/messages"
    status, body, _ = await local.rest("POST", path, json=reply)
    assert (status, body["code"]) == (400, 50035)


async def test_private_thread_has_those_whom_the_bot_adds(local: LocalDiscord) -> None:
    _, thread = await start(local, {"name": "secret", "invitable": False})
    assert (thread["type"], thread["thread_metadata"]["invitable"]) == (PRIVATE, False)
    assert await local.shown() == []
    members = f"/channels/{thread['id']}/thread-members"
    assert (await local.rest("PUT", f"{members}/{local.ben}"))[0] == 204
    _, listed, _ = await local.rest("GET", members)
    assert {one["user_id"] for one in listed} == {local.ben, thread["owner_id"]}
    said = await write(thread["id"], Person(local.control, local.ben, thread["id"]), "hello")
    assert said.text.strip() == "hello"
    assert (await local.rest("DELETE", f"{members}/{local.ben}"))[0] == 204
    status, body, _ = await local.rest("GET", f"{members}/{local.ben}")
    assert (status, body["code"]) == (404, 10007)
    assert (await local.rest("DELETE", f"{members}/@me"))[0] == 204
    assert (await local.rest("GET", members))[1]["code"] == 50001


async def test_post_of_a_forum_has_its_first_message(local: LocalDiscord) -> None:
    bot = await local.start()
    forum = bot.get_channel(int(await new_forum(local)))
    assert forum is None or isinstance(forum, discord.ForumChannel)
    await until(lambda: bot.guilds[0].forums)
    made = await bot.guilds[0].forums[0].create_thread(name="a post", content="its beginning")
    assert (made.message.id, made.message.content) == (made.thread.id, "its beginning")
    status, body = await start(local, {"name": "empty"}, str(made.thread.parent_id))
    assert (status, body["code"]) == (400, 50006)
    post = await open_thread(str(made.thread.parent_id), ada_in(local), "hers", text="first")
    assert [one["content"] for one in await local.shown(post.channel_id)] == ["first"]


@pytest.mark.parametrize(
    ("denied", "body"),
    [
        ("CREATE_PUBLIC_THREADS", {"name": "x", "type": PUBLIC}),
        ("CREATE_PRIVATE_THREADS", {"name": "x"}),
    ],
)
async def test_thread_needs_the_permission(local: LocalDiscord, denied: str, body: Any) -> None:
    await allow_bot(ada_in(local), deny=[denied])
    status, answer = await start(local, body)
    assert (status, answer["code"]) == (403, 50013)


async def test_refused_bodies(local: LocalDiscord) -> None:
    for body, field in (
        ({"name": "", "type": PUBLIC}, "name"),
        ({"name": "x" * 101, "type": PUBLIC}, "name"),
        ({"name": "x", "auto_archive_duration": 5}, "auto_archive_duration"),
        ({"name": "x", "type": 0}, "type"),
    ):
        status, answer = await start(local, body)
        assert (status, list(answer["errors"])) == (400, [field])
    voice = {"guild_id": local.world["guilds"][0]["id"], "name": "talk", "type": 2}
    place = (await local.control.post("channels", **voice))["id"]
    assert (await start(local, {"name": "x", "type": PUBLIC}, place))[1]["code"] == 50024


async def test_bot_writes_in_a_locked_thread_only_as_its_manager(local: LocalDiscord) -> None:
    thread = await open_thread(local.general, ada_in(local), "by the way")
    path = f"/channels/{thread.channel_id}/messages"
    await lock_thread(thread)
    assert (await local.rest("POST", path, json={"content": "x"}))[1]["code"] == 160005
    await archive_thread(thread)
    assert (await local.rest("POST", path, json={"content": "x"}))[1]["code"] == 50083
    await allow_bot(ada_in(local), allow=["MANAGE_THREADS"])
    assert (await local.rest("POST", path, json={"content": "x"}))[0] == 200


async def test_changes_of_threads(local: LocalDiscord) -> None:
    _, own = await start(local, {"name": "mine", "type": PUBLIC})
    other = await open_thread(local.general, ada_in(local), "hers")
    changes = {"name": "renamed", "auto_archive_duration": 60}
    status, body, _ = await local.rest("PATCH", f"/channels/{own['id']}", json=changes)
    assert (status, body["name"]) == (200, "renamed")
    assert body["thread_metadata"]["auto_archive_duration"] == 60
    for place, change in ((other.channel_id, changes), (own["id"], {"rate_limit_per_user": 5})):
        status, body, _ = await local.rest("PATCH", f"/channels/{place}", json=change)
        assert (status, body["code"]) == (403, 50013)
    assert (await local.rest("PATCH", f"/channels/{own['id']}", json={"archived": True}))[0] == 200
    status, body, _ = await local.rest("PATCH", f"/channels/{own['id']}", json={"locked": True})
    assert (status, body["code"]) == (400, 50083)
    status, body, _ = await local.rest("DELETE", f"/channels/{own['id']}")
    assert (status, body["code"]) == (403, 50013)


async def test_lists_of_threads(local: LocalDiscord) -> None:
    active = await open_thread(local.general, ada_in(local), "active")
    old = await open_thread(local.general, ada_in(local), "old")
    await archive_thread(old)
    guild = local.world["guilds"][0]["id"]
    _, body, _ = await local.rest("GET", f"/guilds/{guild}/threads/active")
    assert [one["id"] for one in body["threads"]] == [active.channel_id]
    _, body, _ = await local.rest("GET", f"/channels/{local.general}/threads/archived/public")
    assert [one["id"] for one in body["threads"]] == [old.channel_id]
    status, _, _ = await local.rest("GET", f"/channels/{local.general}/threads/archived/private")
    assert status == 403


async def test_bot_hears_that_it_was_added_and_removed(local: LocalDiscord) -> None:
    bot = await local.start()
    removed: list[int] = []

    async def on_remove(thread: discord.Thread) -> None:
        removed.append(thread.id)

    vars(bot).update(on_thread_remove=on_remove)
    thread = await open_thread(local.general, ada_in(local), "secret", private=True)
    member = f"threads/{thread.channel_id}/members/{local.world['bot']['id']}"
    await local.control.call("PUT", member)
    await until(lambda: bot.get_channel(int(thread.channel_id)))
    await local.control.call("DELETE", member)
    await until(lambda: removed == [int(thread.channel_id)])
