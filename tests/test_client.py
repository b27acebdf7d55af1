import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import aiohttp
import discord
import pytest
from discord import app_commands
from discord.gateway import DiscordClientWebSocketResponse, DiscordWebSocket
from discord.http import Route

from bot.backends.base import Account
from bot.client import HordecordBot
from bot.endpoint import point_at
from bot.errors import BotError, NotAllowed, SettingsError
from bot.records import Reach
from bot.registration import digest_of
from bot.report import OUR_BUG, OUTDATED, sentence
from bot.requests import ImageRequest
from bot.results import Phase
from sandbox import Sandbox
from tests.discord_kit import TOKEN, FakeMemory, Stage, bot_on, settings_for, webp
from tests.fake_service import FOX, FakeService
from tests.wire.people import Control, Person, controlling, eventually
from tests.wire.places import Spot, at, thread

PRIVATE = FOX.model_copy(update={"private": True})
ANSWER = "POST /interactions/{id}/{token}/callback"
REGISTER = "PUT /applications/{application}/commands"


async def fault(control: Control, route: str, kind: str, **more: Any) -> None:
    rule = {"server": "discord", "route": route, "kind": kind, "times": 1}
    await control.call("POST", "faults", rule | more)


async def settled(stage: Stage, verb: str) -> tuple[Any, ...]:
    """What the service was told about an answer, once it is."""

    async def look() -> tuple[Any, ...] | None:
        return next((asked for asked in stage.service.asked if asked[0] == verb), None)

    return await eventually(look, verb)


def next_is(stage: Stage, request: ImageRequest) -> None:
    setattr(stage.bot, "next_request", request)  # noqa: B010 - what /ask submits


# Answering


async def test_a_request_is_answered_with_its_first_card(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    answer = await ada.command("ask")
    assert (answer.raw["type"], answer.raw["ephemeral"]) == (4, False)
    assert stage.service.asked == [("acked", 1, int(answer.message_id))]
    card = await stage.control.message(answer.message_id)
    assert "a fox" in card.text
    assert list(card.buttons) == ["Cancel"]


async def test_a_private_request_is_answered_in_private(stage: Stage, ada: Person) -> None:
    next_is(stage, PRIVATE)
    assert (await ada.command("ask")).raw["ephemeral"]
    assert stage.service.origins[0].message.ephemeral


async def test_a_dropped_answer_is_given_again(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    await fault(stage.control, ANSWER, "drop")
    answer = await ada.command("ask")
    assert await settled(stage, "acked") == ("acked", 1, int(answer.message_id))


@pytest.mark.parametrize("kind", ["drop_after", "garbage", "truncate"])
async def test_an_answer_that_was_taken_silently_counts(
    stage: Stage, ada: Person, kind: str
) -> None:
    next_is(stage, FOX)
    await fault(stage.control, ANSWER, kind)
    answer = await ada.command("ask")
    assert await settled(stage, "acked") == ("acked", 1, int(answer.message_id))
    assert len(await stage.control.messages(ada.channel_id, ada.id)) == 1


async def test_a_refused_answer_cancels_the_request(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    too_late = {"code": 10062, "message": "Unknown interaction"}
    await fault(stage.control, ANSWER, "status", status=404, body=too_late)
    await stage.control.post("knobs", ack_timeout=0.2)
    assert not (await ada.command("ask")).raw["acked"]
    assert await settled(stage, "unacked") == ("unacked", 1)
    assert await stage.control.messages(ada.channel_id, ada.id) == []


async def test_nothing_is_shown_when_a_rule_refuses(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    stage.service.refuse = NotAllowed("Not in this channel.")
    answer = await ada.command("ask")
    assert answer.raw["ephemeral"]
    assert (await stage.control.message(answer.message_id)).text.strip() == "Not in this channel."
    assert stage.service.asked == []


async def test_an_interaction_delivered_twice_runs_once(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    answer = await ada.command("ask")
    assert not stage.bot.first_time(int(answer.raw["interaction_id"]))


async def test_an_unexpected_error_gets_a_number(
    stage: Stage, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    setattr(stage.bot, "next_error", RuntimeError("a secret detail"))  # noqa: B010
    answer = await ada.command("oops")
    told = (await stage.control.message(answer.message_id)).text
    assert "a secret detail" not in told
    (logged,) = [r for r in caplog.records if r.getMessage().startswith("unexpected error")]
    assert logged.getMessage().split()[-1] in told
    assert logged.exc_info is not None


async def test_held_results_come_with_the_next_command(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada, PRIVATE), webp())
    stage.service.held.append(replace(record, phase=Phase.HELD, status=status))
    answer = await ada.command("account logout")

    async def offered() -> list[str] | None:
        seen = await stage.control.messages(ada.channel_id, ada.id)
        return next((m.pictures for m in seen if m.pictures and m.is_private), None)

    assert len(await eventually(offered, "the held result")) == 1
    assert stage.service.held == []
    assert answer.raw["ack_ms"] is not None


async def test_a_held_result_that_cannot_be_offered_stays_held(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada, PRIVATE), webp())
    stage.service.held.append(replace(record, phase=Phase.HELD, status=status))
    refused = {"code": 50035, "message": "Invalid"}
    await fault(stage.control, "POST /webhooks/{app}/{token}", "status", status=400, body=refused)
    await ada.command("account logout")

    async def tried() -> bool | None:
        calls = await stage.control.calls("discord")
        return any(c["route"] == "POST /webhooks/{app}/{token}" for c in calls) or None

    await eventually(tried, "the offer")
    assert stage.service.held


# Where it comes from


async def test_an_age_restricted_channel(stage: Stage) -> None:
    await stage.ask(await stage.control.person("ada", "after-dark"))
    await stage.ask(await stage.control.person("ada", "general"))
    assert [origin.nsfw for origin in stage.service.origins] == [True, False]


async def test_the_doors_of_each_place(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    await ada.command("ask")
    await (await stage.control.person("ada", "dm")).command("ask")
    guild = await stage.control.post("guilds", name="Elsewhere", channels=["lobby"])
    await stage.control.call("DELETE", f"guilds/{guild['id']}")
    elsewhere = Person(stage.control, ada.id, guild["channels"][0]["id"])
    with contextlib.suppress(AssertionError):  # a look-alike that lets only members in
        await elsewhere.command("ask", install="user")
    found = [origin.message.reach for origin in stage.service.origins]
    assert found[:2] == [Reach.GUILD, Reach.DM]
    assert found[2:] in ([], [Reach.USER_INSTALL])


async def test_a_user_installed_bot_has_only_the_token(stage: Stage, ada: Person) -> None:
    next_is(stage, FOX)
    await ada.command("ask", install="user")
    assert stage.service.origins[0].message.reach is Reach.USER_INSTALL


@pytest.mark.parametrize(("added", "reach"), [(True, Reach.GUILD), (False, Reach.USER_INSTALL)])
async def test_a_private_thread_is_reached_as_the_bot_once_it_is_in_it(
    stage: Stage, added: bool, reach: Reach
) -> None:
    next_is(stage, FOX)
    spot = Spot(parent=0, private=True, with_bot=added)
    await (await at(stage.control, "ada", spot)).command("ask")
    assert stage.service.origins[0].message.reach is reach


async def test_a_thread_counts_as_its_channel(stage: Stage) -> None:
    dark = await stage.control.person("ada", "after-dark")
    inside = await thread(stage.control, dark.channel_id, dark)
    await stage.ask(inside)
    origin = stage.service.origins[0]
    assert origin.nsfw
    assert origin.home == int(dark.channel_id)
    assert origin.message.channel_id == int(inside.channel_id)


async def test_the_upload_limit_is_the_places_own(stage: Stage, ada: Person) -> None:
    await stage.control.post("knobs", upload_limit=12_345_678)
    await stage.ask(ada)
    assert stage.service.origins[0].message.upload_limit == 12_345_678


# Modals


async def test_a_key_is_taken_by_a_private_modal(stage: Stage, ada: Person) -> None:
    stage.service.accounts["my-key"] = Account("ada#1", 1234)
    modal = (await ada.command("account login")).modal
    answer = await ada.fill(modal, "my-key")
    told = await ada.sees(answer.message_id, lambda m: "ada" in m.text, "logged in")
    assert told.is_private
    assert "1,234" in told.text
    assert "my-key" not in told.text


async def test_a_wrong_key(stage: Stage, ada: Person) -> None:
    modal = (await ada.command("account login")).modal
    answer = await ada.fill(modal, "not-a-key")
    told = await ada.sees(answer.message_id, lambda m: "not know" in m.text, "refused")
    assert told.is_private


async def test_a_modal_from_before_a_restart(tmp_path: Path) -> None:
    service = FakeService(accounts={"my-key": Account("ada#1", 5)})
    async with Sandbox(horde=None) as box:
        async with bot_on(box, tmp_path) as before:
            modal = (await (await before.control.person("ada")).command("account login")).modal
        async with bot_on(box, tmp_path, service=service) as after:
            ada = await after.control.person("ada")
            answer = await ada.fill(modal, "my-key")
            await ada.sees(answer.message_id, lambda m: "ada" in m.text, "logged in")


async def test_modals_leave_nothing_behind(stage: Stage, ada: Person) -> None:
    await ada.command("account login")
    kept: Any = stage.bot._connection._view_store
    assert not kept._modals


# Being there


async def test_commands_are_registered_only_when_they_changed(tmp_path: Path) -> None:
    memory = FakeMemory()
    async with Sandbox(horde=None) as box:
        for extensions, registered in (
            (["tests.ask_cog"], 1),
            (["tests.ask_cog"], 1),
            (["tests.ask_cog", "cogs.account"], 2),
        ):
            async with bot_on(box, tmp_path, memory=memory, extensions=extensions) as stage:
                await asyncio.sleep(0.05)
                calls = await stage.control.calls("discord")
                assert sum(call["route"] == REGISTER for call in calls) == registered


async def test_registering_goes_on_after_trouble(tmp_path: Path) -> None:
    async with Sandbox(horde=None) as box, controlling(box.urls.control) as control:
        await fault(control, REGISTER, "drop")
        async with bot_on(box, tmp_path) as stage:  # waits until it is remembered
            assert {c["name"] for c in await stage.control.get("commands")} >= {"ask", "account"}


async def test_commands_work_in_servers_dms_and_for_user_installs(stage: Stage) -> None:
    for command in await stage.control.get("commands"):
        assert command["integration_types"] == [0, 1], command["name"]
        assert command["contexts"] == [0, 1, 2], command["name"]


def test_the_digest_changes_with_any_command() -> None:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    empty = digest_of(tree)

    @tree.command()
    async def one(interaction: discord.Interaction[Any]) -> None:
        """One."""

    first = digest_of(tree)
    one.description = "Another."
    assert len({empty, first, digest_of(tree)}) == 3


@contextlib.asynccontextmanager
async def running(box: Sandbox) -> AsyncGenerator[tuple[HordecordBot, asyncio.Task[None]]]:
    """A bot that may never get in."""
    await point_at(box.urls.discord)
    bot = HordecordBot(settings_for(box))
    bot.attach(
        service=cast("Any", None),
        catalog=cast("Any", None),
        cards=cast("Any", None),
        memory=FakeMemory(),
        extensions=(),
    )
    task = asyncio.create_task(bot.run_forever(TOKEN))
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
        await control.post("knobs", refused_tokens=[TOKEN])
        async with running(box) as (_, task):
            with pytest.raises(SettingsError, match="token") as caught:
                await asyncio.wait_for(task, 5)
            assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "route", ["GET /users/@me", "GET /oauth2/applications/@me", "GET /gateway/bot"]
)
async def test_discord_may_be_away_when_it_starts(route: str) -> None:
    async with Sandbox(horde=None) as box, controlling(box.urls.control) as control:
        await fault(control, route, "drop", times=2)  # aiohttp tries a GET twice by itself
        async with running(box) as (bot, _):
            await asyncio.wait_for(bot.online.wait(), 5)
            await asyncio.wait_for(bot.wait_until_ready(), 5)
            assert len(open_sessions()) == 1


async def test_a_gateway_that_goes_away_comes_back(stage: Stage, ada: Person) -> None:
    await stage.control.post("gateway", action="drop")

    async def connected() -> bool | None:
        sessions = (await stage.control.get("gateway"))["sessions"]
        return any(session["connected"] for session in sessions) or None

    await eventually(connected, "a session")
    next_is(stage, FOX)
    assert (await ada.command("ask")).raw["acked"]


async def test_it_leaves_cleanly(stage: Stage) -> None:
    await stage.bot.close()

    async def gone() -> bool | None:
        sessions = (await stage.control.get("gateway"))["sessions"]
        return not any(session["connected"] for session in sessions) or None

    await eventually(gone, "a closed gateway")


async def test_no_debug_line_of_the_library_holds_a_token(
    stage: Stage, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    record, status = await stage.finish(await stage.ask(ada), webp())
    await stage.delivery.show(record, status)
    await stage.delivery.card_exists(record)
    await stage.delivery.tell(record, "psst")
    secrets = (await stage.control.get("secrets"))["tokens"]
    assert secrets
    for secret in [*secrets, TOKEN]:
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
    with pytest.raises(BotError, match="answers like Discord"):
        await point_at(page)


# What an error says


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NotAllowed("Not here."), "Not here."),
        (app_commands.CommandNotFound("old", []), OUTDATED),
        (app_commands.NoPrivateMessage(), "servers only"),
        (app_commands.MissingPermissions(["manage_guild"]), "**Manage Guild**"),
        (app_commands.BotMissingPermissions(["attach_files"]), "**Attach Files**"),
        (app_commands.CommandOnCooldown(app_commands.Cooldown(1, 5), 3.2), "3 s"),
        (app_commands.CheckFailure(), "cannot use this here"),
        (aiohttp.ServerDisconnectedError(), "Try again"),
    ],
)
def test_known_errors_say_what_to_do(error: Exception, said: str) -> None:
    assert said in sentence(error)


def test_what_nobody_expected_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    said = sentence(ZeroDivisionError("x"))
    assert said.startswith(OUR_BUG.partition("`")[0])
    assert "ZeroDivisionError" in caplog.text
