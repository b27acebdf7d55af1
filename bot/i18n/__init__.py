"""The languages of the bot and their catalogues of messages (gettext)."""

from bot.i18n.catalogs import translated
from bot.i18n.languages import ENGLISH, LANGUAGES, Language

__all__ = ["ENGLISH", "LANGUAGES", "Language", "translated"]
