"""A user's own settings: notifications, language, and NSFW in direct messages."""

from bot.domain.people import Notify
from bot.i18n import Language, language_of
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
