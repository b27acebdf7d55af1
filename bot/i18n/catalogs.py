"""Catalogues of translated messages: one compiled file for each language, read on first use."""

import gettext
from functools import cache
from pathlib import Path

from bot.i18n.languages import Language

DOMAIN = "hordecord"
FOLDER = Path(__file__).with_name("locale")


@cache
def _catalog(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [code], fallback=True)


def translated(message: str, language: Language) -> str:
    """The message in that language; unchanged where the catalogue does not have it."""
    return _catalog(language.code).gettext(message)
