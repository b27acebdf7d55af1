"""A user's own settings: notifications, and NSFW in direct messages."""

from bot.domain.people import Notify
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

    async def nsfw_in_dms(self, user_id: int) -> bool:
        """Whether that user turned the censor off in direct messages with the bot."""
        return (await self._settings.get(user_id)).nsfw_in_dms

    async def save_nsfw_in_dms(self, user_id: int, wanted: bool) -> None:
        """Turn the censor in direct messages off (`wanted`) or on."""
        person = await self._settings.get(user_id)
        await self._settings.put(user_id, person.model_copy(update={"nsfw_in_dms": wanted}))
