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
