"""The rules of servers, and what they and a person's own word make of a place."""

from collections.abc import Callable
from dataclasses import replace

from bot.aio.keyed_locks import KeyedLocks
from bot.domain.records import MessageAccess, Origin
from bot.rules.guild_settings import NO_RULES, GuildSettings
from bot.storage import Store

Change = Callable[[GuildSettings], GuildSettings]


class Guilds:
    """What servers decided. Two changes at one moment come one after the other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._locks = KeyedLocks()

    async def rules(self, guild_id: int | None) -> GuildSettings:
        """The rules of that server; none outside of servers."""
        return NO_RULES if guild_id is None else await self._store.guilds.settings(guild_id)

    async def change(self, guild_id: int, change: Change) -> tuple[GuildSettings, GuildSettings]:
        """Let `change` make new rules of the old ones; gives both. What it raises changes nothing.

        Raises ValueError, as pydantic does, for rules that are none.
        """
        async with self._locks.hold(guild_id):
            before = await self.rules(guild_id)
            after = GuildSettings.model_validate(change(before).model_dump())
            if after != before:
                await self._store.guilds.put_settings(guild_id, after)
        return before, after

    async def here(self, origin: Origin) -> Origin:
        """The origin with `nsfw` as its server wants it, or in the bot's DMs its person."""
        if origin.guild_id is not None:
            off = (await self.rules(origin.guild_id)).nsfw == "off"
            return replace(origin, nsfw=origin.nsfw and not off)
        if origin.message.reach is not MessageAccess.DM:
            return origin
        person = await self._store.person_settings.get(origin.user_id)
        return replace(origin, nsfw=origin.nsfw or person.nsfw_in_dms)
