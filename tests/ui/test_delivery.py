import asyncio
import time
from dataclasses import replace
from typing import Any

import aiohttp
import discord
import pytest

from bot.errors import Undeliverable
from bot.records import Reach, Record
from bot.requests import ImageRequest
from bot.results import Phase, Status
from bot.ui.doors import Door, Verdict, doors_of, patiently, verdict_of
from tests.discord_kit import Stage, webp
from tests.fake_service import FOX, record_of
from tests.wire.people import Message, Person

PRIVATE = FOX.model_copy(update={"private": True})
EDIT = "PATCH /webhooks/{app}/{token}/messages/{message}"
EDIT_IN_CHANNEL = "PATCH /channels/{channel}/messages/{message}"
POST = "POST /channels/{channel}/messages"
WAITING = Status(phase=Phase.WAITING, queue_position=3)


def ref_id(record: Record) -> str:
    return str(record.messages[-1].message_id)


async def card_of(stage: Stage, record: Record) -> Message:
    return await stage.control.message(ref_id(record))


async def routes(stage: Stage, since: int) -> list[str]:
    return [call["route"] for call in await stage.control.calls("discord", since)]


async def count(stage: Stage) -> int:
    return (await stage.control.calls("discord"))[-1]["n"]


async def fault(stage: Stage, route: str, kind: str, **more: Any) -> None:
    rule = {"server": "discord", "route": route, "kind": kind, "times": 1}
    await stage.control.call("POST", "faults", rule | more)


async def expire(stage: Stage, record: Record) -> None:
    await stage.control.post("expire", message_id=ref_id(record))


# Which doors


def doors(record: Record, now: float = 0.0, *, is_open: bool = False) -> list[Door]:
    return doors_of(record, is_open=is_open, now=now)


def placed(reach: Reach, request: ImageRequest = FOX, **ref: Any) -> Record:
    record = record_of(request)
    return replace(record, messages=(replace(record.messages[0], reach=reach, **ref),))


LATE = 1e12


@pytest.mark.parametrize(
    ("record", "alive", "dead"),
    [
        (placed(Reach.GUILD), [Door.TOKEN, Door.CHANNEL, Door.POST], [Door.CHANNEL, Door.POST]),
        (placed(Reach.DM), [Door.TOKEN, Door.CHANNEL, Door.POST], [Door.CHANNEL, Door.POST]),
        (placed(Reach.USER_INSTALL), [Door.TOKEN, Door.DM], [Door.DM]),
        (placed(Reach.GUILD, PRIVATE, ephemeral=True), [Door.TOKEN, Door.DM], [Door.DM]),
        (placed(Reach.GUILD, PRIVATE), [Door.TOKEN, Door.DM], [Door.DM]),
        (placed(Reach.DM, PRIVATE, ephemeral=True), [Door.TOKEN, Door.DM], [Door.DM]),
        # moved into a DM before: that message is edited
        (placed(Reach.DM, PRIVATE, token=""), [Door.CHANNEL, Door.POST], [Door.CHANNEL, Door.POST]),
    ],
)
def test_doors_of_an_outcome(record: Record, alive: list[Door], dead: list[Door]) -> None:
    assert doors(record) == alive
    assert doors(record, LATE) == dead


@pytest.mark.parametrize("reach", list(Reach))
@pytest.mark.parametrize("request_", [FOX, PRIVATE])
def test_progress_makes_no_new_message(reach: Reach, request_: ImageRequest) -> None:
    found = doors(placed(reach, request_), LATE, is_open=True)
    assert not {Door.POST, Door.DM} & set(found)


class Reply:
    """As much of a reply as discord.py's errors look at."""

    def __init__(self, status: int) -> None:
        self.status, self.reason = status, "because"


def refusal(status: int, code: int) -> discord.HTTPException:
    body: Any = {"code": code, "message": "no"}
    return discord.HTTPException(Reply(status), body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (refusal(404, 10008), Verdict.GONE),
        (refusal(404, 10003), Verdict.GONE),
        (refusal(403, 50001), Verdict.GONE),
        (refusal(403, 50013), Verdict.GONE),
        (refusal(401, 50027), Verdict.SHUT),
        (refusal(404, 10015), Verdict.SHUT),
        (refusal(400, 30046), Verdict.SHUT),
        (refusal(403, 50007), Verdict.SHUT),
        (refusal(400, 50083), Verdict.SHUT),
        (refusal(413, 40005), Verdict.TOO_LARGE),
        (refusal(413, 0), Verdict.TOO_LARGE),
        (refusal(400, 50035), Verdict.MALFORMED),
        (refusal(429, 0), Verdict.LATER),
        (refusal(503, 0), Verdict.LATER),
        (aiohttp.ServerDisconnectedError(), Verdict.LATER),
        (TimeoutError(), Verdict.LATER),
        (KeyError("interaction"), Verdict.LATER),
    ],
)
def test_what_a_failed_call_means(error: Exception, verdict: Verdict) -> None:
    assert verdict_of(error) is verdict


@pytest.mark.parametrize("code", [50001, 50013])
def test_a_token_that_is_refused_access_shuts_only_its_door(code: int) -> None:
    assert verdict_of(refusal(403, code), Door.TOKEN) is Verdict.SHUT


async def test_patience_has_an_end() -> None:
    async def fails() -> None:
        raise aiohttp.ServerDisconnectedError

    with pytest.raises(Undeliverable) as caught:
        await patiently(fails, 0.05)
    assert not caught.value.gone


# While the token lives


async def test_an_edit_goes_through_the_token(stage: Stage, ada: Person) -> None:
    record, before = await stage.ask(ada), await count(stage)
    assert await stage.delivery.show(record, WAITING) is None
    assert await routes(stage, before) == [EDIT]
    assert "place 3" in (await card_of(stage, record)).text


async def test_an_edit_that_changes_nothing_is_not_made(stage: Stage, ada: Person) -> None:
    record, before = await stage.ask(ada), await count(stage)
    for _ in range(3):
        await stage.delivery.show(record, WAITING)
    assert await routes(stage, before) == [EDIT]


async def test_the_first_card_counts_as_shown(stage: Stage, ada: Person) -> None:
    record, before = await stage.ask(ada), await count(stage)
    await stage.delivery.show(record, Status(phase=Phase.QUEUED))
    assert await routes(stage, before) == []


async def test_pictures_arrive_with_the_outcome(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    pictures = [webp(64), webp(96)]
    record, status = await stage.finish(record, *pictures)
    await stage.delivery.show(record, status)
    card = await card_of(stage, record)
    assert [await stage.control.fetch(url) for url in card.pictures] == pictures
    assert "Cancel" not in card.buttons


async def test_partial_results_are_replaced_not_piled_up(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada, FOX.model_copy(update={"n": 2}))
    record, status = await stage.finish(record, webp(64), webp(96))
    first = status.model_copy(
        update={"phase": Phase.PROCESSING, "generations": status.generations[:1]}
    )
    running = replace(record, phase=Phase.PROCESSING)
    await stage.delivery.show(running, first)
    assert len((await card_of(stage, record)).pictures) == 1
    await stage.delivery.show(record, status)
    assert len((await card_of(stage, record)).pictures) == 2


async def test_a_picture_too_large_for_the_place_is_shrunk(stage: Stage, ada: Person) -> None:
    limit = 40_000
    await stage.control.post("knobs", upload_limit=limit)
    record = await stage.ask(ada)
    large = webp(256, noise=True)
    assert len(large) > limit
    record, status = await stage.finish(record, large)
    await stage.delivery.show(record, status)
    (url,) = (await card_of(stage, record)).pictures
    assert len(await stage.control.fetch(url)) <= limit


async def test_a_limit_that_shrank_meanwhile(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)  # told us 10 MiB
    picture = webp(256, noise=True)
    assert 50_000 < len(picture) < 110_000
    record, status = await stage.finish(record, picture)
    ref = replace(record.messages[-1], upload_limit=120_000)
    record = replace(record, messages=(ref,))
    await stage.control.post("knobs", upload_limit=50_000)
    await stage.delivery.show(record, status)
    assert len((await card_of(stage, record)).pictures) == 1


async def test_a_file_that_is_not_kept_is_said(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await stage.spool.drop(["1-1.webp"])
    await stage.delivery.show(record, status)
    card = await card_of(stage, record)
    assert card.pictures == []
    assert "no longer kept" in card.text


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("drop", {}),
        ("drop_after", {}),
        ("truncate", {}),
        ("html", {"status": 502}),
        ("rate_limit", {"seconds": 0.1}),
    ],
)
async def test_trouble_on_the_way_is_tried_again(
    stage: Stage, ada: Person, kind: str, more: dict[str, Any]
) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await fault(stage, EDIT, kind, **more)
    assert await stage.delivery.show(record, status) is None
    assert len((await card_of(stage, record)).pictures) == 1


async def test_what_discord_dislikes_is_shown_in_words(
    stage: Stage, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await fault(stage, EDIT, "status", status=400, body={"code": 50035, "message": "Invalid"})
    await stage.delivery.show(record, status)
    card = await card_of(stage, record)
    assert card.pictures == []
    assert "a fox" in card.text
    assert "Discord does not take its card" in caplog.text


async def test_a_deleted_message_is_not_posted_again(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await stage.control.call("DELETE", f"messages/{ref_id(record)}")
    with pytest.raises(Undeliverable) as caught:
        await stage.delivery.show(record, status)
    assert caught.value.gone
    assert caught.value.deleted


# When the token is dead


async def test_a_dead_token_leads_to_the_channel(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await expire(stage, record)
    before = await count(stage)
    assert await stage.delivery.show(record, status) is None
    assert await routes(stage, before) == [EDIT, EDIT_IN_CHANNEL]
    assert len((await card_of(stage, record)).pictures) == 1


async def test_a_message_that_takes_no_edit_gets_a_successor(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await expire(stage, record)
    too_old = {"code": 30046, "message": "Maximum number of edits reached"}
    await fault(stage, EDIT_IN_CHANNEL, "status", status=400, body=too_old)
    await fault(stage, POST, "drop_after")
    moved = await stage.delivery.show(record, status)
    assert moved is not None
    posted = await stage.control.messages(ada.channel_id, ada.id)
    with_pictures = [m for m in posted if m.pictures]
    assert [m.id for m in with_pictures] == [str(moved.message_id)]  # once, though tried twice
    assert moved.token == ""


async def test_the_successor_is_edited_from_then_on(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await expire(stage, record)
    too_old = {"code": 30046, "message": "Maximum number of edits reached"}
    await fault(stage, EDIT_IN_CHANNEL, "status", status=400, body=too_old)
    moved = await stage.delivery.show(record, status)
    assert moved is not None
    record = replace(record, messages=(*record.messages, moved))
    failed = Status(phase=Phase.FAULTED)
    assert await stage.delivery.show(replace(record, phase=Phase.FAULTED), failed) is None
    assert (await stage.control.message(str(moved.message_id))).pictures == []


async def test_a_channel_that_is_gone(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada), webp())
    await expire(stage, record)
    await stage.control.call("DELETE", f"channels/{ada.channel_id}")
    with pytest.raises(Undeliverable) as caught:
        await stage.delivery.show(record, status)
    assert caught.value.gone
    assert caught.value.deleted


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_place_that_shut_the_bot_out(stage: Stage, ada: Person, code: int) -> None:
    """The message is still there, so nobody took the wish back."""
    record, status = await stage.finish(await stage.ask(ada), webp())
    await expire(stage, record)
    refusal = {"code": code, "message": "Missing Permissions"}
    await fault(stage, EDIT_IN_CHANNEL, "status", status=403, body=refusal)
    with pytest.raises(Undeliverable) as caught:
        await stage.delivery.show(record, status)
    assert caught.value.gone
    assert not caught.value.deleted


async def test_a_private_result_moves_into_a_dm(stage: Stage, ada: Person) -> None:
    record, status = await stage.finish(await stage.ask(ada, PRIVATE), webp())
    assert (await card_of(stage, record)).is_private
    await expire(stage, record)
    moved = await stage.delivery.show(record, status)
    assert moved is not None
    assert moved.reach is Reach.DM
    at_home = await stage.control.person("ada", "dm")
    assert [m.id for m in await stage.control.messages(at_home.channel_id, ada.id)] == [
        str(moved.message_id)
    ]
    seen = await stage.control.messages(ada.channel_id, ada.id)
    assert all(m.is_private for m in seen)


@pytest.mark.parametrize("code", [50001, 50007])
async def test_a_private_result_waits_when_there_is_no_dm(
    stage: Stage, ada: Person, code: int
) -> None:
    record, status = await stage.finish(await stage.ask(ada, PRIVATE), webp())
    await expire(stage, record)
    closed = {"code": code, "message": "Cannot send messages to this user"}
    await fault(stage, POST, "status", status=403, body=closed)
    with pytest.raises(Undeliverable) as caught:
        await stage.delivery.show(record, status)
    assert not caught.value.gone


async def test_progress_that_nobody_can_see_is_let_go(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada, PRIVATE)
    await expire(stage, record)
    before = await count(stage)
    assert await stage.delivery.show(record, WAITING) is None
    assert await routes(stage, before) == [EDIT]


@pytest.mark.parametrize(("left", "said"), [(300, False), (30, True)])
async def test_a_message_with_one_door_says_when_it_closes(
    stage: Stage, ada: Person, left: float, said: bool
) -> None:
    record = await stage.ask(ada, PRIVATE)
    ref = replace(record.messages[-1], token_expires_at=time.time() + left)
    await stage.delivery.show(replace(record, messages=(ref,)), WAITING)
    assert ("direct message" in (await card_of(stage, record)).text) is said


async def test_a_public_message_has_other_doors(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    ref = replace(record.messages[-1], token_expires_at=time.time() + 30)
    await stage.delivery.show(replace(record, messages=(ref,)), WAITING)
    assert "direct message" not in (await card_of(stage, record)).text


# Small words


async def test_a_private_word_stands_under_the_answer(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    await stage.delivery.tell(record, "Your key is empty.")
    (word,) = [m for m in await stage.control.messages(ada.channel_id, ada.id) if m.is_private]
    assert word.text.strip() == "Your key is empty."


async def test_a_private_word_becomes_a_dm(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    await expire(stage, record)
    await stage.delivery.tell(record, "Your key is empty.")
    at_home = await stage.control.person("ada", "dm")
    (word,) = await stage.control.messages(at_home.channel_id, ada.id)
    assert word.text.strip() == "Your key is empty."


async def test_a_private_word_may_be_lost(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    await expire(stage, record)
    closed = {"code": 50007, "message": "Cannot send messages to this user"}
    await fault(stage, POST, "status", status=403, body=closed)
    await stage.delivery.tell(record, "Your key is empty.")  # no error


async def test_whether_discord_took_the_first_card(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    unsure = replace(record, messages=(replace(record.messages[0], message_id=0),))
    found = await stage.delivery.card_exists(unsure)
    assert found is not None
    assert found.message_id == record.messages[0].message_id


async def test_that_discord_never_took_the_first_card(stage: Stage) -> None:
    never = record_of()
    assert await stage.delivery.card_exists(never) is None


async def test_a_dead_token_cannot_tell(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    old = replace(record.messages[0], token_expires_at=time.time() - 1)
    assert await stage.delivery.card_exists(replace(record, messages=(old,))) is None


async def test_nothing_is_called_before_the_login(stage: Stage, ada: Person) -> None:
    record, before = await stage.ask(ada), await count(stage)
    stage.bot.online.clear()
    showing = asyncio.create_task(stage.delivery.show(record, WAITING))
    await asyncio.sleep(0.05)
    assert await routes(stage, before) == []
    stage.bot.online.set()
    await showing
    assert await routes(stage, before) == [EDIT]
