"""Rules of servers, and the context of a request there."""

from collections.abc import Callable, Mapping

from bot.aio.keyed_locks import KeyedLocks
from bot.domain.capabilities import HORDE, Capabilities, RequestAbilities
from bot.domain.records import MessageAccess, Origin, Record
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.rules.request_context import RequestContext, allows_nsfw
from bot.services.person_settings import Languages
from bot.storage import Store

Change = Callable[[GuildSettings], GuildSettings]


class Guilds:
    """The rules of servers. Concurrent changes of one server are made one after the other.

    `backends`: abilities of the configured backends by their names, the default first.
    """

    def __init__(
        self, store: Store, backends: Mapping[str, Capabilities], languages: Languages
    ) -> None:
        self._store = store
        self._backends = backends
        self._languages = languages
        self._locks = KeyedLocks()

    async def rules(self, guild_id: int | None) -> GuildSettings:
        """The rules of that server; no rules outside of servers."""
        return NO_RULES if guild_id is None else await self._store.guilds.settings(guild_id)

    async def change(self, guild_id: int, change: Change) -> tuple[GuildSettings, GuildSettings]:
        """Replace the old rules by the result of `change`. Returns both. An error changes nothing.

        Raises ValueError, as pydantic does, for invalid rules.
        """
        async with self._locks.hold(guild_id):
            before = await self.rules(guild_id)
            after = GuildSettings.model_validate(change(before).model_dump())
            if after != before:
                await self._store.guilds.put_settings(guild_id, after)
        return before, after

    async def abilities(self, record: Record, *, ended: bool = True) -> RequestAbilities:
        """The abilities of the backend of a request, and of that which its place uses now.

        Only the card of an `ended` request starts others: an open one needs no rules of the place,
        and neither does the only backend.
        """
        made_by = self._backends.get(record.backend, HORDE)
        if not ended or set(self._backends) == {record.backend}:
            return RequestAbilities(made_by, made_by)
        rules = await self.rules(record.guild_id)
        return RequestAbilities(made_by, self._backends[self._name(rules)])

    def _name(self, rules: GuildSettings) -> str:
        """The backend of a place with those rules; the default where theirs is not configured."""
        return rules.backend if rules.backend in self._backends else next(iter(self._backends))

    async def context(self, origin: Origin) -> RequestContext:
        """The context of a request from there: the only place that reads the rules for it."""
        rules = await self.rules(origin.guild_id)
        backend = self._name(rules)
        nsfw = allows_nsfw(origin, rules, wanted_in_dms=await self._wants_nsfw(origin))
        language = await self._languages.of_member(origin.user_id, origin.locale)
        in_guild = origin.guild_id is not None
        shared = self._languages.of_guild(rules, origin.guild_locale) if in_guild else language
        abilities = self._backends[backend]
        return RequestContext(origin, rules, backend, nsfw, language, shared, abilities)

    async def _wants_nsfw(self, origin: Origin) -> bool:
        """Whether the user turned the censor off, in direct messages with the bot."""
        if origin.guild_id is not None or origin.message.reach is not MessageAccess.DM:
            return False
        return (await self._store.person_settings.get(origin.user_id)).nsfw_in_dms
