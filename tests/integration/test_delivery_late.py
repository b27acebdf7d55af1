"""Cards after their token has expired: other routes, moved cards, direct messages, plain text."""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.domain.records import MessageAccess
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from tests.support import builders
from tests.support.bots.bot_on_discord import BotOnDiscord, fault
from tests.support.bots.deliveries import WAITING, card_of, count, expire, routes
from tests.support.builders import PRIVATE_FOX, webp
from tests.support.discord.client import Person
from tests.support.discord.routes import EDIT_ANSWER, EDIT_MESSAGE, POST_MESSAGE

# When the token is dead


async def test_a_dead_token_leads_to_the_channel(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await expire(live, record)
    before = await count(live)
    assert await live.show(record, status) is None
    assert await routes(live, before) == [EDIT_ANSWER, EDIT_MESSAGE]
    assert len((await card_of(live, record)).pictures) == 1


async def test_a_message_that_takes_no_edit_gets_a_successor(
    live: BotOnDiscord, ada: Person
) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await expire(live, record)
    too_old = {"code": 30046, "message": "Maximum number of edits reached"}
    await fault(live.control, EDIT_MESSAGE, "status", status=400, body=too_old)
    await fault(live.control, POST_MESSAGE, "drop_after")
    moved = await live.show(record, status)
    assert moved is not None
    posted = await live.control.messages(ada.channel_id, ada.id)
    with_pictures = [m for m in posted if m.pictures]
    assert [m.id for m in with_pictures] == [str(moved.message_id)]  # once, though tried twice
    assert moved.token == ""


async def test_the_successor_is_edited_from_then_on(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await expire(live, record)
    too_old = {"code": 30046, "message": "Maximum number of edits reached"}
    await fault(live.control, EDIT_MESSAGE, "status", status=400, body=too_old)
    moved = await live.show(record, status)
    assert moved is not None
    record = replace(record, messages=(*record.messages, moved))
    failed = Status(phase=Phase.FAULTED)
    assert await live.show(replace(record, phase=Phase.FAULTED), failed) is None
    assert (await live.control.message(str(moved.message_id))).pictures == []


async def test_a_channel_that_is_gone(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada), webp())
    await expire(live, record)
    await live.control.call("DELETE", f"channels/{ada.channel_id}")
    with pytest.raises(Undeliverable) as caught:
        await live.show(record, status)
    assert caught.value.gone
    assert caught.value.deleted


@pytest.mark.parametrize("code", [50001, 50013])
async def test_a_place_that_shut_the_bot_out(live: BotOnDiscord, ada: Person, code: int) -> None:
    """The message still exists, so the request is not cancelled."""
    record, status = await live.finish(await live.ask(ada), webp())
    await expire(live, record)
    refusal = {"code": code, "message": "Missing Permissions"}
    await fault(live.control, EDIT_MESSAGE, "status", status=403, body=refusal)
    with pytest.raises(Undeliverable) as caught:
        await live.show(record, status)
    assert caught.value.gone
    assert not caught.value.deleted


async def test_a_private_result_moves_into_a_dm(live: BotOnDiscord, ada: Person) -> None:
    record, status = await live.finish(await live.ask(ada, PRIVATE_FOX), webp())
    assert (await card_of(live, record)).is_private
    await expire(live, record)
    moved = await live.show(record, status)
    assert moved is not None
    assert moved.reach is MessageAccess.DM
    at_home = await live.control.person("ada", "dm")
    assert [m.id for m in await live.control.messages(at_home.channel_id, ada.id)] == [
        str(moved.message_id)
    ]
    seen = await live.control.messages(ada.channel_id, ada.id)
    assert all(m.is_private for m in seen)


@pytest.mark.parametrize("code", [50001, 50007])
async def test_a_private_result_waits_when_there_is_no_dm(
    live: BotOnDiscord, ada: Person, code: int
) -> None:
    record, status = await live.finish(await live.ask(ada, PRIVATE_FOX), webp())
    await expire(live, record)
    closed = {"code": code, "message": "Cannot send messages to this user"}
    await fault(live.control, POST_MESSAGE, "status", status=403, body=closed)
    with pytest.raises(Undeliverable) as caught:
        await live.show(record, status)
    assert not caught.value.gone


async def test_progress_that_nobody_can_see_is_let_go(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada, PRIVATE_FOX)
    await expire(live, record)
    before = await count(live)
    assert await live.show(record, WAITING) is None
    assert await routes(live, before) == [EDIT_ANSWER]


@pytest.mark.parametrize(("left", "said"), [(300, False), (30, True)])
async def test_a_message_with_one_door_says_when_it_closes(
    live: BotOnDiscord, ada: Person, left: float, said: bool
) -> None:
    record = await live.ask(ada, PRIVATE_FOX)
    ref = replace(record.messages[-1], token_expires_at=time.time() + left)
    await live.show(replace(record, messages=(ref,)), WAITING)
    assert ("direct message" in (await card_of(live, record)).text) is said


async def test_a_public_message_has_other_routes(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    ref = replace(record.messages[-1], token_expires_at=time.time() + 30)
    await live.show(replace(record, messages=(ref,)), WAITING)
    assert "direct message" not in (await card_of(live, record)).text


# Small words


async def test_a_private_word_stands_under_the_answer(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    await live.delivery.tell(record, "Your key is empty.")
    (word,) = [m for m in await live.control.messages(ada.channel_id, ada.id) if m.is_private]
    assert word.text.strip() == "Your key is empty."


async def test_a_private_word_becomes_a_dm(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    await expire(live, record)
    await live.delivery.tell(record, "Your key is empty.")
    at_home = await live.control.person("ada", "dm")
    (word,) = await live.control.messages(at_home.channel_id, ada.id)
    assert word.text.strip() == "Your key is empty."


async def test_a_private_word_may_be_lost(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    await expire(live, record)
    closed = {"code": 50007, "message": "Cannot send messages to this user"}
    await fault(live.control, POST_MESSAGE, "status", status=403, body=closed)
    await live.delivery.tell(record, "Your key is empty.")  # no error


async def test_whether_discord_took_the_first_card(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    unsure = replace(record, messages=(replace(record.messages[0], message_id=0),))
    found = await live.delivery.card_exists(unsure)
    assert found is not None
    assert found.message_id == record.messages[0].message_id


async def test_that_discord_never_took_the_first_card(live: BotOnDiscord) -> None:
    never = builders.record()
    assert await live.delivery.card_exists(never) is None


async def test_a_dead_token_cannot_tell(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    old = replace(record.messages[0], token_expires_at=time.time() - 1)
    assert await live.delivery.card_exists(replace(record, messages=(old,))) is None


async def test_nothing_is_called_before_the_login(live: BotOnDiscord, ada: Person) -> None:
    record, before = await live.ask(ada), await count(live)
    live.client.online.clear()
    showing = asyncio.create_task(live.show(record, WAITING))
    await asyncio.sleep(0.05)
    assert await routes(live, before) == []
    live.client.online.set()
    await showing
    assert await routes(live, before) == [EDIT_ANSWER]
