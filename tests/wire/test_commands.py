"""Each command, typed by a person, to its result in the chat."""

import re
from io import BytesIO

import pytest
from PIL import Image

from tests.support.builders import png
from tests.support.discord.client import Control
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def test_imagine_becomes_a_picture(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="a fox in the snow", seed="42")
    first = await control.message(answer.message_id)
    assert "a fox in the snow" in first.text
    assert "Cancel" in first.buttons
    done = await ada.result(answer)
    assert len(done.pictures) == 1
    assert "42" in done.text
    assert {"Again", "Details", "Delete"} <= set(done.buttons)
    picture = Image.open(BytesIO(await control.fetch(done.pictures[0])))
    assert picture.size == (1024, 1024)
    assert not done.is_private


async def test_what_the_horde_is_sent(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command(
        "imagine", prompt="a red kite", negative="blurry", seed="7", shape="portrait", count=2
    )
    await ada.result(answer)
    requests = await control.horde_requests()
    sent = next(r for r in requests if "red kite" in r["prompt"])["payload"]
    assert sent["prompt"] == "a red kite ### blurry"
    assert (sent["nsfw"], sent["censor_nsfw"]) == (False, True)
    assert sent["r2"] is True
    assert sent["models"]
    assert sent.get("replacement_filter", True) is True
    params = sent["params"]
    assert params["height"] > params["width"]
    assert params["width"] * params["height"] <= 1024 * 1024
    assert params["n"] == 2
    assert params["seed"] == "7"
    for always in ("steps", "cfg_scale", "sampler_name", "karras"):
        assert always in params


async def test_nsfw_follows_the_place(control: Control) -> None:
    ben = await control.person("ben", "after-dark")
    await ben.result(await ben.command("imagine", prompt="a velvet room"))
    sent = next(r for r in await control.horde_requests() if "velvet" in r["prompt"])
    assert (sent["payload"]["nsfw"], sent["payload"]["censor_nsfw"]) == (True, False)


async def test_four_pictures_in_one_gallery(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="four owls", count=4))
    assert len(done.pictures) == 4


async def test_a_private_result_is_seen_by_its_person_alone(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    answer = await ada.command("imagine", prompt="a secret garden", private=True)
    done = await ada.result(answer)
    assert done.is_private
    assert "Publish" in done.buttons
    seen = await control.messages(ben.channel_id, ben.id)
    assert not any("secret garden" in message.text for message in seen)


async def test_publishing_a_private_result(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    done = await ada.result(await ada.command("imagine", prompt="a hidden waterfall", private=True))
    await ada.press(done, "Publish")

    async def public() -> Message | None:
        seen = await control.messages(ben.channel_id, ben.id)
        return next((m for m in seen if "hidden waterfall" in m.text and m.pictures), None)

    assert len((await eventually(public, "a public card")).pictures) == 1


async def test_text_continues_and_is_edited(control: Control) -> None:
    ada = await control.person("ada")
    first = await ada.result(await ada.command("write", prompt="A mill by the sea", length="16"))
    further = await ada.result(await ada.press(first, "Continue"))
    assert further.id != first.id
    sent = [r for r in await control.horde_requests() if "A mill by the sea" in r["prompt"]]
    assert len(sent[-1]["prompt"]) > len(sent[-2]["prompt"])
    modal = (await ada.press(first, "Edit")).modal
    edited = await ada.result(await ada.fill(modal, "A mill by the lake", "32"))
    assert "A mill by the lake" in edited.text
    sent = [r for r in await control.horde_requests() if "by the lake" in r["prompt"]]
    assert sent[-1]["payload"]["params"]["max_length"] == 32


async def test_reasoning_and_marks_of_a_model_are_no_part_of_its_text(control: Control) -> None:
    ada = await control.person("ada")
    first = await ada.result(await ada.command("write", prompt="[sandbox:thinks] A lantern"))
    assert "The model thought first, in 9 words:" in first.text
    assert "<think>" not in first.text.replace("\\", "")
    await ada.result(await ada.press(first, "Continue"))
    sent = [r for r in await control.horde_requests() if "A lantern" in r["prompt"]]
    assert len(sent) == 2
    assert "think>" not in sent[1]["prompt"]
    assert "<|im_end|>" in sent[1]["payload"]["params"]["stop_sequence"]
    turned = await ada.result(await ada.command("write", prompt="[sandbox:next_turn] A mole"))
    assert "And what happened then" not in turned.text
    assert "|>" not in turned.text.replace("\\", "")


async def test_write_becomes_a_text(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.result(await ada.command("write", prompt="Once upon a time in the Horde"))
    assert "Once upon a time" in done.text
    assert len(done.text) > 100
    assert "Again" in done.buttons


@pytest.mark.parametrize(
    ("form", "expected"),
    [("caption", r"\w+ \w+"), ("nsfw", "NSFW"), ("interrogation", r"\w+"), ("palette", "#")],
)
async def test_alchemy_that_reads_a_picture(control: Control, form: str, expected: str) -> None:
    ada = await control.person("ada")
    image = await control.upload("boat.png", png())
    done = await ada.result(await ada.command("alchemy", image=image, form=form))
    assert re.search(expected, done.text)


async def test_alchemy_that_makes_a_picture(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("boat.png", png(96, 64))
    answer = await ada.command("alchemy", image=image, form="RealESRGAN_x4plus")
    done = await ada.result(answer)
    picture = Image.open(BytesIO(await control.fetch(done.pictures[-1])))  # the first: before
    assert picture.size == (384, 256)
    requests = [r for r in await control.horde_requests() if "RealESRGAN_x4plus" in r["forms"]]
    assert "nsfw" in requests[-1]["forms"]  # the place is not age-restricted: it is checked


async def test_alchemy_refuses_what_is_no_picture(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("letter.png", b"Dear Horde, " * 50)
    await ada.command("alchemy", image=image, form="caption")
    said = await ada.told("not an image")
    assert not said.pictures


async def test_autocomplete_knows_the_models(control: Control) -> None:
    ada = await control.person("ada")

    async def offered() -> list[str] | None:
        choices = await ada.complete("imagine", "model", model="sdxl", prompt="x")
        return [choice["value"] for choice in choices] or None

    names = await eventually(offered, "models in the autocomplete")
    assert any("SDXL" in name for name in names)
    assert len(names) <= 25


async def test_an_unknown_model_is_refused_in_private(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="x", model="Deliberatte")
    said = await control.message(answer.message_id)
    assert said.is_private
    assert "Deliberate" in said.text


async def test_queue_and_cancel_all(control: Control) -> None:
    await control.post("horde/knobs", job_seconds=[20, 20])
    try:
        cleo = await control.person("cleo")
        answers = [await cleo.command("imagine", prompt=f"slow {n}") for n in range(2)]
        listed = await control.message((await cleo.command("queue")).message_id)
        assert listed.is_private
        assert "slow 0" in listed.text
        assert "slow 1" in listed.text
        await cleo.press(listed, "all")
        for answer in answers:
            ended = await cleo.result(answer)
            assert "ancelled" in ended.text
    finally:
        await control.post("horde/knobs", job_seconds=[0.4, 0.8])


async def test_history_lists_what_was_made(control: Control) -> None:
    cleo = await control.person("cleo")
    await cleo.result(await cleo.command("imagine", prompt="a memorable lighthouse"))
    answer = await cleo.command("history")
    listed = await cleo.sees(answer.message_id, lambda m: "lighthouse" in m.text, "the lighthouse")
    assert listed.is_private


@pytest.mark.parametrize("topic", ["status", "models", "news"])
async def test_the_horde_seen_from_here(control: Control, topic: str) -> None:
    ada = await control.person("ada")
    answer = await ada.command(f"horde {topic}")
    shown = await ada.sees(answer.message_id, lambda m: len(m.text.strip()) > 40, "the information")
    assert shown.text


async def test_help_has_examples(control: Control) -> None:
    ada = await control.person("ada")
    shown = await control.message((await ada.command("help")).message_id)
    assert "/imagine" in shown.text


async def test_direct_messages(control: Control) -> None:
    ada = await control.person("ada", "dm")
    done = await ada.result(await ada.command("imagine", prompt="a quiet harbour"))
    assert len(done.pictures) == 1


async def test_a_user_installed_app(control: Control) -> None:
    ada = await control.person("ada")
    answer = await ada.command("imagine", prompt="a paper boat", install="user")
    assert len((await ada.result(answer)).pictures) == 1


async def test_mentions_in_a_prompt_reach_nobody(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="@everyone <@1> hello"))
    assert done.raw["mentions"] == []
    assert done.raw["mention_everyone"] is False
    assert "@everyone" not in done.text
