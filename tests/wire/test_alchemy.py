"""/alchemy from the command to the result: many forms, their menu, before and after."""

import json
from io import BytesIO

import pytest
from PIL import Image

from tests.support.bots.process import BotProcess
from tests.support.builders import png
from tests.support.discord.actions import choose_values
from tests.support.discord.client import Control
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

pytestmark = pytest.mark.wire


async def size_of(control: Control, url: str) -> tuple[int, int]:
    return Image.open(BytesIO(await control.fetch(url))).size


def message_menu(message: Message) -> Json:
    return next(part for part in message.parts if part["type"] == 3)


async def newest_forms(control: Control) -> list[str]:
    return [r["forms"] for r in await control.horde_requests() if r["forms"]][-1]


async def test_a_larger_picture_stands_beside_the_one_that_was_sent(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("boat.png", png(96, 64))
    done = await ada.result(await ada.command("alchemy", image=image, form="RealESRGAN_x4plus"))
    assert [await size_of(control, url) for url in done.pictures] == [(96, 64), (384, 256)]
    said = done.text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MULTIPLICATION SIGN}", "x")
    assert "96 x 64 → 384 x 256" in said


async def test_without_a_form_one_chooses_from_a_list(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    image = await control.upload("boat.png", png(96, 64))
    tray = await control.message((await ada.command("alchemy", image=image)).message_id)
    assert tray.is_private
    assert [part["type"] for part in tray.parts].count(11) == 1  # its picture, small
    menu = message_menu(tray)
    assert (menu["min_values"], menu["max_values"], len(menu["options"])) == (1, 23, 23)
    answer = await choose_values(ada, tray, "caption", "nsfw", "strip_background")
    done = await ada.result(answer)
    assert not done.is_private
    assert len(done.pictures) == 1
    assert await newest_forms(control) == ["caption", "nsfw", "strip_background"]
    seen = await control.messages(ben.channel_id, ben.id)
    assert tray.id not in {message.id for message in seen}


async def test_a_private_choice_stays_private(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("boat.png", png(96, 64))
    answer = await ada.command("alchemy", image=image, private=True)
    done = await ada.result(
        await choose_values(ada, await control.message(answer.message_id), "caption")
    )
    assert done.is_private


async def test_forms_by_name_and_while_typing(control: Control) -> None:
    ada = await control.person("ada")
    image = await control.upload("boat.png", png(96, 64))
    found = await ada.complete("alchemy", "forms", image=image, forms="caption, ae")
    assert found[0]["value"] == "caption, aesthetic"
    answer = await ada.command("alchemy", image=image, forms="Caption, palette; aesthetic")
    done = await ada.result(answer)
    for words in ("Caption", "Palette", "of 10"):
        assert words in done.text
    wrong = await ada.command("alchemy", image=image, forms="captoin")
    said = await control.message(wrong.message_id)
    assert said.is_private
    assert "Did you mean `caption`?" in said.text


async def test_every_form_at_once(control: Control) -> None:
    ada = await control.person("ada", "after-dark")
    image = await control.upload("boat.png", png(64, 64))
    menu = message_menu(
        await control.message((await ada.command("alchemy", image=image)).message_id)
    )
    names = [option["value"] for option in menu["options"]]
    answer = await ada.command("alchemy", image=image, forms=", ".join(names))
    done = await ada.result(answer)
    assert await newest_forms(control) == names
    assert "❌" not in done.text
    seen = await control.messages(ada.channel_id, ada.id)
    after = seen[[m.id for m in seen].index(done.id) + 1]
    whole = 11 + 4 + 1 + 1  # larger, faces, cut, before
    await ada.sees(  # the second message is filled right after the first
        after.id, lambda m: len({*done.pictures, *m.pictures}) == whole, "every picture"
    )


async def test_json_of_what_was_found(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    image = await control.upload("boat.png", png(96, 64))
    done = await ada.result(await ada.command("alchemy", image=image, forms="all"))
    shown = await control.message((await ben.press(done, "JSON")).message_id)
    assert shown.is_private
    file = next(part for part in shown.parts if part["type"] == 13)
    found = json.loads(await control.fetch(file["file"]["url"]))["forms"]
    assert found["nsfw"]["value"] is False
    assert found["interrogation"]["value"]
    assert found["aesthetic"]["value"] > 0


async def test_describe_is_a_press_away_from_a_picture(control: Control) -> None:
    ada = await control.person("ada")
    done = await ada.result(await ada.command("imagine", prompt="a lighthouse", shape="square"))
    words = await ada.result(await ada.press(done, "Describe"))
    assert "Caption" in words.text
    assert await newest_forms(control) == ["caption", "describe"]


async def test_how_to_take_a_picture_from_the_chat_is_said_where_one_is_asked_for(
    control: Control,
) -> None:
    commands = await control.get("commands")
    alchemy = next(command for command in commands if command["name"] == "alchemy")
    image = next(option for option in alchemy["options"] if option["name"] == "image")
    assert "Apps" in image["description"]
    assert image["required"]


async def test_annotations_are_offered_by_a_newer_horde_only(
    control: Control, newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    offered: dict[bool, list[str]] = {}
    for horde in (control, newer_control):
        ada = await horde.person("ada")
        image = await horde.upload("boat.png", png(96, 64))
        found = await ada.complete("alchemy", "forms", image=image, forms="annotation")
        offered[horde is newer_control] = [choice["value"] for choice in found]
    assert offered[False] == []
    assert "annotation:canny" in offered[True]
    ada = await control.person("ada")
    image = await control.upload("boat.png", png(96, 64))
    answer = await ada.command("alchemy", image=image, forms="annotation:canny")
    refused = await control.message(answer.message_id)
    assert "no form `annotation:canny`" in refused.text


async def test_annotations_are_shown_with_their_types(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    ada = await newer_control.person("ada")
    image = await newer_control.upload("boat.png", png(96, 64))
    forms = "annotation:canny, annotation:normal"
    done = await ada.result(await ada.command("alchemy", image=image, forms=forms))
    assert "Annotation (canny)" in done.text
    assert "Annotation (normal)" in done.text
    assert len(done.pictures) == 2
    asked = await newer_control.message((await ada.command("alchemy", image=image)).message_id)
    menus = [part for part in asked.parts if part["type"] == 3]
    assert [len(menu["options"]) for menu in menus] == [23, 25, 9]


async def test_form_that_the_bot_does_not_know_is_offered_and_shown_by_its_name(
    newer: BotProcess, newer_control: Control
) -> None:
    newer.start_bot()
    ada = await newer_control.person("ada")
    image = await newer_control.upload("boat.png", png(96, 64, "navy"))

    async def offered() -> bool | None:
        found = await ada.complete("alchemy", "forms", image=image, forms="caption, mo")
        return "caption, mood" in [choice["value"] for choice in found] or None

    await eventually(offered, "the forms of the workers are known")
    done = await ada.result(await ada.command("alchemy", image=image, forms="caption, mood"))
    assert await newest_forms(newer_control) == ["caption", "mood", "nsfw"]
    assert "**mood**\n> dim light, dark blue" in done.text
    tray = await newer_control.message((await ada.command("alchemy", image=image)).message_id)
    labels = [each["label"] for part in tray.parts if part["type"] == 3 for each in part["options"]]
    assert "mood" in labels
