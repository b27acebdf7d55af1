"""A person who uses every command and every button once."""

import asyncio

from tests.support import character_cards
from tests.support.builders import png
from tests.support.discord.actions import delete_result, post_message, use_message_command
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message

CARD = character_cards.text_chunk(character_cards.packed(character_cards.V2))


async def use_every_command(control: Control) -> None:
    """A person's tour of the bot: every command, every button, an error, a modal."""
    ada, ben = await control.person("ada"), await control.person("ben")
    image = await control.upload("boat.png", png())
    done = await ada.result(await ada.command("imagine", prompt="a grey heron", count=4))
    await ada.press(done, "Details")
    await ben.press(done, "Delete")
    again = await ada.result(await ada.press(done, "Again"))
    await delete_result(ada, again)
    await use_picture_actions(control, ada, done)
    await use_menus(control, ada, done)
    await use_presets_and_history(control, ada)
    await use_characters(control, ada)
    hidden = await ada.result(await ada.command("imagine", prompt="a secret", private=True))
    await ada.press(hidden, "Publish")
    await ada.result(await ada.command("write", prompt="雪" * 300))
    for form in ("interrogation", "palette", "vectorize", "RealESRGAN_x2plus"):
        await ada.result(await ada.command("alchemy", image=image, form=form))
    await ada.result(await ada.command("imagine", prompt="[sandbox:faulted]"))
    await ada.command("imagine", prompt="x", model="no such model")
    for name in ("queue", "history", "help", "account status", "account logout"):
        await ada.command(name)
    for name in ("horde status", "horde models", "horde news"):
        await ada.command(name)
    login = await ada.command("account login")
    await ada.fill(login.modal, "an-unknown-key")
    await ada.complete("imagine", "model", model="xl", prompt="x")
    await asyncio.sleep(1.0)  # for the answers that follow a deferred one


async def use_characters(control: Control, ada: Person) -> None:
    """A character from its card to its end, and a persona."""
    card = await control.upload("mira.png", character_cards.png(CARD))
    shown = await ada.ask("character import", "is imported", file=card)
    await ada.press(shown, "More texts")
    await ada.press(shown, "Share with this server")
    await ada.sees(shown.id, lambda m: "Stop sharing" in m.buttons, "shared")
    page = await ada.ask("character list", "Mira")
    await ada.choose(page, page.menus[0]["options"][0]["value"])
    await ada.ask("character export", "fields", character="Mira Vance")
    question = await ada.ask("character delete", character="Mira Vance")
    await ada.press(question, "Delete permanently")
    await ada.fill((await ada.command("persona create")).modal, "Captain", "Sails alone.")
    await ada.command("persona use", persona="captain")
    await ada.command("persona list")


async def use_presets_and_history(control: Control, ada: Person) -> None:
    """Presets, defaults, and the history with its thumbnails."""
    await ada.command("preset save", name="dusk", extra="--steps 9")
    await ada.command("defaults set", shape="tall", notify="mention")
    for name in ("preset list", "defaults show", "defaults clear"):
        await ada.command(name)
    await ada.command("preset show", name="dusk")
    await ada.command("preset share", name="dusk")
    answer = await ada.command("history", search="a")
    page = await ada.sees(answer.message_id, lambda m: "#" in m.text, "a page")
    await ada.choose(page, page.text.split("**#")[1].split("*")[0])
    close = await ada.sees(page.id, lambda m: "Back" in m.buttons, "one close up")
    await ada.press(close, "Back")
    await ada.sees(page.id, lambda m: "Back" not in m.buttons, "the page")


async def use_picture_actions(control: Control, ada: Person, done: Message) -> None:
    """What can be done with pictures: menus, forms, a mistake, and more than a message holds."""
    await ada.press(done, "Save")
    which = await control.message((await ada.press(done, "Vary")).message_id)
    await ada.result(await ada.choose(which, "1"))
    which = await control.message((await ada.press(done, "Use as source")).message_id)
    source = (await ada.choose(which, "3")).modal
    await ada.result(await ada.submit(source, which, prompt="a heron of paper", extra="--count 1"))
    alone = await control.message((await ada.choose(done, "2", "Choose")).message_id)
    larger = await ada.result(await ada.press(alone, "Upscale"))
    await ada.result(await ada.choose(larger, "4x_AnimeSharp"))
    edit = (await ada.press(alone, "Edit")).modal
    said = await control.message((await ada.submit(edit, alone, extra="--stepz 3")).message_id)
    edit = (await ada.press(said, "Edit again")).modal
    many = await ada.result(await ada.submit(edit, said, extra="--count 12"))
    await delete_result(ada, many)


async def use_menus(control: Control, ada: Person, done: Message) -> None:
    """What stands under Apps, and the menu of alchemy's forms."""
    which = await control.message((await use_message_command(ada, "Describe", done)).message_id)
    await ada.result(await ada.choose(which, "2"))
    info = await control.message(
        (await use_message_command(ada, "Generation info", done)).message_id
    )
    await ada.press(info, "Report")
    boat = await post_message(ada, ("boat.png", png(320, 200)))
    form = (await use_message_command(ada, "Remix", boat)).modal
    wrong = await control.message((await ada.fill(form, "a raft", "7")).message_id)
    form = (await ada.press(wrong, "Edit again")).modal
    await ada.result(await ada.fill(form, "a raft", "0.5"))
    await ada.act("user_command", name="Remix avatar", target_id=ada.id)
    image = await control.upload("boat.png", png())
    tray = await control.message((await ada.command("alchemy", image=image)).message_id)
    found = await ada.result(await ada.choose(tray, "caption"))
    await ada.press(found, "JSON")
    await ada.complete("alchemy", "forms", image=image, forms="caption, p")
