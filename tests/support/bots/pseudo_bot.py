"""The whole bot, which says its English messages in a pseudo-language: python -m ... run."""

import gettext
import sys

from bot.__main__ import main
from bot.i18n import ENGLISH, Language, catalogs, messages
from tests.support.pseudo_language import pseudo

of_language = catalogs.catalog


class PseudoTranslations(gettext.NullTranslations):
    """Every message accented and longer."""

    def gettext(self, message: str) -> str:
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return pseudo(super().ngettext(msgid1, msgid2, n))


def catalog(language: Language) -> gettext.NullTranslations:
    return PseudoTranslations() if language is ENGLISH else of_language(language)


if __name__ == "__main__":
    messages.catalog = catalog
    sys.exit(main())
