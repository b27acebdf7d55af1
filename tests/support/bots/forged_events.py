"""The whole bot as a process, on a sandbox in this one: a test sees and changes the traffic.

Discord checks the input of clients; a review of the bot does not rely on that. So events are
changed behind that check, on their way to the bot.
"""

import asyncio
import copy
import json
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

from sandbox import Sandbox
from sandbox.discord.state import Discord
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Person, controlling
from tests.support.discord.messages import Answer
from tests.support.json_types import Json

BUTTON, SELECT = 2, 3
Change = Callable[[Json], Sequence[Json]]


class DiscordTraffic:
    """Traffic of the bot with Discord, which may be changed on the way."""

    def __init__(self, discord: Discord) -> None:
        self.sent: list[tuple[str, str, Any, int]] = []  # method, path, JSON, status
        self._emit: Callable[..., None] = discord.gateway.emit
        self._changes: list[Change] = []
        discord.on_exchange = self._note
        setattr(discord.gateway, "emit", self._carry)  # noqa: B010 - stands in its way

    def once(self, change: Change) -> None:
        """Let the next interaction arrive as what `change` makes of it, as often as it says."""
        self._changes.append(change)

    def again(self, event: Json) -> None:
        """Deliver an interaction of earlier once more, as a resumed gateway may."""
        self._emit("INTERACTION_CREATE", event, event.get("guild_id"))

    def bodies(self, since: int = 0) -> list[Json]:
        """The messages that the bot made or changed."""
        return [
            message
            for method, path, body, _ in self.sent[since:]
            if (message := _message(method, path, body)) is not None
        ]

    def _note(self, method: str, path: str, body: Any, status: int, answer: Any) -> None:
        del answer
        self.sent.append((method, path, body, status))

    def _carry(
        self, event: str, data: Json, guild_id: str | None, *more: Any, **named: Any
    ) -> None:
        if event != "INTERACTION_CREATE" or not self._changes:
            return self._emit(event, data, guild_id, *more, **named)
        for changed in self._changes.pop(0)(copy.deepcopy(data)):
            self._emit(event, changed, guild_id)
        return None


def _message(method: str, path: str, body: Any) -> Json | None:
    """The message in a call; None for a call that makes none."""
    if not isinstance(body, dict) or method not in {"POST", "PATCH"}:
        return None
    sent = cast("Json", body)
    if path.endswith("/callback"):
        return sent.get("data") if sent.get("type") in {4, 7} else None
    return sent if "/messages" in path or path.startswith("/webhooks/") else None


class AttackedBot:
    """The bot, the sandbox around it, and an attacker."""

    def __init__(self, box: Sandbox, control: Control, process: BotProcess) -> None:
        self.box = box
        self.control = control
        self.traffic = DiscordTraffic(box.discord.state)
        self._process = process

    @property
    def folder(self) -> Path:
        return self._process.folder

    @property
    def log(self) -> str:
        return self._process.log

    async def start(self) -> None:
        await asyncio.to_thread(self._process.start_bot)

    async def stop(self) -> None:
        await asyncio.to_thread(self._process.stop_bot)

    def assert_no_unexpected_error(self) -> None:
        """No error of ours: whatever came was foreseen."""
        for word in ("unexpected error", "Traceback", "Ignoring exception"):
            assert word not in self.log, self.log[-4000:]

    async def forge(
        self, person: Person, custom_id: str, *values: str, kind: int = BUTTON
    ) -> Answer:
        """That person presses what no message has: a button of theirs that says something else."""
        base = await self.control.message((await person.command("account forget")).message_id)
        pressed = next(b for b in base.buttons.values() if b.get("custom_id"))
        part = _part(custom_id, values, kind)
        data = {"custom_id": custom_id, "component_type": kind, "id": 2}
        data |= {"values": list(values)} if kind == SELECT else {}

        def change(event: Json) -> list[Json]:
            event["data"] = data
            event["message"]["components"] = [{"type": 1, "id": 1, "components": [part]}]
            return [event]

        self.traffic.once(change)
        details = {"message_id": base.id, "custom_id": pressed["custom_id"]}
        return await person.act("component", **details)

    async def forge_form(self, person: Person, custom_id: str, **fields: str) -> Answer:
        """That person submits a modal that was not shown to them."""
        rows = [
            {"type": 18, "component": {"type": 4, "custom_id": name, "value": text}}
            for name, text in fields.items()
        ]

        def change(event: Json) -> list[Json]:
            event["data"] = {"custom_id": custom_id, "components": rows}
            return [event]

        shown = (await person.command("account login")).modal
        self.traffic.once(change)
        return await person.fill(shown, "x")

    async def forge_command(self, person: Person, data: Json) -> Answer:
        """That person types a command that the picker does not offer them."""

        def change(event: Json) -> list[Json]:
            event["data"] = _filled(data, event)
            return [event]

        self.traffic.once(change)
        return await person.command("help")


def _filled(data: Json, event: Json) -> Json:
    """With the person, the channel and the server of the event where {user} and so on stand."""
    member, channel, guild = event["member"], event["channel"], event["guild_id"]
    user = member["user"]
    text = json.dumps(data)
    for name, found in (("user", user["id"]), ("channel", channel["id"]), ("guild", guild)):
        text = text.replace(f"{{{name}}}", found)
    role = {"id": guild, "name": "@everyone", "permissions": "0", "position": 0, "color": 0}
    role |= {"hoist": False, "managed": False, "mentionable": False, "flags": 0}
    file = {"id": "1", "filename": "x.json", "size": 9, "content_type": "application/json"}
    resolved = {
        "users": {user["id"]: user},
        "members": {user["id"]: {k: v for k, v in member.items() if k != "user"}},
        "channels": {channel["id"]: channel},
        "roles": {guild: role},
        "attachments": {"1": file | dict.fromkeys(("url", "proxy_url"), "http://127.0.0.1:9/x")},
    }
    return json.loads(text) | {"resolved": resolved}


def _part(custom_id: str, values: Sequence[str], kind: int) -> Json:
    if kind == BUTTON:
        return {"type": 2, "id": 2, "style": 2, "label": "x", "custom_id": custom_id}
    options = [{"label": "x", "value": value} for value in values]
    return {"type": 3, "id": 2, "custom_id": custom_id, "options": options}


@asynccontextmanager
async def attacked_bot(
    folder: Path, *, spoil: Callable[[Sandbox], dict[str, str]] = lambda _: {}, **env: str
) -> AsyncGenerator[AttackedBot]:
    """The bot, started. `spoil` may change what there is before the bot looks, and its settings."""
    async with Sandbox(job_seconds=(0.2, 0.4)) as box, controlling(box.urls.control) as control:
        settings = {"HORDECORD_LIMITS__OPEN_PER_PERSON": "0"} | spoil(box) | env
        process = BotProcess(folder, box.urls, **settings)
        found = AttackedBot(box, control, process)
        try:
            await found.start()
            yield found
        finally:
            await asyncio.to_thread(process.close)
