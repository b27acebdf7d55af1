"""The languages of the bot and their catalogues of messages (gettext)."""

from bot.i18n.catalogs import translated
from bot.i18n.languages import ENGLISH, LANGUAGES, Language, language_of, language_of_locale
from bot.i18n.messages import N_, _, current_language, in_language, ngettext, set_language

__all__ = [
    "ENGLISH",
    "LANGUAGES",
    "N_",
    "Language",
    "_",
    "current_language",
    "in_language",
    "language_of",
    "language_of_locale",
    "ngettext",
    "set_language",
    "translated",
]
