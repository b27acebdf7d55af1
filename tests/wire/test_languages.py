"""Languages, on the running bot."""

import re
from collections.abc import Iterator
from typing import Any, cast

import pytest
from babel.messages.pofile import read_po

from bot.i18n import ENGLISH, LANGUAGES, Language, translated
from bot.ui.operator.help_topics import TOPICS
from docs.catalogs import TEMPLATE
from tests.support.bots.process import BotProcess
from tests.support.discord.client import Control, Message, Person

pytestmark = pytest.mark.wire
DESCRIPTION = "Create an image from a prompt."
AGAIN, DETAILS = "Again", "Details"
TRANSLATED = [language for language in LANGUAGES if language is not ENGLISH]


async def use(control: Control, person: Person, *, client: str, server: str) -> None:
    """Set the language of the person's client and of the server on Discord."""
    world = await control.get("world")
    await control.request("PATCH", f"users/{person.id}", json={"locale": client})
    await control.request("PATCH", f"guilds/{world['guilds'][0]['id']}", json={"locale": server})


async def ended_card(
    person: Person, language: Language, prompt: str, *, private: bool = False
) -> Message:
    """The card of /imagine once it has the buttons of an ended request, in that language."""
    answer = await person.command("imagine", prompt=prompt, private=private)
    wanted = {translated(label, language) for label in (AGAIN, DETAILS)}
    return await person.sees(
        answer.message_id, lambda message: wanted <= set(message.buttons), f"buttons {wanted}"
    )


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
async def test_commands_are_registered_in_each_language(
    control: Control, language: Language
) -> None:
    commands = await control.get("commands")
    imagine = next(one for one in commands if one["name"] == "imagine")
    assert imagine["description"] == DESCRIPTION
    for locale in language.locales:
        shown = imagine["description_localizations"][locale]
        assert shown == translated(DESCRIPTION, language) != DESCRIPTION
        option = next(one for one in imagine["options"] if one["name"] == "shape")
        assert option["description_localizations"][locale]
        assert option["choices"][0]["name_localizations"][locale]


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
async def test_card_has_the_language_of_the_server_and_private_ones_that_of_the_member(
    control: Control, language: Language
) -> None:
    ada = await control.person("ada")
    await use(control, ada, client=language.locales[0], server="en-US")
    try:
        await ended_card(ada, ENGLISH, "a fox")
        await ended_card(ada, language, "a den", private=True)
        await use(control, ada, client="en-US", server=language.locales[-1])
        await ended_card(ada, language, "a kite")
    finally:
        await use(control, ada, client="en-US", server="en-US")


async def test_member_and_server_choose_another_language(control: Control) -> None:
    german = next(language for language in TRANSLATED if language.code == "de")
    ada = await control.person("ada")
    try:
        assert "Deutsch" in (await ada.ask("defaults set", language="de")).text
        await ended_card(ada, german, "a reed", private=True)
        assert "Deutsch" in (await ada.ask("server language", language="de")).text
        await ended_card(ada, german, "a heron")
    finally:
        await ada.ask("defaults clear")
        await ada.ask("server language", language="discord")
    await ended_card(ada, ENGLISH, "a stork")


async def test_card_keeps_its_language_after_a_restart(
    own: BotProcess, own_control: Control
) -> None:
    """The language is stored with the request: after kill -9 the card ends in German."""
    german = next(language for language in TRANSLATED if language.code == "de")
    own.start_bot()
    ada = await own_control.person("ada")
    await use(own_control, ada, client="en-US", server="de")
    answer = await ada.command("imagine", prompt="a lantern")
    own.kill_bot()
    await use(own_control, ada, client="en-US", server="en-US")
    own.start_bot()
    wanted = translated(AGAIN, german)
    await ada.sees(answer.message_id, lambda message: wanted in message.buttons, wanted)


SHOWN = frozenset({"content", "label", "title", "description", "placeholder", "name"})
LEAST = 12  # characters of a message that cannot be a part of another text by chance
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("help", {"topic": topic}) for topic in TOPICS),
    *((f"server {name}", {}) for name in ("setup", "show", "buttons", "channels", "roles")),
    *((f"server {name}", {}) for name in ("words", "limits", "log", "key show", "key set")),
    *((f"account {name}", {}) for name in ("status", "login", "forget")),
    *((name, {}) for name in ("queue", "history", "kudos balance", "kudos keys", "preset list")),
    *((f"horde {name}", {}) for name in ("status", "models", "styles", "news")),
    *((f"operator {name}", {}) for name in ("stats", "guilds", "blocked", "broadcast")),
    *((name, {}) for name in ("defaults show", "moderation blocked")),
    ("kudos send", {"to": "ben#2", "kudos": 5}),
    ("estimate", {"prompt": "a kiln"}),
    ("imagine", {"prompt": "a kiln", "model": "no such model"}),
    ("imagine", {"prompt": "a kiln", "extra": "--steps many"}),
    ("imagine", {"prompt": "a kiln", "extra": "--no-such-flag 1"}),
)


def english_messages(language: Language) -> frozenset[str]:
    """Messages without placeholders that this language says otherwise."""
    with TEMPLATE.open("rb") as file:
        every = [message.id for message in read_po(file) if isinstance(message.id, str)]
    return frozenset(
        message
        for message in every
        if len(message) >= LEAST and " " in message and not re.search(r"[{}`]", message)
        if message not in translated(message, language)
    )


def shown_texts(value: Any) -> Iterator[str]:
    """The texts of a body that Discord shows."""
    if isinstance(value, list):
        for each in cast("list[Any]", value):
            yield from shown_texts(each)
    if isinstance(value, dict):
        for key, each in cast("dict[str, Any]", value).items():
            if isinstance(each, str) and key in SHOWN:
                yield each
            else:
                yield from shown_texts(each)


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
async def test_no_panel_form_or_error_has_an_english_message(
    control: Control, language: Language
) -> None:
    ada = await control.person("ada")
    await use(control, ada, client=language.locales[0], server=language.locales[0])
    shown: list[Any] = []
    try:
        for command, options in ASKED:
            answer = await ada.command(command, **options)
            if modal := answer.raw["modal"]:
                shown.append(modal)
            else:
                message = await ada.sees(answer.message_id, lambda m: m.text.strip() != "", command)
                shown.append(message.raw)
    finally:
        await use(control, ada, client="en-US", server="en-US")
    texts = "\n".join(shown_texts(shown))
    assert len(texts) > 10_000
    assert sorted(message for message in english_messages(language) if message in texts) == []
