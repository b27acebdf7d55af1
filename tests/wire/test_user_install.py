"""The app of one person where the bot is not: five follow-ups, and no way but the token."""

from functools import partial

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.actions import OVERFLOW_COUNT, overflow_message, request_many_pictures
from tests.support.discord.channels import PLACES, person_in, pictured
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.discord.routes import FOLLOW_UP
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire
AS_THE_BOT = ("GET /channels/", "PATCH /channels/", "POST /channels/", "DELETE /channels/")
PLACES_WITHOUT_BOT = ["another server", "another server's thread", "a group"]


async def follow_ups(control: Control) -> int:
    return sum(call["route"] == FOLLOW_UP for call in await control.calls("discord"))


async def test_pictures_beyond_ten_are_one_follow_up(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    for kind in PLACES_WITHOUT_BOT:
        ada = await person_in(own_control, "ada", PLACES[kind])
        before = await follow_ups(own_control)
        card = await ada.result(await request_many_pictures(ada, "a dozen marbles"))
        second = await overflow_message(ada, card)
        assert len(card.pictures) + len(second.pictures) == OVERFLOW_COUNT
        assert await follow_ups(own_control) == before + 1
    tried = [call["route"] for call in await own_control.calls("discord")]
    assert not [route for route in tried if route.startswith(AS_THE_BOT)]


async def test_all_of_them_come_as_direct_messages(own: BotProcess, own_control: Control) -> None:
    own.start_bot()
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    ada = await person_in(own_control, "ada", PLACES["another server"])
    answer = await request_many_pictures(ada, "a dozen pearls")
    await own_control.post("expire", message_id=answer.message_id)
    home = await own_control.person("ada", "dm")

    async def arrived() -> list[Message] | None:
        seen = await own_control.messages(home.channel_id, home.id)
        found = [message for message in seen if message.pictures]
        return found if len(found) == 2 else None

    both = await eventually(arrived, "two direct messages")
    assert sorted(len(message.pictures) for message in both) == [2, OVERFLOW_COUNT - 2]
    there = await own_control.message(answer.message_id)
    assert not there.pictures


async def test_held_results_stay_within_five_follow_ups(
    own: BotProcess, own_control: Control
) -> None:
    """Four results wait for their person; no command says more than it may."""
    await own_control.post("horde/knobs", job_seconds=[2, 2])
    own.start_bot()
    ada = await person_in(own_control, "ada", PLACES["another server"])
    home = await own_control.person("ada", "dm")
    await own_control.post("permissions", channel_id=home.channel_id, deny=["SEND_MESSAGES"])
    for number in range(4):
        answer = await ada.command("imagine", prompt=f"bead {number}")
        await own_control.post("expire", interaction_id=answer.raw["interaction_id"])

    async def held() -> bool | None:
        return own.log.count(" held") >= 4 or None

    await eventually(held, "four are held", 60)
    last = (await own_control.calls("discord"))[-1]["n"]
    for wanted in (3, 4):  # at most three with one command
        await ada.command("queue")
        await eventually(partial(offered, ada, wanted), f"{wanted} are offered")
    said = [call for call in await own_control.calls("discord", last) if call["route"] == FOLLOW_UP]
    assert [call["status"] for call in said] == [200] * 4


async def offered(ada: Person, wanted: int) -> bool | None:
    found = pictured(await ada.control.messages(ada.channel_id, ada.id), "bead")
    return len(found) == wanted or None
