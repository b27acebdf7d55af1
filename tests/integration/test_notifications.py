"""Who hears that a long wait is over, where, and how often."""

import asyncio
import time
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.generations import ImageGeneration
from bot.domain.people import Notify
from bot.domain.records import MessageAccess, MessageRef, Record
from bot.domain.results import Phase, Status
from bot.ui.delivery.notifications import Notifications
from tests.support.bots.bot_on_discord import BotOnDiscord
from tests.support.builders import PRIVATE_FOX
from tests.support.discord.client import Person
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

ONE_DONE = Status(phase=Phase.DONE, generations=(ImageGeneration(id="1", file="1-1.webp"),))


def notices(live: BotOnDiscord, wish: Notify) -> Notifications:
    async def wished(_user: int) -> Notify:
        await asyncio.sleep(0)
        return wish

    return Notifications(live.client, wished)


def waited(record: Record, seconds: float) -> Record:
    return replace(record, created_at=time.time() - seconds, outcome_at=time.time())


async def notice(live: BotOnDiscord, ada: Person, words: str = "is ready") -> Message:
    """The notice, wherever it is."""
    dm = await live.control.person("ada", "dm")

    async def look() -> Message | None:
        for place in (ada.channel_id, dm.channel_id):
            for message in await live.control.messages(place, ada.id):
                if words in message.text:
                    return message
        return None

    return await eventually(look, "a notice")


async def silent(live: BotOnDiscord, route: str = "POST *") -> None:
    """Nothing is said: every task of it has had its turn."""
    since = (await live.control.calls("discord"))[-1]["n"]
    await asyncio.sleep(0.2)
    said = [c["route"] for c in await live.control.calls("discord", since)]
    assert not [one for one in said if one.startswith("POST")], (route, said)


async def test_a_mention_where_the_result_is(live: BotOnDiscord, ada: Person) -> None:
    record = waited(await live.ask(ada), 61)
    notices(live, Notify.MENTION).shown(record, ONE_DONE)
    said = await notice(live, ada)
    assert said.raw["channel_id"] == ada.channel_id
    assert not said.is_private
    assert f"<@{ada.id}>" in said.text
    assert [person["id"] for person in said.raw["mentions"]] == [ada.id]
    assert f"/{record.messages[0].message_id}" in said.text


async def test_a_private_result_is_mentioned_in_private(live: BotOnDiscord, ada: Person) -> None:
    record = waited(await live.ask(ada, PRIVATE_FOX), 61)
    notices(live, Notify.MENTION).shown(record, ONE_DONE)
    assert (await notice(live, ada)).is_private


async def test_without_a_token_a_private_one_comes_as_a_direct_message(
    live: BotOnDiscord, ada: Person
) -> None:
    record = waited(await live.ask(ada, PRIVATE_FOX), 61)
    dead = replace(record.messages[0], token_expires_at=0.0)
    notices(live, Notify.MENTION).shown(replace(record, messages=(dead,)), ONE_DONE)
    assert (await notice(live, ada)).raw["channel_id"] != ada.channel_id


async def test_without_a_token_the_bot_mentions_by_itself(live: BotOnDiscord, ada: Person) -> None:
    record = waited(await live.ask(ada), 900)
    dead = replace(record.messages[0], token_expires_at=0.0)
    notices(live, Notify.MENTION).shown(replace(record, messages=(dead,)), ONE_DONE)
    said = await notice(live, ada)
    assert said.raw["channel_id"] == ada.channel_id
    assert [person["id"] for person in said.raw["mentions"]] == [ada.id]


async def test_a_direct_message_for_who_wants_one(live: BotOnDiscord, ada: Person) -> None:
    record = waited(await live.ask(ada), 61)
    notices(live, Notify.DM).shown(record, ONE_DONE)
    assert (await notice(live, ada)).raw["channel_id"] != ada.channel_id


async def test_a_channel_that_refuses_is_no_reason_to_be_silent(
    live: BotOnDiscord, ada: Person
) -> None:
    record = waited(await live.ask(ada), 61)
    await live.control.post("expire", message_id=str(record.messages[0].message_id))
    notices(live, Notify.MENTION).shown(record, Status(phase=Phase.FAULTED))
    assert (await notice(live, ada, "has ended")).raw["channel_id"] != ada.channel_id


@pytest.mark.parametrize(
    ("wish", "seconds", "phase"),
    [
        (Notify.OFF, 300, Phase.DONE),
        (Notify.MENTION, 59, Phase.DONE),
        (Notify.DM, 300, Phase.CANCELLED),
    ],
)
async def test_nobody_hears_what_they_know(
    live: BotOnDiscord, ada: Person, wish: Notify, seconds: float, phase: Phase
) -> None:
    record = waited(await live.ask(ada), seconds)
    notices(live, wish).shown(record, Status(phase=phase))
    await silent(live)


async def test_a_result_that_came_as_a_direct_message_was_heard(
    live: BotOnDiscord, ada: Person
) -> None:
    record = waited(await live.ask(ada), 300)
    moved = MessageRef(channel_id=1, message_id=2, reach=MessageAccess.DM)
    notices(live, Notify.DM).shown(replace(record, messages=(*record.messages, moved)), ONE_DONE)
    await silent(live)


async def test_a_lost_answer_is_not_said_twice(live: BotOnDiscord, ada: Person) -> None:
    record = waited(await live.ask(ada), 61)
    rule: dict[str, Any] = {"server": "discord", "route": "POST /webhooks/{app}/{token}"}
    await live.control.call("POST", "faults", rule | {"kind": "drop_after", "times": 1})
    notices(live, Notify.MENTION).shown(record, ONE_DONE)
    await notice(live, ada)
    await silent(live)
    dm = await live.control.person("ada", "dm")
    said = await live.control.messages(dm.channel_id, ada.id)
    assert not [message for message in said if "is ready" in message.text]
