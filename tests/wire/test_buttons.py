"""Every button, pressed by the right and by the wrong person."""

import asyncio

import pytest

from tests.support.discord.actions import card_of_ada, delete_result
from tests.support.discord.client import Control
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def test_again_makes_another_with_a_new_seed(control: Control) -> None:
    ada = await control.person("ada")
    first = await card_of_ada(control, "a blue teapot", seed="11")
    answer = await ada.press(first, "Again")
    second = await ada.result(answer)
    assert second.id != first.id
    assert len(second.pictures) == 1
    sent = [r for r in await control.horde_requests() if "blue teapot" in r["prompt"]]
    assert len(sent) == 2
    assert sent[-1]["payload"]["params"]["seed"] != "11"


async def test_a_double_click_is_one_request(control: Control) -> None:
    ada = await control.person("ada")
    first = await card_of_ada(control, "a green umbrella")
    await asyncio.gather(ada.press(first, "Again"), ada.press(first, "Again"))

    async def ended() -> list[Json] | None:
        sent = [r for r in await control.horde_requests() if "green umbrella" in r["prompt"]]
        return sent if len(sent) >= 2 and all(r["finished"] for r in sent) else None

    assert len(await eventually(ended, "the second picture")) == 2


async def test_details_tell_everything_and_repeat_it(control: Control) -> None:
    ada = await control.person("ada")
    done = await card_of_ada(control, "a brass telescope", seed="99", negative="rust")
    shown = await control.message((await ada.press(done, "Details")).message_id)
    assert shown.is_private
    for word in ("brass telescope", "99", "rust", "/imagine"):
        assert word in shown.text


async def test_delete_takes_the_message_away(control: Control) -> None:
    ada = await control.person("ada")
    done = await card_of_ada(control, "a sand castle")
    await delete_result(ada, done)

    async def gone() -> bool | None:
        return (await control.get(f"messages/{done.id}"))["deleted"] or None

    assert await eventually(gone, "the message is deleted")


async def test_somebody_elses_buttons(control: Control) -> None:
    ben = await control.person("ben")
    done = await card_of_ada(control, "a private island")
    for label in ("Again", "Delete"):
        said = await control.message((await ben.press(done, label)).message_id)
        assert said.is_private
        assert "Only the member who made" in said.text
    assert not (await control.get(f"messages/{done.id}"))["deleted"]


async def test_somebody_else_cannot_cancel(control: Control) -> None:
    await control.post("horde/knobs", job_seconds=[3, 3])
    try:
        ada, ben = await control.person("ada"), await control.person("ben")
        answer = await ada.command("imagine", prompt="a slow snail")
        card = await control.message(answer.message_id)
        await ben.press(card, "Cancel")
        await ben.told("Only the member who made")
        assert len((await ada.result(answer)).pictures) == 1
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])


async def test_cancel_while_it_waits_in_the_horde(control: Control) -> None:
    await control.post("horde/knobs", workers={"image": 0, "text": 2, "alchemy": 2})
    try:
        ada = await control.person("ada")
        answer = await ada.command("imagine", prompt="a waiting whale")
        card = await ada.sees(answer.message_id, lambda m: m.raw["edits"] > 0, "it waits there")
        await ada.press(card, "Cancel")
        ended = await ada.result(answer)
        assert "ancelled" in ended.text
        assert "Again" in ended.buttons
    finally:
        await control.post("horde/knobs", workers={"image": 8, "text": 4, "alchemy": 4})
    sent = next(r for r in await control.horde_requests() if "waiting whale" in r["prompt"])
    assert sent["waiting"] == 0
    assert sent["finished"] == 0


async def test_cancel_while_a_worker_has_it(control: Control) -> None:
    await control.post("horde/knobs", job_seconds=[90, 90])
    try:
        ada = await control.person("ada")
        answer = await ada.command("imagine", prompt="a running rabbit")

        async def running() -> bool | None:
            found = [r for r in await control.horde_requests() if "running rabbit" in r["prompt"]]
            return bool(found and found[0]["processing"]) or None

        await eventually(running, "a worker has it")
        await ada.press(await control.message(answer.message_id), "Cancel")
        ended = await ada.result(answer)  # not only when the worker is through
        assert "ancelled" in ended.text
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])
