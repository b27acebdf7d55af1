"""Acting as people in the sandbox, over its control API."""

import io
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.support import pseudo_language
from tests.support.discord.messages import Answer, Message, walk_modal
from tests.support.json_types import Json
from tests.support.pseudo_language import plain
from tests.support.waiting import WAIT_MAX, eventually


class Control:
    """The sandbox's control API."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base

    async def request(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        """Status and body of one call. `options`: those of aiohttp."""
        url = f"{self.base}/{path}"
        async with self._session.request(method, url, **options) as answer:
            text = await answer.text()
            found = json.loads(text) if text else None
            return answer.status, plain(found) if pseudo_language.wanted() else found

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The body of one call. An error of the sandbox is a broken test."""
        status, found = await self.request(method, path, json=body, params=query)
        assert status < 300, f"{method} {path}: {status} {found}"
        return found

    async def get(self, path: str, **query: Any) -> Any:
        return await self.call("GET", path, None, **query)

    async def post(self, path: str, **body: Any) -> Any:
        return await self.call("POST", path, body)

    async def upload(self, filename: str, data: bytes, content_type: str = "image/png") -> str:
        """An upload's id, for an attachment option."""
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(data), filename=filename, content_type=content_type)
        status, found = await self.request("POST", "uploads", data=form)
        assert status < 300, found
        return found["id"]

    async def fetch(self, url: str) -> bytes:
        """A file of the look-alike's CDN."""
        async with self._session.get(url) as answer:
            assert answer.status == 200, (answer.status, url)
            return await answer.read()

    async def message(self, message_id: str) -> Message:
        return Message(await self.get(f"messages/{message_id}"))

    async def messages(self, channel_id: str, viewer: str) -> list[Message]:
        found = await self.get("messages", channel_id=channel_id, viewer=viewer, limit="100")
        return [Message(raw) for raw in found["messages"]]

    async def calls(self, server: str, since: int = 0) -> list[Json]:
        return (await self.get("calls", server=server, since=str(since)))["calls"]

    async def horde_requests(self) -> list[Json]:
        """What the Horde was asked for, oldest first."""
        found = (await self.get("horde/requests"))["requests"]
        return [r | {"prompt": r["prompt"] or "", "forms": r["forms"] or []} for r in found]

    async def horde_request(self, words: str) -> Json:
        """The newest request at the Horde whose prompt has these words, once it is there."""

        async def look() -> Json | None:
            found = [r for r in await self.horde_requests() if words in r["prompt"]]
            return found[-1] if found else None

        return await eventually(look, f"the Horde is asked for {words}")

    async def horde_payload(self, words: str) -> Json:
        """What the bot sent for it."""
        return (await self.horde_request(words))["payload"]

    async def person(self, name: str, channel: str = "general") -> "Person":
        """ada, ben or cleo, in one of the Workshop's channels, or in the DM ("dm")."""
        world = await self.get("world")
        user = next(u for u in world["users"] if u["username"] == name)
        if channel == "dm":
            place = next(d["id"] for d in world["dms"] if d["user_id"] == user["id"])
        else:
            channels = [c for guild in world["guilds"] for c in guild["channels"]]
            place = next(c["id"] for c in channels if c["name"] == channel)
        return Person(self, user["id"], place)


class Person:
    """A person in a channel."""

    def __init__(self, control: Control, user_id: str, channel_id: str) -> None:
        self.control = control
        self.id = user_id
        self.channel_id = channel_id

    async def act(self, kind: str, **details: Any) -> Answer:
        body = {"kind": kind, "user_id": self.id, "channel_id": self.channel_id} | details
        return Answer(await self.control.call("POST", "interactions", body))

    async def command(self, name: str, /, install: str = "guild", **options: Any) -> Answer:
        return await self.act("command", name=name, options=options, install=install)

    async def complete(self, name: str, focused: str, **options: Any) -> list[Json]:
        answer = await self.act("autocomplete", name=name, focused=focused, options=options)
        return answer.raw["choices"]

    async def ask(self, name: str, words: str = "", /, **options: Any) -> Message:
        """The private answer of a command, once it says these words, or anything."""
        answer = await self.command(name, **options)
        message = await self.sees(
            answer.message_id,
            lambda m: m.text.strip() != "" and words in m.plain_text,
            words or "an answer",
        )
        assert message.is_private, message.text
        return message

    async def log_in(self, key: str) -> None:
        """Give the bot this person's API key; returns once it is checked and stored."""
        form = await self.command("account login")
        answer = await self.fill(form.modal, key)
        await self.sees(answer.message_id, lambda m: "Logged in as" in m.text, "logged in")

    async def imagine(self, prompt: str, **options: Any) -> Message:
        """The finished card of /imagine."""
        return await self.result(await self.command("imagine", prompt=prompt, **options))

    async def press(self, message: Message, label: str) -> Answer:
        found = next((b for name, b in message.buttons.items() if label in name), None)
        assert found, f"no button {label!r} among {list(message.buttons)}"
        return await self.act("component", message_id=message.id, custom_id=found["custom_id"])

    async def react(self, message: Message, emoji: str) -> None:
        """Add a reaction to a message."""
        body = {"user_id": self.id, "message_id": message.id, "emoji": emoji}
        await self.control.call("POST", "reactions", body)

    async def unreact(self, message: Message, emoji: str) -> None:
        """Remove the reaction again."""
        body = {"user_id": self.id, "message_id": message.id, "emoji": emoji}
        await self.control.call("DELETE", "reactions", body)

    async def choose(self, message: Message, value: str, placeholder: str = "") -> Answer:
        """Choose an option of a message's select."""
        found = next((m for m in message.menus if placeholder in m["placeholder"]), None)
        assert found, f"no menu {placeholder!r} in {message.text}"
        assert value in {option["value"] for option in found["options"]}
        details = {"message_id": message.id, "custom_id": found["custom_id"], "values": [value]}
        return await self.act("component", **details)

    async def submit(self, modal: Json, message: Message, **typed: str) -> Answer:
        """Submit a modal that a message opened: unchanged, except texts by name."""
        inputs = [part for part in walk_modal(modal) if part["type"] == 4]
        fields = {part["custom_id"]: part.get("value") or "" for part in inputs}
        assert typed.keys() <= fields.keys()
        details = {"custom_id": modal["custom_id"], "message_id": message.id}
        return await self.act("modal", fields=fields | typed, **details)

    async def fill(self, modal: Json, *values: str) -> Answer:
        """Type into a modal's text inputs, in order, and submit it."""
        inputs = [part for part in walk_modal(modal) if part["type"] == 4]
        fields = {part["custom_id"]: value for part, value in zip(inputs, values, strict=False)}
        return await self.act("modal", custom_id=modal["custom_id"], fields=fields)

    async def sees(
        self, message_id: str, test: Callable[[Message], bool], what: str, wait: float = WAIT_MAX
    ) -> Message:
        """That message as soon as it looks like this."""

        async def look() -> Message | None:
            message = await self.control.message(message_id)
            return message if test(message) else None

        try:
            return await eventually(look, what, wait)
        except AssertionError:
            message = await self.control.message(message_id)
            raise AssertionError(f"never happened: {what}; it says:\n{message.text}") from None

    async def told(self, words: str) -> Message:
        """What this person alone was told, once it is there."""

        async def look() -> Message | None:
            seen = await self.control.messages(self.channel_id, self.id)
            return next((m for m in seen if m.is_private and words in m.text), None)

        return await eventually(look, f"told in private: {words}")

    async def hears(self, words: str) -> Message:
        """A message in this person's channel that says this, once it is there."""

        async def look() -> Message | None:
            seen = await self.control.messages(self.channel_id, self.id)
            return next((m for m in seen if words in m.text), None)

        return await eventually(look, f"a message: {words}")

    async def result(self, answer: Answer, wait: float = WAIT_MAX) -> Message:
        """The card once the request is over."""
        return await self.sees(
            answer.message_id,
            lambda m: m.buttons != {} and "Cancel" not in m.buttons,
            "a result",
            wait,
        )


@asynccontextmanager
async def controlling(base: str) -> AsyncGenerator[Control]:
    async with aiohttp.ClientSession() as session:
        yield Control(session, base)
