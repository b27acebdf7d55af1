"""Characters, personas and lorebooks, by the commands and buttons of a member."""

import json

import pytest

from tests.support.bots.process import BotProcess
from tests.support.character_cards import V2, V3, WORLD, image, packed, png, text_chunk
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Message
from tests.support.json_types import Json

pytestmark = pytest.mark.wire


async def imported(person: Person, data: bytes, name: str = "mira.png") -> Message:
    """The card of an imported character."""
    upload = await person.control.upload(name, data)
    return await person.ask("character import", "is imported", file=upload)


def card(name: str, **changes: object) -> bytes:
    return packed({**V2, "data": {**V2["data"], "name": name, **changes}})


def images_of(message: Message) -> list[Json]:
    """The images beside the texts of a message."""
    return [part for part in message.parts if part["type"] == 11]


def avatars(bot: BotProcess) -> list[str]:
    """The files of avatars on the disk of a bot."""
    return [path.name for path in (bot.folder / "data" / "spool").glob("avatar-*")]


async def pressed(person: Person, message: Message, label: str, words: str) -> Message:
    """The message after a press, once it says these words."""
    await person.press(message, label)
    return await person.sees(message.id, lambda m: words in m.plain_text, words)


async def file_of(control: Control, message: Message) -> bytes:
    """The bytes of the file that a message shows."""
    files = [part for part in message.parts if part["type"] == 13]
    return await control.fetch(files[0]["file"]["url"])


async def test_character_is_made_by_forms_changed_and_deleted(control: Control) -> None:
    ada = await control.person("ada")
    form = await ada.command("character create")
    answer = await ada.fill(form.modal, "Captain Ash", "A captain.", "brave", "At sea.", "Ahoy!")
    made = await ada.sees(answer.message_id, lambda m: "is created" in m.text, "created")
    for words in ("Captain Ash", "A captain.", "brave", "Ahoy!", "1 first message"):
        assert words in made.plain_text
    modal = (await ada.press(made, "Instructions")).modal
    await ada.submit(modal, made, system="Be short.", note="A storm.", depth="2")
    assert "Be short." in (await ada.sees(made.id, lambda m: "Be short." in m.text, "x")).text
    modal = (await ada.press(made, "More texts")).modal
    await ada.submit(modal, made, others="Hello.\n---\nHi.", tags="sea, ship")
    await ada.sees(made.id, lambda m: "3 first messages" in m.plain_text, "3 greetings")
    file = await file_of(
        control, await ada.ask("character export", character="Captain Ash", form="json")
    )
    data: Json = json.loads(file)["data"]
    assert data["alternate_greetings"] == ["Hello.", "Hi."]
    assert data["extensions"]["depth_prompt"] == {"prompt": "A storm.", "depth": 2}
    question = await ada.ask("character delete", character="captain ash")
    await pressed(ada, question, "Delete permanently", "is deleted")
    assert (
        "Choose one from the list"
        in (await ada.ask("character delete", character="captain ash")).plain_text
    )


async def test_character_card_is_imported_with_its_image_and_exported_again(
    control: Control,
) -> None:
    ada = await control.person("ada")
    shown = await imported(ada, png(text_chunk(packed(V3), "ccv3")))
    assert "version 3" in shown.plain_text
    assert "extensions.talkativeness" in shown.plain_text
    assert len(images_of(shown)) == 1
    exported = await ada.ask("character export", character="Mira Vance")
    again = await imported(ada, await file_of(control, exported), "again.png")
    assert "lorebook of 1 entry" in again.plain_text
    listed = await ada.ask("character list")
    assert listed.plain_text.count("Mira Vance") >= 2
    for _character in range(2):
        question = await ada.ask("character delete", character="Mira Vance")
        await pressed(ada, question, "Delete permanently", "is deleted")


async def test_wrong_files_are_answered_with_one_sentence(control: Control) -> None:
    ada = await control.person("ada")
    for data, name, words in (
        (image(), "plain.png", "contains no character card"),
        (image("JPEG"), "renamed.png", "renamed to PNG, and its card is lost"),
        (b"PK\x03\x04" + bytes(100), "a.charx", "CHARX file is damaged"),
        (b'{"a":' * 50_000, "deep.json", "nested too deeply"),
        (b"hello", "hello.txt", "Use a PNG, JSON or CHARX file"),
    ):
        upload = await control.upload(name, data)
        told = await ada.ask("character import", words, file=upload)
        assert told.plain_text.count(".") <= 4


async def test_character_is_shared_with_a_server_by_its_rules(control: Control) -> None:
    ada, ben = await control.person("ada"), await control.person("ben")
    await ada.ask("server words", "wolf", forbid="wolf")
    shown = await imported(ada, card("Shared Sam"), "sam.json")
    shown = await pressed(ada, shown, "Share with this server", "can now use it")
    seen = await ben.ask("character show", character="Shared Sam")
    assert "Instructions" not in seen.buttons
    assert (
        "no character of that name"
        in (await ben.ask("character export", character="Shared Sam")).plain_text
    )
    await imported(ada, card("Grey Wolf"), "wolf.json")
    refused = await ada.ask("character share", character="Grey Wolf")
    assert "in shared characters" in refused.plain_text
    await ada.ask("character share", character="Shared Sam", stop=True)
    assert "no character" in (await ben.ask("character show", character="Shared Sam")).plain_text
    await ada.ask("server words", allow="wolf")


async def test_character_for_adults_is_shown_in_age_restricted_channels_only(
    control: Control,
) -> None:
    ada, restricted = await control.person("ada"), await control.person("ada", "after-dark")
    data = png(text_chunk(card("Night Nell", tags=["NSFW"])))
    shown = await imported(ada, data)
    assert "for age-restricted channels" in shown.plain_text
    assert images_of(shown) == []
    told = await ada.ask("character show", character="Night Nell")
    assert "age-restricted channels only" in told.plain_text
    assert len(images_of(await restricted.ask("character show", character="Night Nell"))) == 1
    assert await ada.complete("character show", "character", character="night") == []


async def test_persona_is_made_used_and_deleted(control: Control) -> None:
    ada = await control.person("ada")
    form = await ada.command("persona create")
    answer = await ada.fill(form.modal, "Captain", "Sails alone.")
    await ada.sees(answer.message_id, lambda m: "is created" in m.text, "created")
    await ada.ask("persona use", "Sails alone", persona="captain")
    assert "in use" in (await ada.ask("persona list")).plain_text
    form = await ada.command("persona edit", persona="captain")
    answer = await ada.fill(form.modal, "Captain", "Sails with friends.")
    await ada.sees(answer.message_id, lambda m: "with friends" in m.text, "changed")
    assert "in use" in (await ada.ask("persona list")).plain_text
    await ada.ask("persona use", "no persona now")
    question = await ada.ask("persona delete", persona="captain")
    await pressed(ada, question, "Delete permanently", "is deleted")
    assert "no personas" in (await ada.ask("persona list")).plain_text


async def test_lorebook_is_imported_exported_and_deleted(control: Control) -> None:
    ada = await control.person("ada")
    upload = await control.upload("Ommer.json", packed(WORLD))
    shown = await ada.ask("lorebook import", "is imported", file=upload)
    assert "Ommer" in shown.plain_text
    assert "lorebook.entries.group" in shown.plain_text
    file = await file_of(control, await ada.ask("lorebook export", lorebook="ommer"))
    assert json.loads(file)["entries"]["0"]["keysecondary"] == ["ship"]
    question = await ada.ask("lorebook delete", lorebook="ommer")
    await pressed(ada, question, "Delete permanently", "is deleted")
    assert "no lorebooks" in (await ada.ask("lorebook list")).plain_text


async def test_avatar_survives_a_restart_and_is_forgotten_with_its_owner(
    own: BotProcess, own_control: Control
) -> None:
    own.start_bot()
    ada = await own_control.person("ada")
    await imported(ada, png(text_chunk(packed(V2))))
    assert len(avatars(own)) == 1
    own.kill_bot()
    own.start_bot()
    assert len(images_of(await ada.ask("character show", character="Mira Vance"))) == 1
    question = await ada.ask("account forget")
    await ada.press(question, "Erase everything")
    words = "all settings are erased"
    await ada.sees(question.id, lambda m: words in m.text, words, 40)
    assert avatars(own) == []
    assert "no characters yet" in (await ada.ask("character list")).plain_text
