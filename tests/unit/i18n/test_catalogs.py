"""The catalogues: complete, current, with the placeholders of the source, within limits."""

import re
from collections import Counter
from collections.abc import Sequence

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot.client.commands.command_translations import command_texts, translate_command
from bot.i18n import ENGLISH, LANGUAGES, Language, translated
from bot.i18n.catalogs import DOMAIN, FOLDER
from docs import catalogs
from docs.generate import loaded_bot

TRANSLATED = tuple(language for language in LANGUAGES if language is not ENGLISH)
# {name}, `code`, --flag, /command: what a translation must keep as it is.
KEPT = re.compile(r"\{\w*\}|`[^`]*`|--[a-z][\w-]*|(?<![\w/])/[a-z]\w+")
COMMAND_TEXT_MAX = 100  # characters of a description or a choice


def texts(message: str | Sequence[str] | None) -> list[str]:
    """The forms of a message: one, or those that a number decides."""
    return [message or ""] if isinstance(message, str | None) else list(message)


def singular(message: Message) -> str:
    return texts(message.id)[0]


def catalog(language: Language) -> Catalog:
    with (FOLDER / language.code / "LC_MESSAGES" / f"{DOMAIN}.po").open("rb") as file:
        return read_po(file, locale=language.code)


async def test_template_has_the_messages_of_the_code() -> None:
    current = catalogs.text_of(await catalogs.template())
    assert catalogs.TEMPLATE.read_text(encoding="utf-8") == current, "run: python -m docs.catalogs"


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_catalogue_has_a_translation_of_every_message(language: Language) -> None:
    with catalogs.TEMPLATE.open("rb") as file:
        messages = {singular(message) for message in read_po(file)}
    found = catalog(language)
    whole = {singular(message) for message in found if all(texts(message.string))}
    assert whole == messages
    assert not [message.id for message in found if message.fuzzy]


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_translation_keeps_placeholders_flags_and_commands(language: Language) -> None:
    for message in catalog(language):
        source = texts(message.id)[-1]
        for text in texts(message.string):
            assert Counter(KEPT.findall(text)) == Counter(KEPT.findall(source)), text


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
def test_compiled_catalogue_is_current(language: Language) -> None:
    """`pip install -e .` compiles them."""
    for message in catalog(language):
        if message.id:
            assert translated(singular(message), language) == texts(message.string)[0]


@pytest.mark.parametrize("language", TRANSLATED, ids=lambda language: language.code)
async def test_texts_of_commands_are_within_the_limits_of_discord(language: Language) -> None:
    bot = await loaded_bot()
    for command in bot.tree.get_commands():
        for message, path in command_texts(command.to_dict(bot.tree)):
            assert len(translated(message, language)) <= COMMAND_TEXT_MAX, path


def test_unknown_message_and_missing_catalogue_give_english() -> None:
    assert translated("no such message", TRANSLATED[0]) == "no such message"
    assert translated("Help topic", Language("xx", "?", ())) == "Help topic"


def test_command_gets_localizations_of_descriptions_and_choices() -> None:
    choice = {"name": "mine", "value": "mine"}
    option = {"name": "where", "description": "Help topic", "type": 3, "choices": [choice]}
    sampler = {"name": LANGUAGES[1].name, "value": "k_euler"}
    second = {"name": "sampler", "description": "no such message", "type": 3, "choices": [sampler]}
    command = {"name": "help", "description": "Help topic", "options": [option, second]}
    found = translate_command(command)
    assert found["description_localizations"].keys() == {
        locale for language in TRANSLATED for locale in language.locales
    }
    assert "name_localizations" not in found
    first, last = found["options"]
    assert first["description_localizations"]["de"] == translated("Help topic", LANGUAGES[1])
    assert first["choices"][0]["name_localizations"]["ja"]
    assert "name_localizations" not in first
    assert not last["description_localizations"]
    assert "name_localizations" not in last["choices"][0]
    assert "description_localizations" not in command
