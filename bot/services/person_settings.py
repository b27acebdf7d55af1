"""A user's own settings: notifications, language, and NSFW in direct messages.

The language of each reader is chosen from them and from the rules of the server.
"""

from bot.domain.people import Notify
from bot.i18n import Language, language_of, language_of_locale
from bot.rules.guild_settings import GuildSettings
from bot.storage import Store


class PeopleSettings:
    """Reads and changes the settings of users, by their Discord ids."""

    def __init__(self, store: Store) -> None:
        self._settings = store.person_settings

    async def notify(self, user_id: int) -> Notify:
        """How that user is notified of the end of a long wait."""
        return (await self._settings.get(user_id)).notify

    async def save_notify(self, user_id: int, notify: Notify) -> None:
        """Change how that user is notified."""
        person = await self._settings.get(user_id)
        await self._settings.put(user_id, person.model_copy(update={"notify": notify}))

    async def language(self, user_id: int) -> Language | None:
        """The language that user chose; None for that of their Discord client."""
        code = (await self._settings.get(user_id)).language
        return language_of(code) if code else None

    async def save_language(self, user_id: int, language: Language | None) -> None:
        """Change the language of that user; None: that of their Discord client."""
        person = await self._settings.get(user_id)
        code = language.code if language else ""
        await self._settings.put(user_id, person.model_copy(update={"language": code}))

    async def nsfw_in_dms(self, user_id: int) -> bool:
        """Whether that user turned the censor off in direct messages with the bot."""
        return (await self._settings.get(user_id)).nsfw_in_dms

    async def save_nsfw_in_dms(self, user_id: int, wanted: bool) -> None:
        """Turn the censor in direct messages off (`wanted`) or on."""
        person = await self._settings.get(user_id)
        await self._settings.put(user_id, person.model_copy(update={"nsfw_in_dms": wanted}))


class Languages:
    """Chooses the language of one member, or of everyone in a server.

    `fallback`: for clients in a language that the bot does not have.
    """

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
