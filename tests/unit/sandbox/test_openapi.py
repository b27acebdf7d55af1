"""Every body of a session, either way, is what Discord's own description says.

The client is unmodified discord.py, the server the sandbox's; the description belongs to neither.
"""

from functools import partial
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import Sandbox
from sandbox.discord.messages.message_store import MessageStore
from tests.support.bots.every_endpoint_bot import EveryEndpointBot, call_every_endpoint, logged_in
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.openapi_check import Exchanges, SpecChecker
from tests.support.json_types import Json
from tests.support.waiting import until


class People:
    """Ada in #general, by the control API."""

    def __init__(self, http: aiohttp.ClientSession, control: str) -> None:
        self._http, self._control = http, control
        self.ada = self.general = self.dm = self.application = ""

    async def call(self, method: str, path: str, **body: Any) -> Json:
        async with self._http.request(method, f"{self._control}/{path}", json=body) as answer:
            found: Json = await answer.json() if answer.status != 204 else {}
            assert answer.status < 300, found
            return found

    async def meet(self) -> None:
        world = await self.call("GET", "world")
        self.application = world["application_id"]
        self.ada = world["users"][0]["id"]
        channels = world["guilds"][0]["channels"]
        self.general = next(one["id"] for one in channels if one["name"] == "general")
        self.dm = next(one["id"] for one in world["dms"] if one["user_id"] == self.ada)

    async def act(self, kind: str, **more: Any) -> Json:
        """One act, which the bot must have answered."""
        where = {"user_id": self.ada, "channel_id": self.general}
        outcome = await self.call("POST", "interactions", **{"kind": kind, **where, **more})
        assert outcome["acked"], outcome
        return outcome

    async def upload(self) -> str:
        form = aiohttp.FormData()
        form.add_field("file", b"GIF89a", filename="a.gif")
        async with self._http.post(f"{self._control}/uploads", data=form) as answer:
            return (await answer.json())["id"]


async def visit(people: People) -> None:
    """Ada uses everything the bot has."""
    file = await people.upload()
    options = {"prompt": "a fox", "style": "oil", "count": 2, "strength": 0.5, "image": file}
    shown = await people.act(
        "command", name="imagine", options=options | {"who": people.ada, "where": people.general}
    )
    await people.act("command", name="imagine", options={"prompt": "owl", "private": True})
    await people.act("autocomplete", name="imagine", options={"prompt": "a"}, focused="prompt")
    card = {"message_id": shown["message_id"]}
    await people.act("component", custom_id="choose", values=["fox", "owl"], **card)
    await people.act("component", custom_id="whom", values=[people.ada], **card)
    await people.act("component", custom_id="again", **card)
    await people.act("component", custom_id="rename", **card)
    fields = {"name": "Rex", "kind": "Fox", "photo": [file]}
    await people.act("modal", custom_id="naming", fields=fields)
    await people.act("command", name="later")
    await people.act("command", name="later", options={"private": True}, channel_id=people.dm)
    abroad = await people.call("POST", "guilds", name="Elsewhere", bot=False)
    elsewhere = abroad["channels"][0]["id"]
    await people.act("command", name="later", channel_id=elsewhere, install="user")
    group = await people.call("POST", "channels", name="Us", type=3, user_ids=[people.ada])
    await people.act("command", name="later", channel_id=group["id"], install="user")
    await people.act("command", name="account login")
    await people.act("modal", custom_id="naming", fields={"name": "Rex", "kind": "Owl"})
    said = await people.call(
        "POST",
        "messages",
        user_id=people.ada,
        channel_id=people.general,
        content="look",
        attachments=[file],
    )
    await people.act("message_command", name="Describe", target_id=said["id"])
    await people.act("user_command", name="Gift kudos", target_id=people.ada)


def is_filled(board: MessageStore, message_id: str) -> bool:
    """Whether the answer that was put off is there."""
    message = board.get(message_id)
    return message is not None and bool(message.body["content"])


async def threads(people: People, bot: EveryEndpointBot, board: MessageStore) -> None:
    """A command in a thread and one in a forum's post; the bot opens each when it is archived."""
    guild = (await people.call("GET", "world"))["guilds"][0]["id"]
    forum = await people.call("POST", "channels", guild_id=guild, name="ideas", type=15)
    for parent in (people.general, forum["id"]):
        body = {"channel_id": parent, "name": "by the way", "user_id": people.ada}
        thread = await people.call("POST", "threads", **body)
        done = await people.act("command", name="later", channel_id=thread["id"])
        await until(partial(is_filled, board, done["message_id"]))  # it could not be later
        await people.call("PATCH", f"channels/{thread['id']}", archived=True)
        found = await bot.fetch_channel(int(thread["id"]))
        assert isinstance(found, discord.Thread)
        assert not (await found.edit(archived=False)).archived
        await people.call("DELETE", f"channels/{thread['id']}")
    assert isinstance(await bot.fetch_channel(int(forum["id"])), discord.ForumChannel)


async def chats(people: People, channel: discord.TextChannel) -> None:
    """A thread of a message, a private one, a post of a forum, and a webhook that writes in one."""
    said = await people.call(
        "POST", "messages", user_id=people.ada, channel_id=people.general, content="look"
    )
    found = await channel.fetch_message(int(said["id"]))
    await found.reply("at what?")
    thread = await found.create_thread(name="look")
    secret = await channel.create_thread(name="secret", invitable=False)
    await secret.add_user(discord.Object(int(people.ada)))
    assert await secret.fetch_members()
    await secret.leave()
    await thread.edit(name="looked", auto_archive_duration=60, archived=True)
    assert [one async for one in channel.archived_threads()]
    await channel.guild.active_threads()
    await channel.guild.forums[0].create_thread(name="a post", content="its beginning")
    webhook = await channel.create_webhook(name="Characters")
    sent = await webhook.send("hello", username="Mira", thread=thread, wait=True)
    await webhook.edit_message(sent.id, content="hello again", thread=thread)
    assert await webhook.fetch_message(sent.id, thread=thread)
    await webhook.delete_message(sent.id, thread=thread)
    assert await channel.webhooks()
    await webhook.edit(name="Others")
    await webhook.delete()


async def refusals(bot_channel: discord.TextChannel) -> None:
    """Answers that say no: each has the form of Discord's."""
    with pytest.raises(discord.HTTPException):
        await bot_channel.send("x" * 2001)
    with pytest.raises(discord.HTTPException):
        await bot_channel.send("")
    with pytest.raises(discord.NotFound):
        await bot_channel.fetch_message(1)


async def test_every_body_of_a_session_is_as_discord_describes_it(spec: SpecChecker):
    exchanges = Exchanges()
    async with Sandbox(horde=None, message_content=True) as box, aiohttp.ClientSession() as http:
        box.discord.on_exchange = exchanges
        async with logged_in(box.urls.discord, box.urls.gateway) as bot:
            people = People(http, box.urls.control)
            await people.meet()
            await visit(people)
            await call_every_endpoint(bot, int(people.general), int(people.ada))
            await threads(people, bot, box.discord.state.messages)
            channel = bot.get_channel(int(people.general))
            assert isinstance(channel, discord.TextChannel)
            await chats(people, channel)
            await refusals(channel)
    assert bot.failures == []
    assert exchanges.findings(spec) == []
    assert [line for name, data in bot.events for line in spec.check_event(name, data)] == []
    assert {name for name, _ in bot.events} >= {"GUILD_CREATE", "MESSAGE_UPDATE", *SEEN_EVENTS}
    assert {spec.name(method, path) for method, path, *_ in exchanges.seen} >= SEEN
    assert {status for _, _, _, status, _ in exchanges.seen} == {200, 201, 204, 400, 404}


SEEN_EVENTS = {"MESSAGE_CREATE", "INTERACTION_CREATE", "THREAD_CREATE", "THREAD_UPDATE"}
SEEN = {
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "POST /webhooks/{webhook_id}/{webhook_token}",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PUT /applications/{application_id}/commands",
    "POST /users/@me/channels",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "PATCH /channels/{channel_id}",
    "GET /users/@me",
    "POST /channels/{channel_id}/messages/{message_id}/threads",
    "PUT /channels/{channel_id}/thread-members/{user_id}",
    "PATCH /webhooks/{webhook_id}",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
}
"""A session that does not reach these is not the one this test means."""


REFUSED_CALLS: list[tuple[int, str, str, Any]] = [
    (401, "GET", "/users/@me", None),
    (400, "POST", "/channels/{general}/messages", {}),
    (400, "POST", "/channels/{general}/messages", []),
    (400, "POST", "/channels/{general}/messages", {"components": [{"type": 17}], "tts": 1}),
    (400, "PUT", "/applications/{application}/commands", [{"name": "A b"}, 5]),
    (400, "PUT", "/applications/{application}/commands", {}),
    (404, "GET", "/channels/1", None),
    (404, "PATCH", "/channels/{general}/messages/1", {"content": "x"}),
    (404, "GET", "/guilds/1", None),
    (404, "POST", "/interactions/1/x/callback", {"type": 4}),
    (404, "POST", "/webhooks/1/x", {"content": "x"}),
    *[(200, "POST", "/channels/{general}/messages", {"content": "x"})] * 2,
    (429, "POST", "/channels/{general}/messages", {"content": "x"}),
    (403, "POST", "/channels/{general}/typing", None),
    (400, "POST", "/channels/{general}/webhooks", {"name": "clyde"}),
    (400, "POST", "/channels/{general}/threads", {"name": ""}),
    (404, "GET", "/webhooks/1", None),
]


async def test_every_refusal_is_as_discord_describes_it(spec: SpecChecker):
    exchanges = Exchanges()
    async with Sandbox(horde=None) as box, aiohttp.ClientSession() as http:
        box.discord.on_exchange = exchanges
        people = People(http, box.urls.control)
        await people.meet()
        for status, method, path, body in REFUSED_CALLS:
            if status == 403:
                silent = {"channel_id": people.general, "deny": ["SEND_MESSAGES"]}
                await people.call("POST", "permissions", **silent)
            place = path.format(general=people.general, application=people.application)
            token = {} if status == 401 else {"Authorization": f"Bot {BOT_TOKEN}"}
            url = f"{box.urls.discord}{place}"
            async with http.request(method, url, json=body, headers=token) as answer:
                assert answer.status == status, await answer.text()
    assert len(exchanges.seen) == len(REFUSED_CALLS)
    assert exchanges.findings(spec) == []
