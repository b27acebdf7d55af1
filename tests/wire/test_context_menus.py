"""Context menus: on any message, on users, in direct messages; for moderators."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image

from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.discord.actions import (
    card_of_ada,
    choose_values,
    post_message,
    publish_result,
    use_message_command,
)
from tests.support.discord.client import Control
from tests.support.discord.messages import Message
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def test_the_menus_are_registered(control: Control) -> None:
    names = {(c["type"], c["name"]) for c in await control.get("commands") if c["type"] != 1}
    wanted = {(3, name) for name in ("Remix", "Describe", "Upscale", "Animate", "Generation info")}
    assert wanted | {(2, "Remix avatar"), (2, "Gift kudos")} <= names


async def test_remix_of_somebody_elses_picture(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    message = await post_message(ben, ("boat.png", png(512, 384)))
    modal = (await use_message_command(ada, "Remix", message)).modal
    assert modal["title"] == "Remix this image"
    done = await ada.result(await ada.fill(modal, "a boat in a storm", "0.4", "--steps 12"))
    assert len(done.pictures) == 1
    sent = await control.horde_payload("a boat in a storm")
    assert sent["source_processing"] == "img2img"
    assert sent["params"]["denoising_strength"] == 0.4
    assert sent["params"]["steps"] == 12
    assert sent["params"]["width"] > sent["params"]["height"]  # as the picture is


async def test_remix_of_a_picture_of_ours_begins_with_its_words(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    done = await card_of_ada(control, "a copper kettle")
    modal = (await use_message_command(ben, "Remix", done)).modal
    assert modal["components"][0]["component"]["value"] == "a copper kettle"
    again = await ben.result(await ben.fill(modal, "a silver kettle", "", ""))
    number = done.text.rpartition("#")[2].strip()
    assert f"from #{number}" in again.text or f"#{number}]" in again.text
    assert ada.id != ben.id


async def test_a_mistake_in_the_form_does_not_lose_what_was_typed(control: Control) -> None:
    ada = await control.person("ada")
    message = await post_message(ada, ("boat.png", png()))
    modal = (await use_message_command(ada, "Remix", message)).modal
    said = await control.message((await ada.fill(modal, "a red boat", "7", "")).message_id)
    assert said.is_private
    assert "Strength: enter a number" in said.text
    again = (await ada.press(said, "Edit again")).modal
    typed = [part["component"]["value"] for part in again["components"][:2]]
    assert typed == ["a red boat", "7"]
    done = await ada.result(await ada.fill(again, "a red boat", "70 %", ""))
    assert len(done.pictures) == 1
    assert (await control.horde_payload("a red boat"))["params"]["denoising_strength"] == 0.7


async def test_describe_and_upscale_a_picture_of_ours(control: Control) -> None:
    ada = await control.person("ada")
    done = await card_of_ada(control, "a stone bridge", shape="square")
    words = await ada.result(await use_message_command(ada, "Describe", done))
    assert "Caption" in words.text
    larger = await ada.result(await use_message_command(ada, "Upscale", done))
    assert len(larger.pictures) >= 1
    asked = [tuple(r["forms"]) for r in await control.horde_requests() if r["forms"]]
    assert ("caption", "describe") in asked


async def test_which_of_several_pictures(control: Control) -> None:
    ben = await control.person("ben")
    message = await post_message(ben, ("one.png", png(64, 64)), ("two.png", png(128, 64)))
    tray = await control.message((await use_message_command(ben, "Upscale", message)).message_id)
    assert tray.is_private
    assert len(tray.pictures) == 2
    done = await ben.result(await choose_values(ben, tray, "2"))
    larger = Image.open(BytesIO(await control.fetch(done.pictures[-1])))
    assert larger.size == (512, 256)


async def test_a_message_without_a_picture(control: Control) -> None:
    ada = await control.person("ada")
    message = await post_message(ada, ("notes.txt", b"hello"))
    for name in ("Remix", "Describe", "Upscale", "Animate"):
        answer = await use_message_command(ada, name, message)
        said = await control.message(answer.message_id)
        assert said.is_private
        assert "no image that" in said.text


async def test_generation_info_for_anybody(control: Control) -> None:
    done = await card_of_ada(control, "a wooden duck", seed="4711")
    ben = await control.person("ben")
    shown = await control.message(
        (await use_message_command(ben, "Generation info", done)).message_id
    )
    assert shown.is_private
    ada = await control.person("ada")
    for word in ("a wooden duck", "4711", f"<@{ada.id}>"):
        assert word in shown.text
    assert not shown.buttons  # ben moderates nothing
    theirs = await post_message(ben, ("boat.png", png()))
    said = await control.message(
        (await use_message_command(ben, "Generation info", theirs)).message_id
    )
    assert "not from the bot" in said.text


async def test_a_published_result_is_known_too(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    private = await card_of_ada(control, "a paper lantern", private=True)
    await publish_result(ada, private)

    async def public() -> Message | None:
        seen = await control.messages(ben.channel_id, ben.id)
        return next((m for m in seen if "paper lantern" in m.text and m.pictures), None)

    found = await eventually(public, "a public card")
    shown = await control.message(
        (await use_message_command(ben, "Generation info", found)).message_id
    )
    assert "a paper lantern" in shown.text


async def test_a_moderator_reports_and_deletes(control: Control) -> None:
    ben, ada = await control.person("ben"), await control.person("ada")
    done = await ben.result(await ben.command("imagine", prompt="a rude gesture"))
    info = await control.message(
        (await use_message_command(ada, "Generation info", done)).message_id
    )
    for words in ("Reported", "already reported"):
        said = await control.message((await ada.press(info, "Report")).message_id)
        assert words in said.text
        await asyncio.sleep(1.6)  # the same press within 1.5 s counts once
    await ada.press(info, "Delete for everyone")
    await ada.told("Deleted: #")
    assert (await control.get(f"messages/{done.id}"))["deleted"]


async def test_in_a_direct_message_and_as_a_user_installed_app(control: Control) -> None:
    ada = await control.person("ada", "dm")
    message = await post_message(ada, ("boat.png", png(64, 64)))
    done = await ada.result(await use_message_command(ada, "Describe", message))
    assert "Caption" in done.text
    ben = await control.person("ben")
    theirs = await post_message(ben, ("boat.png", png(64, 64)))
    done = await ben.result(await use_message_command(ben, "Describe", theirs, install="user"))
    assert "Caption" in done.text


async def test_remix_avatar(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    answer = await ada.act("user_command", name="Remix avatar", target_id=ben.id)
    assert "avatar of" in answer.modal["title"]
    done = await ada.result(await ada.fill(answer.modal, "a knight in armour", "", ""))
    assert len(done.pictures) == 1
    sent = await control.horde_payload("a knight in armour")
    assert sent["source_processing"] == "img2img"
    assert sent["params"]["denoising_strength"] == 0.55


async def test_menus_outlive_a_restart_and_a_form_gives_back_its_words(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    message = await post_message(ada, ("one.png", png(64, 64)), ("two.png", png(128, 64)))
    tray = await own_control.message(
        (await use_message_command(ada, "Describe", message)).message_id
    )
    single = await post_message(ada, ("boat.png", png()))
    modal = (await use_message_command(ada, "Remix", single)).modal
    assert own.stop_bot() == 0
    own.start_bot()
    assert "Caption" in (await ada.result(await choose_values(ada, tray, "2"))).text
    lost = await ada.fill(modal, "a long and careful description of a boat", "", "")
    said = await own_control.message(lost.message_id)
    assert said.is_private
    assert "a long and careful description of a boat" in said.text
