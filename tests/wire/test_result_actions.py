"""What people do with a result: each verb as a user would, by the right and by the wrong person."""

import asyncio
import shutil

import pytest

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def test_vary_starts_from_the_picture_with_a_new_seed(control: Control) -> None:
    ada = await control.person("ada")
    first = await ada.imagine("a tin robot", seed="11")
    second = await ada.result(await ada.press(first, "Vary"))
    assert len(second.pictures) == 1
    asked = await control.horde_payload("tin robot")
    assert asked["source_processing"] == "img2img"
    assert asked["params"]["denoising_strength"] == 0.55
    assert int(asked["params"]["seed"]) != 11
    third = await ada.result(await ada.press(second, "Vary"))
    assert third.id not in {first.id, second.id}


async def test_which_of_several_is_asked_in_private(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("three wooden horses", count=3)
    asked = await control.message((await ada.press(done, "Vary")).message_id)
    assert asked.is_private
    assert asked.pictures == done.pictures  # shown again, not sent up again
    varied = await ada.result(await ada.choose(asked, "2"))
    assert len(varied.pictures) == 3
    asked_for = await control.horde_payload("wooden horses")
    assert asked_for["source_processing"] == "img2img"
    shown = [message.id for message in await control.messages(ada.channel_id, ada.id)]
    assert asked.id not in shown  # an answered question goes


async def test_chosen_picture_counts_for_buttons_of_the_card(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    done = await ada.imagine("two felt mice", count=2)
    await ben.choose(done, "1", "Choose")
    await ada.choose(done, "2", "Choose")
    larger = await ada.result(await ada.press(done, "Upscale"))
    assert "RealESRGAN_x4plus" in larger.pictures[-1]
    modal = (await ada.press(done, "Use as source")).modal
    assert "Image 2 of" in modal["title"]
    asked = await control.message(
        (await ada.press(await ada.imagine("x", count=2), "Vary")).message_id
    )
    assert asked.is_private  # of another card nothing was chosen


async def test_one_of_several_alone(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    done = await ada.imagine("four brass keys", count=4)
    alone = await control.message((await ada.choose(done, "3", "Choose")).message_id)
    assert alone.is_private
    assert alone.pictures == [done.pictures[2]]
    assert "Image 3" in alone.text
    larger = await ada.result(await ada.press(alone, "Upscale"))
    assert "RealESRGAN_x4plus" in larger.pictures[-1]
    looked = await control.message((await ben.choose(done, "3", "Choose")).message_id)
    refused = await control.message((await ben.press(looked, "Vary")).message_id)
    assert "Only the member who made" in refused.text


async def test_upscale_and_another_upscaler(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a stone owl")
    larger = await ada.result(await ada.press(done, "Upscale"))
    assert "RealESRGAN_x4plus" in larger.pictures[-1]
    other = await ada.result(await ada.choose(larger, "4x_AnimeSharp"))
    assert "4x_AnimeSharp" in other.pictures[-1]
    forms = [r["forms"] for r in await control.horde_requests() if r["forms"]]
    assert "RealESRGAN_x4plus" in str(forms[-2])
    assert "4x_AnimeSharp" in str(forms[-1])


async def test_a_stranger_may_not(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    done = await ada.imagine("a sealed letter")
    before = len(await control.horde_requests())
    for label in ("Vary", "Upscale", "Edit", "Use as source"):
        said = await control.message((await ben.press(done, label)).message_id)
        assert said.is_private
        assert "Only the member who made" in said.text
    assert len(await control.horde_requests()) == before


async def test_edit_makes_what_was_typed(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a paper boat", seed="77", negative="rain")
    modal = (await ada.press(done, "Edit")).modal
    answer = await ada.submit(modal, done, prompt="a paper boat at night")
    edited = await ada.result(answer)
    assert edited.id != done.id
    asked = await control.horde_payload("paper boat at night")
    assert asked["prompt"].endswith("### rain")
    assert asked["params"]["seed"] == "77"
    modal = (await ada.press(done, "Edit")).modal
    answer = await ada.submit(modal, done, prompt="a tin boat", seed="", extra="--steps 12")
    await ada.result(answer)
    asked = await control.horde_payload("tin boat")
    assert asked["params"]["steps"] == 12
    assert int(asked["params"]["seed"]) != 77


async def test_a_mistake_loses_nothing_that_was_typed(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a clay jug")
    modal = (await ada.press(done, "Edit")).modal
    typed = {"prompt": "a long and careful prompt", "extra": "--stepz 30"}
    said = await control.message((await ada.submit(modal, done, **typed)).message_id)
    assert said.is_private
    assert "stepz" in said.text
    assert "--steps" in said.text
    again = (await ada.press(said, "Edit again")).modal
    mended = await ada.result(await ada.submit(again, said, extra="--steps 9"))
    assert len(mended.pictures) == 1
    assert (await control.horde_payload("long and careful prompt"))["params"]["steps"] == 9


async def test_use_as_source(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a plain vase", seed="5")
    modal = (await ada.press(done, "Use as source")).modal
    typed = {"prompt": "a vase of cobalt glass", "strength": "70 %"}
    second = await ada.result(await ada.submit(modal, done, **typed))
    assert len(second.pictures) == 1
    asked = await control.horde_payload("cobalt glass")
    assert asked["source_processing"] == "img2img"
    assert asked["params"]["denoising_strength"] == 0.7
    assert int(asked["params"]["seed"]) != 5
    modal = (await ada.press(done, "Use as source")).modal
    said = await control.message((await ada.submit(modal, done, strength="much")).message_id)
    assert "0.01" in said.text
    assert (await ada.press(said, "Edit again")).modal["components"][1]


async def test_one_of_several_as_source(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("two clay pots", count=2)
    asked = await control.message((await ada.press(done, "Use as source")).message_id)
    modal = (await ada.choose(asked, "2")).modal
    assert modal["title"].startswith("Image 2 of #")
    answer = await ada.submit(modal, asked, prompt="two pots of jade", extra="--count 1")
    assert len((await ada.result(answer)).pictures) == 1


async def test_a_larger_picture_can_be_a_source_too(control: Control) -> None:
    ada = await control.person("ada")
    larger = await ada.result(await ada.press(await ada.imagine("a small shell"), "Upscale"))
    modal = (await ada.press(larger, "Use as source")).modal
    painted = await ada.result(await ada.submit(modal, larger, prompt="a shell of pearl"))
    assert len(painted.pictures) == 1


async def test_after_a_restart_without_a_file(own: BotProcess, own_control: Control) -> None:
    """The bot is new, and has none of the bytes: the pressed message has them."""
    own.start_bot()
    ada = await own_control.person("ada")
    done = await ada.imagine("two iron lanterns", count=2)
    larger = await ada.result(await ada.press(await ada.imagine("a coal bucket"), "Upscale"))
    modal = (await ada.press(done, "Edit")).modal
    own.kill_bot()
    shutil.rmtree(own.folder / "data" / "spool")
    own.start_bot()
    edited = await ada.result(await ada.submit(modal, done, prompt="two iron lanterns, lit"))
    assert len(edited.pictures) == 2
    asked = await own_control.message((await ada.press(done, "Vary")).message_id)
    varied = await ada.result(await ada.choose(asked, "2"))
    assert len(varied.pictures) == 2
    alone = await own_control.message((await ada.choose(done, "1", "Choose")).message_id)
    assert "x4plus" in (await ada.result(await ada.press(alone, "Upscale"))).pictures[-1]
    modal = (await ada.press(larger, "Use as source")).modal
    painted = await ada.result(await ada.submit(modal, larger, prompt="a bucket of coins"))
    assert len(painted.pictures) == 1


async def test_a_private_result_is_varied_in_private(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a hidden door", private=True)
    assert done.is_private
    answer = await ada.press(done, "Vary")
    varied = await ada.result(answer)
    assert varied.is_private
    assert len(varied.pictures) == 1


async def test_a_double_press_is_one_request(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a marble lion")
    await asyncio.gather(ada.press(done, "Vary"), ada.press(done, "Vary"))

    async def ended() -> list[Json] | None:
        found = [r for r in await control.horde_requests() if "marble lion" in r["prompt"]]
        return found if len(found) > 1 and all(r["finished"] for r in found) else None

    assert len(await eventually(ended, "it was varied")) == 2


async def test_what_was_painted_without_is_named(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.imagine("a knight [sandbox:lora_failed]")
    modal = (await ada.press(done, "Edit")).modal
    edited = await ada.result(await ada.submit(modal, done, extra="--lora 12345 --steps 8"))
    assert "LoRA 12345: the download failed. The LoRA was not used." in edited.text
    assert len(edited.pictures) == 1


async def test_the_way_back_and_saving(control: Control) -> None:
    ada = await control.person("ada")
    first = await ada.imagine("a cedar chest")
    varied = await ada.result(await ada.press(first, "Vary"))
    assert f"/{first.raw['channel_id']}/{first.id})" in varied.text
    said = await control.message((await ada.press(varied, "Save")).message_id)
    assert said.is_private
    assert "favourites:True" in said.text


async def test_results_of_buttons_and_published_ones_name_their_requester(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    done = await ada.imagine("a named lamp")
    again = await ada.result(await ada.press(done, "Again"))
    secret = await ada.imagine("a named candle", private=True)
    assert "for <@" not in secret.text
    await ada.press(secret, "Publish")

    async def published() -> Message | None:
        found = await control.messages(ben.channel_id, ben.id)
        return next((m for m in found if "named candle" in m.text), None)

    for shown in (done, again, await eventually(published, "published")):
        assert f"for <@{ada.id}>" in shown.text
        assert not shown.raw["mentions"]
    told = await control.message((await ben.press(done, "Details")).message_id)
    assert f"for <@{ada.id}>" in told.text
