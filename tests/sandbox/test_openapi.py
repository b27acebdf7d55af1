"""Every body of a session, either way, is what Discord's own description says.

The client is unmodified discord.py, the server the sandbox's; the description belongs to neither.
"""

from pathlib import Path
from typing import Any

import aiohttp
import discord
import pytest

from sandbox import Sandbox
from tests.sandbox import openapi_check
from tests.sandbox.openapi_check import VARIABLE, Exchanges, SpecChecker, checker
from tests.sandbox.touring import tour, touring

Json = dict[str, Any]


@pytest.fixture(scope="module")
def spec() -> SpecChecker:
    return checker()


class People:
    """Ada in #general, by the control API."""

    def __init__(self, http: aiohttp.ClientSession, control: str) -> None:
        self._http, self._control = http, control
        self.ada = self.general = self.dm = ""

    async def call(self, method: str, path: str, **body: Any) -> Json:
        async with self._http.request(method, f"{self._control}/{path}", json=body) as answer:
            found: Json = await answer.json()
            assert answer.status < 300, found
            return found

    async def meet(self) -> None:
        world = await self.call("GET", "world")
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
    async with Sandbox(horde=None) as box, aiohttp.ClientSession() as http:
        box.discord.on_exchange = exchanges
        async with touring(box.urls.discord, box.urls.gateway) as bot:
            people = People(http, box.urls.control)
            await people.meet()
            await visit(people)
            await tour(bot, int(people.general), int(people.ada))
            channel = bot.get_channel(int(people.general))
            assert isinstance(channel, discord.TextChannel)
            await refusals(channel)
    assert bot.failures == []
    assert exchanges.findings(spec) == []
    assert [line for name, data in bot.events for line in spec.check_event(name, data)] == []
    assert {name for name, _ in bot.events} >= {"GUILD_CREATE", "MESSAGE_UPDATE", *SEEN_EVENTS}
    assert {spec.name(method, path) for method, path, *_ in exchanges.seen} >= SEEN
    assert {status for _, _, _, status, _ in exchanges.seen} == {200, 204, 400, 404}


SEEN_EVENTS = {"MESSAGE_CREATE", "INTERACTION_CREATE"}
SEEN = {
    "POST /interactions/{interaction_id}/{interaction_token}/callback",
    "POST /webhooks/{webhook_id}/{webhook_token}",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/{message_id}",
    "DELETE /webhooks/{webhook_id}/{webhook_token}/messages/@original",
    "PUT /applications/{application_id}/commands",
    "POST /users/@me/channels",
    "PATCH /channels/{channel_id}/messages/{message_id}",
    "GET /users/@me",
}
"""A session that does not reach these is not the one this test means."""


class TestChecker:
    """What finds nothing in a session must be able to find something."""

    def test_a_request(self, spec: SpecChecker):
        path = "/webhooks/1/token/messages/@original"
        assert spec.check_request("PATCH", path, {"content": "x", "attachments": [{"id": 0}]}) == []
        nested = {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 2}]}]}
        assert spec.check_request("PATCH", path, nested) == [
            "components.0.components.0: type 2 is none of [1, 9, 10, 12, 13, 14]"
        ]
        assert spec.check_request("PATCH", path, {"content": "x" * 2001}) == [
            "content: … is too long"
        ]

    def test_an_answer(self, spec: SpecChecker):
        assert spec.check_response("GET", "/users/@me?x=1", 200, {"id": 5})[:2] == [
            "body: 'avatar' is a required property",
            "body: 'discriminator' is a required property",
        ]
        assert spec.check_response("POST", "/channels/1/typing", 204, None) == []
        assert spec.check_response("POST", "/channels/1/typing", 204, {}) != []
        assert spec.check_response("POST", "/channels/1/typing", 302, None) != []
        assert spec.check_response("POST", "/channels/1/typing", 502, "<html>") == []

    def test_a_refusal(self, spec: SpecChecker):
        fault = {"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}
        refused = {"code": 50035, "message": "Invalid Form Body"}
        errors: Json = {"content": {"_errors": [fault]}}
        where = ("POST", "/channels/1/messages", 400)
        assert spec.check_response(*where, {**refused, "errors": errors}) == []
        mixed = {**errors, "_errors": [fault]}
        assert spec.check_response(*where, {**refused, "errors": mixed}) != []
        assert spec.check_response(*where, {"code": 50035}) != []

    def test_operations(self, spec: SpecChecker):
        assert spec.check_request("GET", "/users", None) == ["no such operation"]
        assert spec.check_response("PUT", "/users/@me", 200, {}) == ["no such operation"]
        assert spec.check_request("POST", "/channels/1/messages", None) == ["body: missing"]
        assert spec.check_request("GET", "/users/@me", {}) == ["body: this operation takes none"]
        assert spec.name("POST", "/interactions/1/secret/callback").count("secret") == 0

    def test_an_event(self, spec: SpecChecker):
        event = {"data": {"resolved": {"attachments": {"5": {"id": "5", "size": 1}}}}, "user": {}}
        findings = spec.check_event("INTERACTION_CREATE", event)
        assert "data.resolved.attachments.5.body: 'url' is a required property" in findings
        assert "user.body: 'id' is a required property" in findings
        assert spec.check_event("TYPING_START", {}) == []
        assert spec.check_message({"id": "1"}) != []

    def test_formats(self, spec: SpecChecker):
        embed = {"type": "rich", "timestamp": "2026-01-01", "url": "nowhere", "color": 2**31}
        assert [
            line.split(":")[0] for line in spec.check_schema("MessageEmbedResponse", embed)
        ] == [
            "color",
            "timestamp",
            "url",
        ]

    def test_findings_name_the_operation_and_not_the_token(self, spec: SpecChecker):
        exchanges = Exchanges()
        exchanges("POST", "/interactions/1/secret/callback", {"type": 99}, 204, None)
        exchanges("POST", "/interactions/1/secret/callback", {"type": 99}, 400, {})
        callback = "POST /interactions/{interaction_id}/{interaction_token}/callback"
        assert exchanges.findings(spec) == [
            f"{callback} asked body: type 99 is none of [1, 4, 5, 6, 7, 8, 9, 12, 13]",
            f"{callback} answered 400 body: 'code' is a required property",
            f"{callback} answered 400 body: 'message' is a required property",
        ]


class TestWithoutTheFile:
    @pytest.fixture(autouse=True)
    def no_file(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv(VARIABLE, str(tmp_path / "none.json"))
        monkeypatch.setattr(openapi_check, "_loaded", SpecChecker.load)

    def test_it_skips(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.delenv("CI", raising=False)
        with pytest.raises(pytest.skip.Exception, match=VARIABLE):
            checker()

    def test_on_ci_it_fails(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setenv("CI", "true")
        with pytest.raises(pytest.fail.Exception, match=VARIABLE):
            checker()
