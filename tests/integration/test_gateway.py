"""Being on Discord: registered commands, logins that fail, gateways that go away, a clean end."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any, cast

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.gateway import DiscordClientWebSocketResponse, DiscordWebSocket
from discord.http import Route

from bot.client.api_endpoint import point_at
from bot.client.bot import HordecordBot
from bot.client.commands.command_sync import _digest, _payload
from bot.errors import BotError, SettingsError
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import BotOnDiscord, FakeNotes, bot_on, fault, settings_for
from tests.support.builders import FOX_REQUEST, webp
from tests.support.credentials import BOT_TOKEN
from tests.support.discord.client import Person, controlling
from tests.support.waiting import eventually

REGISTER = "PUT /applications/{application}/commands"


# Being there


async def test_commands_are_registered_only_when_they_changed(tmp_path: Path) -> None:
    notes = FakeNotes()
    async with Sandbox(horde=None) as box:
        for extensions, registered in (
            (["tests.support.bots.ask_cog"], 1),
            (["tests.support.bots.ask_cog"], 1),
            (["tests.support.bots.ask_cog", "cogs.account"], 2),
        ):
            async with bot_on(box, tmp_path, notes=notes, extensions=extensions) as live:
                await asyncio.sleep(0.05)
                calls = await live.control.calls("discord")
                assert sum(call["route"] == REGISTER for call in calls) == registered


async def test_registering_goes_on_after_trouble(tmp_path: Path) -> None:
    async with Sandbox(horde=None) as box, controlling(box.urls.control) as control:
        await fault(control, REGISTER, "drop")
        async with bot_on(box, tmp_path) as live:  # waits until it is remembered
            assert {c["name"] for c in await live.control.get("commands")} >= {"ask", "account"}


async def test_commands_work_in_servers_dms_and_for_user_installs(live: BotOnDiscord) -> None:
    for command in await live.control.get("commands"):
        assert command["integration_types"] == [0, 1], command["name"]
        assert command["contexts"] == [0, 1, 2], command["name"]


def test_the_digest_changes_with_any_command() -> None:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    empty = _digest(_payload(tree), [])

    @tree.command()
    async def one(interaction: discord.Interaction[Any]) -> None:
        """One."""

    first = _digest(_payload(tree), [])
    one.description = "Another."
    assert len({empty, first, _digest(_payload(tree), [])}) == 3


@contextlib.asynccontextmanager
async def running_bot(box: Sandbox) -> AsyncGenerator[tuple[HordecordBot, asyncio.Task[None]]]:
    """A bot that may never get in."""
    await point_at(box.urls.discord)
    bot = HordecordBot(settings_for(box))
    bot.attach(
        services=cast("Any", None),
        cards=cast("Any", None),
        notes=FakeNotes(),
        extensions=(),
    )
    task = asyncio.create_task(bot.run_forever(BOT_TOKEN))
    try:
        yield bot, task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def open_sessions() -> list[aiohttp.ClientSession]:
    """Those of discord.py, by the class that only it gives them."""
    found = [one for one in gc.get_objects() if isinstance(one, aiohttp.ClientSession)]
    ours = [s for s in found if s._ws_response_class is DiscordClientWebSocketResponse]
    return [session for session in ours if not session.closed]


async def test_a_refused_token_ends_it_at_once() -> None:
    async with Sandbox(horde=None) as box, controlling(box.urls.control) as control:
        await control.post("knobs", refused_tokens=[BOT_TOKEN])
        async with running_bot(box) as (_, task):
            with pytest.raises(SettingsError, match="token") as caught:
                await asyncio.wait_for(task, 5)
            assert BOT_TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "route", ["GET /users/@me", "GET /oauth2/applications/@me", "GET /gateway/bot"]
)
async def test_discord_may_be_away_when_it_starts(route: str) -> None:
    async with Sandbox(horde=None) as box, controlling(box.urls.control) as control:
        await fault(control, route, "drop", times=2)  # aiohttp tries a GET twice by itself
        async with running_bot(box) as (bot, _):
            await asyncio.wait_for(bot.online.wait(), 5)
            await asyncio.wait_for(bot.wait_until_ready(), 5)
            assert len(open_sessions()) == 1


async def test_a_gateway_that_goes_away_comes_back(live: BotOnDiscord, ada: Person) -> None:
    await live.control.post("gateway", action="drop")

    async def connected() -> bool | None:
        sessions = (await live.control.get("gateway"))["sessions"]
        return any(session["connected"] for session in sessions) or None

    await eventually(connected, "a session")
    live.next_is(FOX_REQUEST)
    assert (await ada.command("ask")).raw["acked"]


async def test_it_leaves_cleanly(live: BotOnDiscord) -> None:
    await live.client.close()

    async def gone() -> bool | None:
        sessions = (await live.control.get("gateway"))["sessions"]
        return not any(session["connected"] for session in sessions) or None

    await eventually(gone, "a closed gateway")


async def test_no_debug_line_of_the_library_holds_a_token(
    live: BotOnDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    record, status = await live.finish(await live.ask(ada), webp())
    await live.show(record, status)
    await live.delivery.card_exists(record)
    await live.delivery.tell(record, "psst")
    secrets = (await live.control.get("secrets"))["tokens"]
    assert secrets
    for secret in [*secrets, BOT_TOKEN]:
        assert secret not in caplog.text


@pytest.mark.parametrize("suffix", ["", "/", "/api/v10", "/api/v10/"])
async def test_another_discord_with_or_without_its_path(suffix: str) -> None:
    async with Sandbox(horde=None) as box:
        await point_at(box.urls.discord.removesuffix("/api/v10") + suffix)
        assert box.urls.discord == Route.BASE
        assert str(DiscordWebSocket.DEFAULT_GATEWAY) == box.urls.gateway
        assert box.urls.discord.startswith(discord.Asset.BASE)


async def test_another_discord_that_is_none() -> None:
    async with Sandbox(discord=("127.0.0.1", 0), horde=None) as box:
        page = box.urls.page
    with pytest.raises(BotError, match="does not answer like Discord"):
        await point_at(page)
