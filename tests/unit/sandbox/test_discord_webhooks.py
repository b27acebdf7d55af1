"""Webhooks of channels, and their messages."""

import base64
from typing import Any

import discord
import pytest

from tests.support.builders import png
from tests.support.discord.chat import (
    allow_bot,
    archive_thread,
    lock_thread,
    open_thread,
    webhook_messages,
    write,
)
from tests.support.discord.client import Person
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json
from tests.support.waiting import until

FORUM = 15
MIRA = {"content": "hello", "username": "Mira"}


def ada_in(local: LocalDiscord, channel: str = "") -> Person:
    return Person(local.control, local.ada, channel or local.general)


async def new_webhook(local: LocalDiscord, channel: str = "", **fields: Any) -> Json:
    path = f"/channels/{channel or local.general}/webhooks"
    status, body, _ = await local.rest("POST", path, json={"name": "Characters"} | fields)
    assert status == 200, body
    return body


def path_of(webhook: Json) -> str:
    return f"/webhooks/{webhook['id']}/{webhook['token']}"


async def execute(local: LocalDiscord, webhook: Json, body: Any, query: str = "") -> Any:
    path = f"{path_of(webhook)}?wait=true{query}"
    status, answer, _ = await local.rest("POST", path, json=body, headers={"Authorization": ""})
    return status, answer


async def test_webhook_message_has_its_own_name_and_avatar(local: LocalDiscord) -> None:
    bot = await local.start(intents=discord.Intents(guilds=True, guild_messages=True))
    channel = bot.get_channel(int(local.general))
    assert isinstance(channel, discord.TextChannel)
    webhook = await channel.create_webhook(name="Characters", avatar=png(4, 3))
    sent = await webhook.send("hello", username="Mira", wait=True)
    assert (sent.author.name, sent.webhook_id) == ("Mira", webhook.id)
    await sent.edit(content="hello again")
    assert (await webhook.fetch_message(sent.id)).content == "hello again"
    (shown,) = await webhook_messages(local.general, ada_in(local), "Mira")
    assert (shown.raw["author"]["id"], shown.text.strip()) == (str(webhook.id), "hello again")
    assert shown.raw["application_id"] == local.world["application_id"]
    avatar = f"{local.box.urls.page}avatars/{webhook.id}/{shown.raw['author']['avatar']}.png"
    assert await local.fetch(avatar) == (200, png(4, 3))
    await until(lambda: len(bot.heard) == 1)
    assert (bot.heard[0].webhook_id, bot.heard[0].content) == (webhook.id, "")
    await sent.delete()
    assert await webhook_messages(local.general, ada_in(local)) == []


async def test_webhook_is_listed_changed_and_deleted(local: LocalDiscord) -> None:
    picture = f"data:image/png;base64,{base64.b64encode(png(4, 3)).decode()}"
    webhook = await new_webhook(local, avatar=picture)
    guild = local.world["guilds"][0]["id"]
    for place in (f"/channels/{local.general}", f"/guilds/{guild}"):
        _, listed, _ = await local.rest("GET", f"{place}/webhooks")
        assert [one["id"] for one in listed] == [webhook["id"]]
    by_token = {"headers": {"Authorization": ""}}
    _, seen, _ = await local.rest("GET", path_of(webhook), **by_token)
    assert ("user" in webhook, "user" in seen, seen["avatar"]) == (True, False, webhook["avatar"])
    moved = {"name": "Other", "channel_id": local.dark, "avatar": None}
    _, changed, _ = await local.rest("PATCH", f"/webhooks/{webhook['id']}", json=moved)
    assert {field: changed[field] for field in moved} == moved
    assert (await local.rest("GET", f"/webhooks/{webhook['id']}", **by_token))[0] == 401
    assert (await local.rest("DELETE", path_of(webhook), **by_token))[0] == 204
    status, body = await execute(local, webhook, MIRA)
    assert (status, body["code"]) == (404, 10015)


async def test_a_channel_has_fifteen_webhooks_at_most(local: LocalDiscord) -> None:
    for _ in range(15):
        await new_webhook(local)
    path = f"/channels/{local.general}/webhooks"
    status, body, _ = await local.rest("POST", path, json={"name": "One more"})
    assert (status, body["code"]) == (400, 30007)
    await new_webhook(local, local.dark)


async def test_webhooks_need_the_permission(local: LocalDiscord) -> None:
    webhook = await new_webhook(local)
    await allow_bot(ada_in(local), deny=["MANAGE_WEBHOOKS"])
    for method, path in (
        ("POST", f"/channels/{local.general}/webhooks"),
        ("GET", f"/channels/{local.general}/webhooks"),
        ("DELETE", f"/webhooks/{webhook['id']}"),
    ):
        status, body, _ = await local.rest(method, path, json={"name": "x"})
        assert (status, body["code"]) == (403, 50013)
    assert (await execute(local, webhook, MIRA))[0] == 200  # the token is enough
    wrong = webhook | {"token": "wrong"}
    status, body = await execute(local, wrong, MIRA)
    assert (status, body["code"]) == (401, 50027)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Clyde", "USERNAME_INVALID_CONTAINS"),
        ("my DISCORD bot", "USERNAME_INVALID_CONTAINS"),
        ("here", "USERNAME_INVALID"),
        ("", "BASE_TYPE_BAD_LENGTH"),
        ("x" * 81, "BASE_TYPE_BAD_LENGTH"),
    ],
)
async def test_refused_names(local: LocalDiscord, name: str, code: str) -> None:
    webhook = await new_webhook(local)
    status, body = await execute(local, webhook, {"content": "x", "username": name})
    assert status == 400
    assert body["errors"]["username"]["_errors"][0]["code"] == code
    path = f"/channels/{local.general}/webhooks"
    _, body, _ = await local.rest("POST", path, json={"name": name})
    assert body["errors"]["name"]["_errors"][0]["code"] == code


async def test_webhook_posts_in_a_thread(local: LocalDiscord) -> None:
    webhook = await new_webhook(local)
    thread = await open_thread(local.general, ada_in(local), "by the way")
    query = f"&thread_id={thread.channel_id}"
    await archive_thread(thread)
    _, message = await execute(local, webhook, MIRA, query)
    assert message["channel_id"] == thread.channel_id
    edit = f"{path_of(webhook)}/messages/{message['id']}"
    assert (await local.rest("PATCH", edit, json={"content": "y"}))[0] == 404
    assert (await local.rest("PATCH", f"{edit}?{query[1:]}", json={"content": "y"}))[0] == 200
    await lock_thread(thread)
    status, body = await execute(local, webhook, MIRA, query)
    assert (status, body["code"]) == (403, 160005)
    elsewhere = await open_thread(local.dark, ada_in(local, local.dark), "elsewhere")
    status, body = await execute(local, webhook, MIRA, f"&thread_id={elsewhere.channel_id}")
    assert (status, body["code"]) == (404, 10003)


async def test_webhook_posts_in_a_forum(local: LocalDiscord) -> None:
    guild = local.world["guilds"][0]["id"]
    body = {"guild_id": guild, "name": "ideas", "type": FORUM}
    forum = (await local.control.post("channels", **body))["id"]
    webhook, other = await new_webhook(local, forum), await new_webhook(local)
    assert (await execute(local, webhook, MIRA))[1]["code"] == 220001
    status, message = await execute(local, webhook, MIRA | {"thread_name": "a post"})
    assert (status, message["channel_id"]) == (200, message["id"])
    assert (await execute(local, other, MIRA | {"thread_name": "a post"}))[1]["code"] == 220003


async def test_buttons_of_a_webhook_message(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.edit_message(content="pressed")

    await local.start(do)
    webhook = await new_webhook(local)
    button = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
    row = {"type": 1, "components": [button]}
    _, message = await execute(local, webhook, MIRA | {"components": [row]})
    await local.act("component", message_id=message["id"], custom_id="go")
    shown = await local.message(message["id"])
    assert (shown["content"], shown["author"]["username"]) == ("pressed", "Mira")


async def test_avatar_from_elsewhere_is_not_shown(local: LocalDiscord) -> None:
    webhook, near = await new_webhook(local), f"{local.box.urls.page}avatars/1/0.png"
    for url, shown in (("https://example.com/a.png", None), (near, near)):
        _, message = await execute(local, webhook, MIRA | {"avatar_url": url})
        assert (await local.message(message["id"]))["avatar_url"] == shown
        assert len(message["author"]["avatar"]) == 32


async def test_reply_to_a_webhook_message_mentions_no_member(local: LocalDiscord) -> None:
    webhook = await new_webhook(local)
    await execute(local, webhook, MIRA)
    (shown,) = await webhook_messages(local.general, ada_in(local))
    reply = await write(local.general, ada_in(local), "why?", reply_to=shown)
    assert reply.raw["mentions"] == []
