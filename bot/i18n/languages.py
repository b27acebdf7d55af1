"""The languages in which the bot speaks, and the Discord locales that each serves."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """`code`: the name of its catalogue, as CLDR writes it. `name`: in the language itself.

    `locales`: those of Discord's client that show it (Discord's reference, "Locales", 2026-11).
    """

    code: str
    name: str
    locales: tuple[str, ...]


ENGLISH = Language("en", "English", ("en-US", "en-GB"))  # the language of the code: no catalogue
LANGUAGES = (
    ENGLISH,
    Language("de", "Deutsch", ("de",)),
    Language("es", "Español", ("es-ES", "es-419")),
    Language("fr", "Français", ("fr",)),
    Language("ja", "日本語", ("ja",)),
    Language("pt_BR", "Português (Brasil)", ("pt-BR",)),
    Language("ru", "Русский", ("ru",)),
    Language("zh_Hans", "简体中文", ("zh-CN",)),
)
_BY_CODE = {language.code: language for language in LANGUAGES}
_BY_LOCALE = {locale: language for language in LANGUAGES for locale in language.locales}


def language_of(code: str, default: Language = ENGLISH) -> Language:
    """The language with that code; `default` for "" and for one that the bot does not speak."""
    return _BY_CODE.get(code, default)


def language_of_locale(locale: str, default: Language = ENGLISH) -> Language:
    """The language that a client with this Discord locale shows; `default` for other locales."""
    return _BY_LOCALE.get(locale, default)
