"""Catalogues of translated messages: one compiled file for each language, read on first use."""

import gettext
from functools import cache
from pathlib import Path

from bot.i18n.languages import Language

DOMAIN = "hordecord"
FOLDER = Path(__file__).with_name("locale")


@cache
def catalog(language: Language) -> gettext.NullTranslations:
    """The catalogue of that language; one without translations where there is no file."""
    return gettext.translation(DOMAIN, FOLDER, [language.code], fallback=True)


def translated(message: str, language: Language) -> str:
    """The message in that language; unchanged where the catalogue does not have it."""
    return catalog(language).gettext(message)
