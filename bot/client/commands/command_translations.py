"""Descriptions and choices of the commands in each language, in the form that Discord takes.

Names of commands and options stay English: help pages and members refer to them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from bot.i18n import LANGUAGES, translated

Part = dict[str, Any]
NAMES = frozenset(language.name for language in LANGUAGES)  # choices that are names


def translate_command(command: Part) -> Part:
    """The payload of a command with `description_localizations` and `name_localizations`."""
    found = dict(command)
    if text := _text_of(command):
        field, message = text
        found[f"{field}_localizations"] = _localizations(message)
    for field in ("options", "choices"):
        if field in command:
            found[field] = [translate_command(part) for part in command[field]]
    return found


def command_texts(command: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    """Each text of a command that has translations, with the place where Discord shows it."""
    path = f"{path} {command['name']}".strip()
    if text := _text_of(command):
        yield text[1], path
    for field in ("options", "choices"):
        for part in cast("Sequence[Part]", command.get(field, ())):
            yield from command_texts(part, path)


def _text_of(part: Mapping[str, Any]) -> tuple[str, str] | None:
    """The field of the part that people read, and its text; None for a name of the field."""
    if part.get("description"):
        return "description", part["description"]
    if "value" in part and part["name"] not in NAMES:
        return "name", part["name"]
    return None


def _localizations(message: str) -> dict[str, str]:
    return {
        locale: text
        for language in LANGUAGES
        if (text := translated(message, language)) != message
        for locale in language.locales
    }
