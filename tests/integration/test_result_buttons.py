""""""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.cards.card import Button, Verb
from bot.client.recent_events import RecentEvents
from bot.domain.results import Phase, Status
from bot.ui.actions.result_buttons import ACTS, CardButton
from bot.ui.components.views import custom_id
from sandbox import Sandbox
from tests.support.bots.bot_on_discord import Stage, bot_on, webp
from tests.support.discord.client import Answer, Message, Person
from tests.support.fakes.submission import FOX

PRIVATE = FOX.model_copy(update={"private": True})


@pytest.fixture
async def ben(stage: Stage) -> Person:
    return await stage.control.person("ben")


async def card_of(stage: Stage, record_id: int) -> Message:
    ref = stage.service.records[record_id].messages[-1]
    return await stage.control.message(str(ref.message_id))


async def finished(stage: Stage, ada: Person, **fields: Any) -> Message:
    """A result of ada's that can be pressed."""
    record = await stage.ask(ada, FOX.model_copy(update=fields))
    record, status = await stage.finish(record, webp())
    await stage.show(record, status)
    return await card_of(stage, record.id)


async def said(stage: Stage, answer: Answer) -> str:
    message = await stage.control.message(answer.message_id)
    assert message.is_private
    return message.text.strip()


# Without Discord


@pytest.mark.parametrize("verb", list(Verb))
def test_every_verb_has_an_act_and_an_id(verb: Verb) -> None:
    assert verb in ACTS
    found = CardButton.__discord_ui_compiled_template__.fullmatch(custom_id(Button(verb, "x", 77)))
    assert found is not None
    assert (found["verb"], found["record"]) == (verb, "77")


@pytest.mark.parametrize("strange", ["hc:cancel:", "hc:cancel:-1", "hc:cancel:1x", "xhc:cancel:1"])
def test_other_ids_are_not_ours(strange: str) -> None:
    assert CardButton.__discord_ui_compiled_template__.fullmatch(strange) is None


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


async def test_cancel_is_passed_on_and_says_nothing(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    answer = await ada.press(await card_of(stage, record.id), "Cancel")
    assert answer.raw["type"] == 6
    assert ("cancel", record.id) in stage.service.asked


async def test_again_answers_with_a_new_card(stage: Stage, ada: Person) -> None:
    answer = await ada.press(await finished(stage, ada), "Again")
    assert stage.service.records[2].parent == 1
    assert "Cancel" in (await stage.control.message(answer.message_id)).buttons
    assert ("acked", 2, int(answer.message_id)) in stage.service.asked


async def test_again_of_something_private_stays_private(stage: Stage, ada: Person) -> None:
    answer = await ada.press(await finished(stage, ada, private=True), "Again")
    assert answer.raw["ephemeral"]
    assert stage.service.origins[-1].message.ephemeral


@pytest.mark.parametrize("label", ["Again", "Delete"])
async def test_somebody_else_is_told_in_private(
    stage: Stage, ada: Person, ben: Person, label: str
) -> None:
    answer = await ben.press(await finished(stage, ada), label)
    assert "somebody else's request" in await said(stage, answer)
    assert len(stage.service.records) == 1


async def test_anybody_may_see_the_details(stage: Stage, ada: Person, ben: Person) -> None:
    answer = await ben.press(await finished(stage, ada), "Details")
    assert "/imagine prompt:a fox" in await said(stage, answer)


async def test_a_long_prompt_is_attached_to_the_details(stage: Stage, ada: Person) -> None:
    prompt = "a fox and " * 390
    answer = await ada.press(await finished(stage, ada, prompt=prompt), "Details")
    message = await stage.control.message(answer.message_id)
    (file,) = [part for part in message.parts if part["type"] == 13]
    assert prompt.strip() in (await stage.control.fetch(file["file"]["url"])).decode()


async def test_delete_takes_the_message_away(stage: Stage, ada: Person) -> None:
    message = await finished(stage, ada)
    await ada.press(message, "Delete")
    assert ("delete", 1) in stage.service.asked
    gone = await ada.sees(message.id, lambda m: m.raw["deleted"], "deleted")
    assert gone.id == message.id


async def test_publish_shows_it_to_everybody_once(stage: Stage, ada: Person, ben: Person) -> None:
    message = await finished(stage, ada, private=True)
    assert message.is_private
    await ada.press(message, "Publish")
    own = await ada.sees(message.id, lambda m: "Publish" not in m.buttons, "no Publish button")
    assert len(own.pictures) == 1
    (public,) = await stage.control.messages(ben.channel_id, ben.id)
    assert len(public.pictures) == 1
    assert "Publish" not in public.buttons
    # What is on a public card is no secret.
    answer = await ben.press(public, "Details")
    assert "/imagine prompt:a fox" in await said(stage, answer)


async def test_save_and_take_it_back(stage: Stage, ada: Person, ben: Person) -> None:
    message = await finished(stage, ada)
    assert "kept for good" in await said(stage, await ada.press(message, "Save"))
    assert stage.service.saved == {1}
    assert "somebody else" in await said(stage, await ben.press(message, "Save"))
    stage.bot.repeats = RecentEvents()  # as if a while had passed
    assert "not saved any more" in await said(stage, await ada.press(message, "Save"))
    assert stage.service.saved == set()


async def test_a_number_that_the_result_does_not_have(stage: Stage, ada: Person) -> None:
    message = await finished(stage, ada)
    stage.service.records[1] = replace(stage.service.records[1], status=Status(phase=Phase.DONE))
    for label in ("Vary", "Upscale", "Use as source"):
        assert "no such picture" in await said(stage, await ada.press(message, label))
    assert len(stage.service.records) == 1


async def test_a_double_click_is_one_press(stage: Stage, ada: Person) -> None:
    message = await finished(stage, ada)
    answers = await asyncio.gather(*[ada.press(message, "Again") for _ in range(3)])
    assert len(stage.service.records) == 2
    assert all(answer.raw["acked"] for answer in answers)


async def test_buttons_outlive_a_restart(tmp_path: Path) -> None:
    async with Sandbox(horde=None) as box:
        async with bot_on(box, tmp_path) as before:
            message = await finished(before, await before.control.person("ada"))
        async with bot_on(box, tmp_path, service=before.service) as after:
            answer = await (await after.control.person("ada")).press(message, "Again")
            assert after.service.records[2].parent == 1
            assert answer.raw["acked"]


async def test_a_forgotten_request(stage: Stage, ada: Person) -> None:
    message = await finished(stage, ada)
    stage.service.records.clear()
    answer = await ada.press(message, "Again")
    assert await said(stage, answer) == "That request is no longer remembered."


async def test_a_bug_is_said_under_a_number(
    stage: Stage, ada: Person, caplog: pytest.LogCaptureFixture
) -> None:
    message = await finished(stage, ada)
    stage.service.refuse = RuntimeError("broken")
    told = await said(stage, await ada.press(message, "Again"))
    number = told.rpartition("`")[0].rpartition("`")[2]
    assert f"unexpected error {number}" in caplog.text
    assert "broken" not in told


async def test_presses_leave_nothing_behind(stage: Stage, ada: Person) -> None:
    message = await finished(stage, ada)
    for label in ("Details", "Again"):
        await ada.press(message, label)
    kept: Any = stage.bot._connection._view_store
    assert not kept._views
    assert not kept._synced_message_views


async def test_a_card_that_ended_meanwhile(stage: Stage, ada: Person) -> None:
    record = await stage.ask(ada)
    card = await card_of(stage, record.id)
    await stage.finish(record, phase=Phase.CANCELLED)
    assert (await ada.press(card, "Cancel")).raw["acked"]
