"""The control API, the page's files, and both servers as one."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator
from io import BytesIO
from typing import Any

import aiohttp
import discord
import pytest
from PIL import Image

from sandbox.control.app import LOOPBACK
from sandbox.discord.messages import attachments
from tests.support.builders import png
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.local_discord import LocalDiscord
from tests.support.json_types import Json
from tests.support.waiting import WAIT_MAX


async def test_the_world_at_first(local: LocalDiscord) -> None:
    world = local.world
    people = [(user["username"], user["global_name"], user["admin"]) for user in world["users"]]
    assert people == [("ada", "Ada", True), ("ben", "Ben", False), ("cleo", "Cleo", False)]
    guild = world["guilds"][0]
    assert (guild["name"], guild["owner_id"]) == ("The Workshop", local.ada)
    channels = [(channel["name"], channel["nsfw"]) for channel in guild["channels"]]
    assert channels == [("general", False), ("pictures", False), ("after-dark", True)]
    assert [dm["user_id"] for dm in world["dms"]] == [local.ada, local.ben, local.cleo]


async def test_new_people_and_places(local: LocalDiscord) -> None:
    dora = await local.control.post("users", username="dora", admin=True)
    guild = await local.control.post("guilds", name="Club", channels=["bar"])
    channel = await local.control.post("channels", guild_id=guild["id"], name="cellar", nsfw=True)
    world = await local.control.get("world")
    assert world["users"][-1] == {
        "id": dora["id"],
        "username": "dora",
        "global_name": "Dora",
        "admin": True,
        "locale": "en-US",
    }
    assert world["guilds"][-1]["channels"][-1] == channel
    assert world["dms"][-1] == {"id": dora["dm_id"], "user_id": dora["id"]}
    assert (await local.control.request("POST", "users", json={"username": "dora"}))[0] == 400


async def test_language_of_users_and_guilds(local: LocalDiscord) -> None:
    guild = local.world["guilds"][0]
    assert guild["locale"] == "en-US"
    await local.control.request("PATCH", f"users/{local.ada}", json={"locale": "de"})
    await local.control.request("PATCH", f"guilds/{guild['id']}", json={"locale": "ja"})
    world = await local.control.get("world")
    assert [user["locale"] for user in world["users"]] == ["de", "en-US", "en-US"]
    assert world["guilds"][0]["locale"] == "ja"
    wrong = await local.control.request("PATCH", f"users/{local.ada}", json={"locale": "xx"})
    assert wrong[0] == 400
    missing = await local.control.request("PATCH", "users/1", json={"locale": "de"})
    assert missing[0] == 404


async def test_people_talk(local: LocalDiscord) -> None:
    upload = await local.upload("fox.png", png(5, 6))
    said = await local.control.post(
        "messages",
        user_id=local.ben,
        channel_id=local.general,
        content="look <@" + local.ada + ">",
        attachments=[upload["id"]],
    )
    answer = await local.control.post(
        "messages",
        user_id=local.ada,
        channel_id=local.general,
        content="nice",
        reply_to=said["id"],
    )
    assert [user["username"] for user in said["mentions"]] == ["ada"]
    assert said["attachments"][0]["width"] == 5
    assert answer["referenced_message"]["content"].startswith("look")
    assert [user["username"] for user in answer["mentions"]] == ["ben"]
    assert [message["id"] for message in await local.shown()] == [said["id"], answer["id"]]
    newest = await local.control.get("messages", channel_id=local.general, limit=1)
    assert [message["content"] for message in newest["messages"]] == ["nice"]
    assert (await local.control.request("GET", "messages/7"))[0] == 404


async def test_a_picture_that_only_claims_to_be_large(local: LocalDiscord) -> None:
    bomb = png(4, 3)[:16] + (30_000).to_bytes(4, "big") * 2 + png(4, 3)[24:]
    upload = await local.upload("bomb.png", bomb)
    assert (upload["width"], upload["height"]) == (None, None)
    assert (await local.fetch(upload["url"]))[1] == bomb


async def test_old_files_make_room(local: LocalDiscord, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "KEPT_BYTES", 2500)
    links = [(await local.upload("a.bin", bytes(1000)))["url"] for _ in range(3)]
    assert [(await local.fetch(link))[0] for link in links] == [404, 200, 200]


async def test_avatars(local: LocalDiscord) -> None:
    base = local.box.urls.page
    for path in (f"avatars/{local.ada}/{'0' * 32}.png", "embed/avatars/3.png"):
        status, data = await local.fetch(base + path)
        assert (status, data[:4]) == (200, b"\x89PNG")


async def test_avatars_come_in_the_size_that_was_asked_for(local: LocalDiscord) -> None:
    avatar = f"{local.box.urls.page}avatars/{local.ada}/{'0' * 32}.png"
    status, data = await local.fetch(f"{avatar}?size=1024")
    assert (status, Image.open(BytesIO(data)).size) == (200, (1024, 1024))
    assert (await local.fetch(f"{avatar}?size=1000"))[0] == 400  # a power of two, as Discord wants


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_strangers_are_refused(local: LocalDiscord, headers: Json) -> None:
    status, body = await local.control.request("GET", "secrets", headers=headers)
    assert (status, list(body)) == (403, ["message"])


@pytest.mark.parametrize("host", sorted(LOOPBACK - {"::1"}))
async def test_the_own_page_is_not(local: LocalDiscord, host: str) -> None:
    headers = {"Host": f"{host}:1", "Origin": f"http://{host}:1"}
    assert (await local.control.request("GET", "world", headers=headers))[0] == 200


WRONG_BODIES: list[tuple[str, str, Any]] = [
    ("POST", "interactions", {"kind": "wish"}),
    ("POST", "interactions", [3]),
    ("POST", "users", {"username": "x"}),
    ("POST", "channels", {"name": "x", "type": 3}),
    ("POST", "knobs", {"ack_timeout": -1}),
    ("POST", "knobs", {"speed": 3}),
    ("POST", "gateway", {"action": "explode"}),
    ("POST", "faults", {"kind": "explode"}),
    ("POST", "reactions", {"user_id": "1", "message_id": "2", "emoji": "x"}),
    ("POST", "messages", {"user_id": "1", "channel_id": "2"}),
]


@pytest.mark.parametrize(("method", "path", "body"), WRONG_BODIES)
async def test_wrong_bodies_are_explained(
    local: LocalDiscord, method: str, path: str, body: Any
) -> None:
    status, answer = await local.control.request(method, path, json=body)
    assert status in (400, 404)
    assert list(answer) == ["message"]


async def test_a_body_that_is_no_json(local: LocalDiscord) -> None:
    status, answer = await local.control.request("POST", "users", data=b"{")
    assert (status, list(answer)) == (400, ["message"])


async def test_a_fault_by_its_id(local: LocalDiscord) -> None:
    fault = await local.control.post("faults", kind="status", route="GET /gateway")
    assert (await local.rest("GET", "/gateway"))[0] == 500
    assert (await local.control.request("DELETE", f"faults/{fault['id']}"))[0] == 204
    assert (await local.control.request("DELETE", f"faults/{fault['id']}"))[0] == 404
    await local.control.post("faults", kind="status")
    assert (await local.control.request("DELETE", "faults"))[0] == 204
    assert (await local.rest("GET", "/gateway"))[0] == 200


async def test_calls_and_secrets(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("x")

    await local.start(do)
    await local.act(name="do")
    secrets = await local.control.get("secrets")
    assert secrets["bot_token"] == BOT_TOKEN
    calls = (await local.control.get("calls", since=1))["calls"]
    assert [call["n"] for call in calls] == list(range(2, 2 + len(calls)))
    assert {"route", "path", "status", "ms", "server", "at", "note"} <= set(calls[0])
    assert all(token not in json.dumps(calls) for token in secrets["tokens"])
    assert len(secrets["tokens"]) == 1


# --- server-sent events -----------------------------------------------------------------------


class Stream:
    """The events that one viewer gets."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self._response = response

    async def next(self) -> tuple[str, Json]:
        event = ""
        async with asyncio.timeout(WAIT_MAX):
            async for line in self._response.content:
                name, _, value = line.decode().strip().partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    return event, json.loads(value)
        raise AssertionError("the stream has ended")


@contextlib.asynccontextmanager
async def watching(local: LocalDiscord, viewer: str) -> AsyncGenerator[Stream]:
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{local.box.urls.control}/events?viewer={viewer}") as response,
    ):
        assert response.content_type == "text/event-stream"
        yield Stream(response)


async def test_events_of_a_command(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("one")
        await interaction.edit_original_response(content="two")
        await interaction.delete_original_response()
        assert isinstance(interaction.channel, discord.TextChannel)
        await interaction.channel.typing()

    async with watching(local, local.ada) as stream:
        await local.start(do)
        assert await stream.next() == ("commands", {})
        done = await local.act(name="do")
        event, data = await stream.next()
        assert (event, data["op"], data["message"]["content"]) == ("message", "create", "one")
        event, data = await stream.next()
        assert (event, data["id"], data["acked"]) == ("interaction", done["interaction_id"], True)
        event, data = await stream.next()
        assert (event, data["op"], data["message"]["edits"]) == ("message", "update", 1)
        event, data = await stream.next()
        assert (event, data["op"]) == ("message", "delete")
        assert data["message"]["id"] == done["message_id"]
        event, data = await stream.next()
        assert (event, data["channel_id"]) == ("typing", local.general)


async def test_viewers_see_what_is_theirs(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("secret", ephemeral=True)
        await interaction.user.send("by mail")
        await interaction.followup.send("public")

    await local.start(do)
    async with watching(local, local.ben) as stream:
        await local.act(name="do")
        # Neither Ada's private message nor her mail nor her interaction came before it.
        event, data = await stream.next()
        assert (event, data["message"]["content"]) == ("message", "public")


async def test_a_failed_interaction_is_told(local: LocalDiscord) -> None:
    async def do(interaction: discord.Interaction) -> None:
        """Never answers."""

    await local.start(do)
    await local.control.post("knobs", ack_timeout=0.02)
    async with watching(local, local.ada) as stream:
        await local.act(name="do")
        event, data = await stream.next()
        assert (event, data["failure"]) == ("interaction", "The application did not respond")
