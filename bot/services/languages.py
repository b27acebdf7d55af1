"""The language of each reader: of one member, or of everyone in a server."""

from bot.i18n import Language, language_of, language_of_locale
from bot.rules.guild_settings import GuildSettings
from bot.storage import Store


class Languages:
    """Chooses languages. `fallback`: for clients in a language that the bot does not have."""

    def __init__(self, store: Store, fallback: Language) -> None:
        self._store = store
        self._fallback = fallback

    async def of_member(self, user_id: int, locale: str) -> Language:
        """The language the member chose with `/defaults set`, else that of their Discord client."""
        chosen = (await self._store.person_settings.get(user_id)).language
        return language_of(chosen, language_of_locale(locale, self._fallback))

    def of_guild(self, rules: GuildSettings, locale: str) -> Language:
        """The language set with `/server language`, else the server's own on Discord."""
        return language_of(rules.language, language_of_locale(locale, self._fallback))
