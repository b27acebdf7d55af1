"""Acting as people in the sandbox, and reading what they would see. Talks HTTP and nothing else."""

import asyncio
import io
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

PATIENCE = 60.0  # seconds until a test gives up on something that takes one or two
T = TypeVar("T")
Json = dict[str, Any]


async def eventually(
    look: Callable[[], Awaitable[T | None]], what: str, wait: float = PATIENCE
) -> T:
    """What `look` finds, as soon as it finds anything."""
    end = asyncio.get_running_loop().time() + wait
    while (found := await look()) is None:
        if asyncio.get_running_loop().time() > end:
            raise AssertionError(f"never happened: {what}")
        await asyncio.sleep(0.05)
    return found


@dataclass(frozen=True)
class Message:
    """One message as a person sees it."""

    raw: Json

    @property
    def id(self) -> str:
        return self.raw["id"]

    @property
    def parts(self) -> list[Json]:
        return list(_walk(self.raw.get("components", [])))

    @property
    def text(self) -> str:
        """All its words: content, embeds and text displays."""
        texts = [self.raw.get("content") or ""]
        texts += [
            str(e.get("title", "")) + str(e.get("description", "")) for e in self.raw["embeds"]
        ]
        texts += [part["content"] for part in self.parts if part["type"] == 10]
        return "\n".join(texts)

    @property
    def buttons(self) -> dict[str, Json]:
        """By label."""
        return {p.get("label") or "": p for p in self.parts if p["type"] == 2}

    @property
    def menus(self) -> list[Json]:
        """Its selects."""
        return [p for p in self.parts if p["type"] == 3]

    @property
    def pictures(self) -> list[str]:
        """URLs of what its galleries show."""
        items = [item for part in self.parts if part["type"] == 12 for item in part["items"]]
        return [item["media"]["url"] for item in items]

    @property
    def colour(self) -> int | None:
        return next((p.get("accent_color") for p in self.parts if p["type"] == 17), None)

    @property
    def is_private(self) -> bool:
        return bool(self.raw["flags"] & 64)


def _walk(components: list[Json]) -> Iterator[Json]:
    for component in components:
        yield component
        yield from _walk(component.get("components", []))
        if accessory := component.get("accessory"):
            yield accessory


@dataclass(frozen=True)
class Answer:
    """What came of an interaction."""

    raw: Json

    @property
    def message_id(self) -> str:
        assert self.raw["message_id"], f"no message: {self.raw}"
        return self.raw["message_id"]

    @property
    def modal(self) -> Json:
        assert self.raw["modal"], f"no modal: {self.raw}"
        return self.raw["modal"]


class Control:
    """The sandbox's control API."""

    def __init__(self, session: aiohttp.ClientSession, base: str) -> None:
        self._session = session
        self.base = base

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call; what it answers. An error of the sandbox is a broken test."""
        url = f"{self.base}/{path}"
        async with self._session.request(method, url, json=body, params=query) as answer:
            text = await answer.text()
            assert answer.status < 300, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if text else None

    async def get(self, path: str, **query: Any) -> Any:
        return await self.call("GET", path, None, **query)

    async def post(self, path: str, **body: Any) -> Any:
        return await self.call("POST", path, body)

    async def upload(self, filename: str, data: bytes, content_type: str = "image/png") -> str:
        """An upload's id, for an attachment option."""
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(data), filename=filename, content_type=content_type)
        async with self._session.post(f"{self.base}/uploads", data=form) as answer:
            assert answer.status < 300, await answer.text()
            return (await answer.json())["id"]

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
    """Somebody in a channel."""

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

    async def press(self, message: Message, label: str) -> Answer:
        found = next((b for name, b in message.buttons.items() if label in name), None)
        assert found, f"no button {label!r} among {list(message.buttons)}"
        return await self.act("component", message_id=message.id, custom_id=found["custom_id"])

    async def choose(self, message: Message, value: str, placeholder: str = "") -> Answer:
        """Choose an option of a message's select."""
        found = next((m for m in message.menus if placeholder in m["placeholder"]), None)
        assert found, f"no menu {placeholder!r} in {message.text}"
        assert value in {option["value"] for option in found["options"]}
        details = {"message_id": message.id, "custom_id": found["custom_id"], "values": [value]}
        return await self.act("component", **details)

    async def submit(self, modal: Json, message: Message, **typed: str) -> Answer:
        """Submit a modal that a message opened: as it is, but for what is typed by name."""
        inputs = [part for part in _walk_modal(modal) if part["type"] == 4]
        fields = {part["custom_id"]: part.get("value") or "" for part in inputs}
        assert typed.keys() <= fields.keys()
        details = {"custom_id": modal["custom_id"], "message_id": message.id}
        return await self.act("modal", fields=fields | typed, **details)

    async def fill(self, modal: Json, *values: str) -> Answer:
        """Type into a modal's text inputs, in order, and submit it."""
        inputs = [part for part in _walk_modal(modal) if part["type"] == 4]
        fields = {part["custom_id"]: value for part, value in zip(inputs, values, strict=False)}
        return await self.act("modal", custom_id=modal["custom_id"], fields=fields)

    async def sees(
        self, message_id: str, test: Callable[[Message], bool], what: str, wait: float = PATIENCE
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

    async def result(self, answer: Answer, wait: float = PATIENCE) -> Message:
        """The card once the request is over."""
        return await self.sees(
            answer.message_id,
            lambda m: m.buttons != {} and "Cancel" not in m.buttons,
            "a result",
            wait,
        )


def _walk_modal(modal: Json) -> Iterator[Json]:
    for component in modal["components"]:
        yield component
        yield from component.get("components", [])
        if inner := component.get("component"):
            yield inner


@asynccontextmanager
async def controlling(base: str) -> AsyncGenerator[Control]:
    async with aiohttp.ClientSession() as session:
        yield Control(session, base)
