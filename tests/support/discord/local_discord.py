"""A sandbox, an unmodified discord.py in front of it, and people to act on it."""

import asyncio
import io
import json
from typing import Any, Self

import aiohttp
import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from sandbox import Sandbox
from sandbox.discord.state import Discord
from tests.support.bots.scripted_bot import Do, ScriptedBot
from tests.support.builders import png
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.client import Control
from tests.support.json_types import Json
from tests.support.waiting import WAIT_MAX, until


def png_file(name: str = "a.png", data: bytes | None = None) -> discord.File:
    return discord.File(io.BytesIO(data or png(4, 3)), name)


class LocalDiscord:
    """`async with LocalDiscord(monkeypatch) as local`: the sandbox, its control API and bots.

    `rest`, `fetch` and `socket` speak Discord's protocol without a library.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._patch = monkeypatch
        self.box = Sandbox(horde=None)
        self.bots: list[ScriptedBot] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        await self.box.__aenter__()
        # A busy machine must not fail a test that is not about Discord's deadline.
        self.state.settings.ack_timeout = WAIT_MAX
        urls = self.box.urls
        self._patch.setattr(Route, "BASE", urls.discord)
        gateway = yarl.URL(urls.gateway)
        self._patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        self._http = aiohttp.ClientSession()
        self.control = Control(self._http, urls.control)
        self.world: Json = await self.control.get("world")
        self.ada, self.ben, self.cleo = (user["id"] for user in self.world["users"])
        self.general, self.pictures, self.dark = (
            channel["id"] for channel in self.world["guilds"][0]["channels"]
        )
        self.dm: str = self.world["dms"][0]["id"]
        return self

    async def __aexit__(self, *_: object) -> None:
        for bot in self.bots:
            await bot.close()
        await asyncio.gather(*self._tasks)
        await self._http.close()
        await self.box.__aexit__(None, None, None)

    @property
    def state(self) -> Discord:
        return self.box.discord.state

    async def start(self, do: Do | None = None, **options: Any) -> ScriptedBot:
        """A bot that is ready."""
        bot = ScriptedBot(do=do, **options)
        self.bots.append(bot)
        self._tasks.append(asyncio.create_task(bot.start(BOT_TOKEN)))
        await asyncio.wait_for(bot.ready.wait(), WAIT_MAX)
        return bot

    async def act(self, kind: str = "command", *, to_the_end: bool = True, **act: Any) -> Json:
        """An interaction of Ada in #general, unless said otherwise.

        Comes back when the bot has done all it does about it, or with the response already.
        """
        body = {"kind": kind, "user_id": self.ada, "channel_id": self.general, **act}
        outcome = await self.control.post("interactions", **body)
        if to_the_end:
            await until(lambda: not any(bot.busy for bot in self.bots))
        return outcome

    async def refused(self, kind: str = "command", **act: Any) -> str:
        """Why her client would not send this."""
        body = {"kind": kind, "user_id": self.ada, "channel_id": self.general, **act}
        status, answer = await self.control.request("POST", "interactions", json=body)
        assert status == 400, answer
        return answer["message"]

    async def upload(self, name: str = "in.png", data: bytes | None = None) -> Json:
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", data or png(4, 3), filename=name)
        status, body = await self.control.request("POST", "uploads", data=form)
        assert status == 201, body
        return body

    async def message(self, message_id: str) -> Json:
        return await self.control.get(f"messages/{message_id}")

    async def shown(self, channel: str | None = None, viewer: str | None = None) -> list[Json]:
        query = {"channel_id": channel or self.general} | ({"viewer": viewer} if viewer else {})
        return (await self.control.get("messages", **query))["messages"]

    async def gateway_sessions(self) -> list[Json]:
        return (await self.control.get("gateway"))["sessions"]

    async def calls(self, route: str) -> list[Json]:
        found = (await self.control.get("calls", server="discord"))["calls"]
        return [call for call in found if call["route"] == route]

    async def rest(self, method: str, path: str, **options: Any) -> tuple[int, Any, Any]:
        headers = {"Authorization": f"Bot {BOT_TOKEN}", **options.pop("headers", {})}
        url = self.box.urls.discord + path
        async with self._http.request(method, url, headers=headers, **options) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None, answer.headers

    async def fetch(self, url: str) -> tuple[int, bytes]:
        async with self._http.get(url) as answer:
            return answer.status, await answer.read()

    def socket(self, query: str = "") -> Any:
        return self._http.ws_connect(f"{self.box.urls.gateway}?v=10&encoding=json{query}")
