""""""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cards.card import Verb
from bot.cards.custom_ids import CARD
from bot.client.recent_events import RecentEvents
from bot.domain.results import Phase, Status
from bot.ui.actions.result_buttons import ACTIONS
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import BotOnDiscord, bot_on
from tests.support.builders import FOX_REQUEST, webp
from tests.support.discord.actions import delete_result
from tests.support.discord.client import Person
from tests.support.discord.messages import Answer, Message


@pytest.fixture
async def ben(live: BotOnDiscord) -> Person:
    return await live.control.person("ben")


async def shown_card(live: BotOnDiscord, record_id: int) -> Message:
    ref = live.service.records[record_id].messages[-1]
    return await live.control.message(str(ref.message_id))


async def finished(live: BotOnDiscord, ada: Person, **fields: Any) -> Message:
    """A result of ada's that can be pressed."""
    record = await live.ask(ada, FOX_REQUEST.model_copy(update=fields))
    record, status = await live.finish(record, webp())
    await live.show(record, status)
    return await shown_card(live, record.id)


async def private_text(live: BotOnDiscord, answer: Answer) -> str:
    message = await live.control.message(answer.message_id)
    assert message.is_private
    return message.text.strip()


# Without Discord


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_has_an_act_and_an_id(verb: Verb) -> None:
    assert verb in ACTIONS
    assert CARD(verb, 77, 0) == f"hc:{verb}:77"
    assert CARD.parse(f"hc:{verb}:77") == (verb, 77, 0)


@pytest.mark.parametrize("strange", ["hc:cancel:", "hc:cancel:-1", "hc:cancel:1x", "xhc:cancel:1"])
def test_other_ids_are_not_ours(strange: str) -> None:
    assert CARD.parse(strange) is None


def test_the_same_thing_twice_is_one_thing() -> None:
    now = [0.0]
    repeats = RecentEvents(lambda: now[0])
    assert repeats.is_new("press", within=1.5)
    now[0] = 1.4
    assert not repeats.is_new("press", within=1.5)
    assert repeats.is_new("another", within=1.5)
    now[0] = 3.0
    assert repeats.is_new("press", within=1.5)
    assert not repeats.is_new("press")


def test_only_the_newest_are_remembered() -> None:
    repeats = RecentEvents()
    for number in range(10_000):
        repeats.is_new(number)
    assert not repeats.is_new(9_999)
    assert repeats.is_new(0)


# On Discord


async def test_cancel_is_passed_on_and_says_nothing(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    answer = await ada.press(await shown_card(live, record.id), "Cancel")
    assert answer.raw["type"] == 6
    assert ("cancel", record.id) in live.service.asked


async def test_again_answers_with_a_new_card(live: BotOnDiscord, ada: Person) -> None:
    answer = await ada.press(await finished(live, ada), "Again")
    assert live.service.records[2].parent == 1
    assert "Cancel" in (await live.control.message(answer.message_id)).buttons
    assert ("acked", 2, int(answer.message_id)) in live.service.asked


async def test_again_of_something_private_stays_private(live: BotOnDiscord, ada: Person) -> None:
    answer = await ada.press(await finished(live, ada, private=True), "Again")
    assert answer.raw["ephemeral"]
    assert live.service.origins[-1].message.ephemeral


@pytest.mark.parametrize("label", ["Again", "Delete"])
async def test_somebody_else_is_told_in_private(
    live: BotOnDiscord, ada: Person, ben: Person, label: str
) -> None:
    answer = await ben.press(await finished(live, ada), label)
    assert "Only the member who made this request" in await private_text(live, answer)
    assert len(live.service.records) == 1


async def test_anybody_may_see_the_details(live: BotOnDiscord, ada: Person, ben: Person) -> None:
    answer = await ben.press(await finished(live, ada), "Details")
    assert "/imagine prompt:a fox" in await private_text(live, answer)


async def test_a_long_prompt_is_attached_to_the_details(live: BotOnDiscord, ada: Person) -> None:
    prompt = "a fox and " * 390
    answer = await ada.press(await finished(live, ada, prompt=prompt), "Details")
    message = await live.control.message(answer.message_id)
    (file,) = [part for part in message.parts if part["type"] == 13]
    assert prompt.strip() in (await live.control.fetch(file["file"]["url"])).decode()


async def test_delete_asks_and_may_be_kept(live: BotOnDiscord, ada: Person) -> None:
    message = await finished(live, ada)
    await ada.press(message, "Delete")
    question = await ada.told("Delete #1 permanently?")
    await ada.press(question, "Keep it")
    await ada.sees(question.id, lambda m: m.raw["deleted"], "the question is closed")
    assert ("delete", 1) not in live.service.asked
    assert not (await live.control.message(message.id)).raw["deleted"]


@pytest.mark.parametrize("private", [False, True])
async def test_delete_takes_the_message_away(
    live: BotOnDiscord, ada: Person, private: bool
) -> None:
    message = await finished(live, ada, private=private)
    await delete_result(ada, message)
    assert ("delete", 1) in live.service.asked
    gone = await ada.sees(message.id, lambda m: m.raw["deleted"], "deleted")
    assert gone.id == message.id


async def test_publish_shows_it_to_everybody_once(
    live: BotOnDiscord, ada: Person, ben: Person
) -> None:
    message = await finished(live, ada, private=True)
    assert message.is_private
    await ada.press(message, "Publish")
    own = await ada.sees(message.id, lambda m: "Publish" not in m.buttons, "no Publish button")
    assert len(own.pictures) == 1
    (public,) = await live.control.messages(ben.channel_id, ben.id)
    assert len(public.pictures) == 1
    assert "Publish" not in public.buttons
    # A public card is no secret.
    answer = await ben.press(public, "Details")
    assert "/imagine prompt:a fox" in await private_text(live, answer)


async def test_save_and_take_it_back(live: BotOnDiscord, ada: Person, ben: Person) -> None:
    message = await finished(live, ada)
    assert "saved permanently" in await private_text(live, await ada.press(message, "Save"))
    assert live.service.saved == {1}
    assert "Only the member who made" in await private_text(live, await ben.press(message, "Save"))
    live.client.repeats = RecentEvents()  # as if a while had passed
    assert "no longer saved" in await private_text(live, await ada.press(message, "Save"))
    assert live.service.saved == set()


async def test_a_number_that_the_result_does_not_have(live: BotOnDiscord, ada: Person) -> None:
    message = await finished(live, ada)
    live.service.records[1] = replace(live.service.records[1], status=Status(phase=Phase.DONE))
    for label in ("Vary", "Upscale", "Use as source"):
        assert "no such image" in await private_text(live, await ada.press(message, label))
    assert len(live.service.records) == 1


async def test_a_double_click_is_one_press(live: BotOnDiscord, ada: Person) -> None:
    message = await finished(live, ada)
    answers = await asyncio.gather(*[ada.press(message, "Again") for _ in range(3)])
    assert len(live.service.records) == 2
    assert all(answer.raw["acked"] for answer in answers)


async def test_buttons_outlive_a_restart(tmp_path: Path) -> None:
    async with Sandbox(horde=None) as box:
        async with bot_on(box, tmp_path) as before:
            message = await finished(before, await before.control.person("ada"))
        async with bot_on(box, tmp_path, service=before.service) as after:
            answer = await (await after.control.person("ada")).press(message, "Again")
            assert after.service.records[2].parent == 1
            assert answer.raw["acked"]


async def test_a_forgotten_request(live: BotOnDiscord, ada: Person) -> None:
    message = await finished(live, ada)
    live.service.records.clear()
    answer = await ada.press(message, "Again")
    assert await private_text(live, answer) == "This request is no longer stored."


async def test_a_bug_is_said_under_a_number(
    live: BotOnDiscord, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    message = await finished(live, ada)
    live.service.refuse = RuntimeError("broken")
    told = await private_text(live, await ada.press(message, "Again"))
    number = told.rpartition("`")[0].rpartition("`")[2]
    assert f"unexpected error {number}" in caplog.text
    assert "broken" not in told


async def test_presses_leave_nothing_behind(live: BotOnDiscord, ada: Person) -> None:
    message = await finished(live, ada)
    for label in ("Details", "Again"):
        await ada.press(message, label)
    kept: Any = live.client._connection._view_store
    assert not kept._views
    assert not kept._synced_message_views


async def test_a_card_that_ended_meanwhile(live: BotOnDiscord, ada: Person) -> None:
    record = await live.ask(ada)
    card = await shown_card(live, record.id)
    await live.finish(record, phase=Phase.CANCELLED)
    assert (await ada.press(card, "Cancel")).raw["acked"]
