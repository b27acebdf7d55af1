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
from tests.support.builders import png
from tests.support.discord.actions import use_message_command
from tests.support.discord.client import Control, Person
from tests.support.discord.messages import Answer, Message

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
    person: Person, language: Language, prompt: str, command: str = "imagine", **options: Any
) -> Message:
    """The card of a command once it has the buttons of an ended request, in that language."""
    return await ended(person, language, await person.command(command, prompt=prompt, **options))


async def ended(person: Person, language: Language, answer: Answer) -> Message:
    """The card of an interaction once it has the buttons of an ended request."""
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


SHOWN = frozenset({"content", "label", "title", "description", "placeholder"})
PRESSED = ("Details", "Edit", "Use as source", "Vary", "Describe", "Delete")
COMPLETED = (("imagine", "model"), ("imagine", "style"), ("imagine", "extra"), ("alchemy", "forms"))
LEAST = 12  # characters of a message that cannot be a part of another text by chance
ASKED: tuple[tuple[str, dict[str, Any]], ...] = (
    *(("help", {"topic": topic}) for topic in TOPICS),
    *((f"server {name}", {}) for name in ("setup", "show", "buttons", "channels", "roles")),
    *((f"server {name}", {}) for name in ("words", "limits", "log", "key show", "key set")),
    *((f"account {name}", {}) for name in ("status", "login", "forget")),
    *(
        (name, {})
        for name in ("queue", "history", "rate", "kudos balance", "kudos keys", "preset list")
    ),
    *((f"horde {name}", {}) for name in ("status", "models", "styles", "news")),
    *((f"{name} {act}", {}) for name in ("character", "persona") for act in ("create", "list")),
    ("lorebook list", {}),
    *((f"operator {name}", {}) for name in ("stats", "guilds", "blocked", "broadcast")),
    *((name, {}) for name in ("defaults show", "moderation blocked", "rate")),
    ("kudos send", {"to": "ben#2", "kudos": 5}),
    ("estimate", {"prompt": "a kiln"}),
    ("imagine", {"prompt": "a kiln", "model": "no such model"}),
    ("imagine", {"prompt": "a kiln", "extra": "--steps many"}),
    ("imagine", {"prompt": "a kiln", "extra": "--no-such-flag 1"}),
)


async def answered(person: Person, answer: Answer, what: str) -> Any:
    """The modal that an interaction opened, or else the message."""
    if modal := answer.raw["modal"]:
        return modal
    message = await person.sees(answer.message_id, lambda m: m.text.strip() != "", what)
    return message.raw


async def results_shown(person: Person, language: Language) -> list[Any]:
    """Cards of ended requests and all that their buttons, menus and context menus open."""
    card = await ended_card(person, language, "a kiln", count=2)
    shown: list[Any] = [card.raw]
    for label in PRESSED:
        answer = await person.press(card, translated(label, language))
        shown.append(await answered(person, answer, label))
    shown.append(await answered(person, await person.choose(card, "1"), "one image"))
    for name in ("Remix", "Describe", "Generation info"):
        answer = await use_message_command(person, name, card)
        shown.append(await answered(person, answer, name))
    image = await person.control.upload("fox.png", png())
    shown.append(await answered(person, await person.command("alchemy", image=image), "forms"))
    alchemy = await person.command("alchemy", image=image, forms="all")
    others = (
        await ended(person, language, alchemy),
        await ended_card(person, language, "a [sandbox:censored] vase"),
        await ended_card(person, language, "a [sandbox:faulted] vase"),
        await ended_card(person, language, "a den", private=True),
        await ended_card(person, language, "a tale", "write"),
    )
    return [*shown, *(message.raw for message in others)]


def english_messages(language: Language) -> frozenset[str]:
    """Messages without placeholders that this language says otherwise."""
    with TEMPLATE.open("rb") as file:
        every = [message.id for message in read_po(file) if isinstance(message.id, str)]
    return frozenset(
        message
        for message in every
        if len(message) > 1 and not re.search(r"[{}`]", message)
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


def english_in(shown: list[Any], language: Language) -> list[str]:
    """The English messages among the texts: inside of one if long, or as a whole label."""
    texts, english = list(shown_texts(shown)), english_messages(language)
    whole = "\n".join(texts)
    inside = {message for message in english if len(message) >= LEAST and " " in message}
    found = {message for message in inside if message in whole} | (english & set(texts))
    return sorted(found)


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
            shown.append(await answered(ada, answer, command))
        for command, option in COMPLETED:
            choices = await ada.complete(command, option, **{option: ""})
            shown += [{"label": choice["name"]} for choice in choices]
    finally:
        await use(control, ada, client="en-US", server="en-US")
    assert len("\n".join(shown_texts(shown))) > 10_000
    assert english_in(shown, language) == []


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
async def test_no_result_or_form_of_a_result_has_an_english_message(
    control: Control, language: Language
) -> None:
    ada = await control.person("ada")
    await use(control, ada, client=language.locales[0], server=language.locales[0])
    try:
        shown = await results_shown(ada, language)
    finally:
        await use(control, ada, client="en-US", server="en-US")
    assert english_in(shown, language) == []
