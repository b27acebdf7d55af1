"""Rules for the names of commands and options, and their translations."""

import unicodedata
from collections.abc import Mapping
from typing import Any, cast

from sandbox.discord.rules.error_report import Check, ErrorReport
from sandbox.discord.rules.field_checks import short_text, text

# Written out because Python has no table of scripts: Devanagari and Thai, whose vowel signs are
# no letters but are allowed.
_SCRIPTS = ((0x0900, 0x097F), (0xA8E0, 0xA8FF), (0x0E00, 0x0E7F))

# fmt: off
LOCALES = frozenset({
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr",
    "he", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro",
    "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW",
})
# fmt: on
"""The locales of Discord's client."""

_length = text(1, 32)


def _allowed(sign: str) -> bool:
    return (
        sign in "-_'"
        or unicodedata.category(sign)[0] in "LN"
        or any(low <= ord(sign) <= high for low, high in _SCRIPTS)
    )


def command_name(report: ErrorReport, value: Any) -> None:
    """1-32 letters, digits, ``-``, ``_`` and ``'``, in lower case where there is one."""
    _length(report, value)
    if not isinstance(value, str) or not 1 <= len(value) <= 32:
        return
    wrong = not all(map(_allowed, value))
    if wrong:
        report.refuse("STRING_TYPE_REGEX", "String value did not match validation regex.")
    if wrong or value != value.lower():
        report.refuse("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def localised(check: Check) -> Check:
    """A map from locales to texts; ``check`` checks each text."""

    def check_all(report: ErrorReport, value: Any) -> None:
        if not isinstance(value, dict):
            report.refuse("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return
        for locale, translation in cast("Mapping[str, Any]", value).items():
            if locale in LOCALES:
                check(report / locale, translation)
            else:
                # reported at the map: an unknown key must not enter the errors object
                report.refuse(
                    "ENUM_TYPE_COERCE", f'Value "{short_text(locale)}" is not a valid enum value.'
                )

    return check_all
