"""Gifts by a reaction: the emoji that a server configured, on a message of another member."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.accounts.credentials import Credentials
from bot.aio.keyed_locks import KeyedLocks
from bot.domain.kudos.gifts import REACTION, Gift
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.errors import UserError
from bot.i18n import in_language
from bot.rules.guild_settings import GuildSettings
from bot.services.gifts.gifts import Gifts
from bot.services.guilds import Guilds
from bot.services.person_settings import Languages
from bot.services.user_bans import UserBans
from bot.storage import Store

DAY = 86_400.0
# Whether the author with that id is a member, and no other bot and no webhook. May call Discord.
IsMember = Callable[[int], Awaitable[bool]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A member's reaction. `emoji`: `<:name:id>` or a Unicode emoji; `own`: on a bot's message.

    `locale`: the server's language on Discord.
    """

    guild_id: int
    message_id: int
    giver_id: int
    author_id: int
    own: bool
    emoji: str
    locale: str


class ReactionGifts:
    """Turns reactions into gifts: one for each message and member, so many a day for a member."""

    def __init__(
        self,
        store: Store,
        gifts: Gifts,
        guilds: Guilds,
        languages: Languages,
        credentials: Credentials,
        bans: UserBans,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._gifts = gifts
        self._guilds = guilds
        self._languages = languages
        self._credentials = credentials
        self._bans = bans
        self._clock = clock
        self._locks = KeyedLocks()

    async def react(self, reaction: Reaction, is_member: IsMember) -> Gift | None:
        """Give what the server configured. None for a reaction that gives nothing.

        `is_member` is called only for an author whose gift would be held. Raises StoreError.
        """
        rules = await self._guilds.rules(reaction.guild_id)
        if not rules.gift_amount or not _same(rules.gift_emoji, reaction.emoji):
            return None
        giver_id = reaction.giver_id
        recipient_id = await self._recipient(reaction)
        if recipient_id in {0, giver_id} or self._bans.refusal(giver_id, reaction.guild_id):
            return None
        found = await self._credentials.find(Payer.USER, giver_id, self._gifts.backend)
        if found is None or Kind.ALCHEMY not in found.pays:  # none, or a shared key
            return None
        if not await self._can_receive(reaction, recipient_id, is_member):
            return None
        language = await self._languages.of_member(giver_id, reaction.locale)
        async with self._locks.hold(giver_id):
            with in_language(language):
                return await self._give(reaction, recipient_id, rules)

    async def _give(
        self, reaction: Reaction, recipient_id: int, rules: GuildSettings
    ) -> Gift | None:
        now = self._clock()
        today = now - now % DAY
        given = await self._store.gifts.reactions_since(reaction.giver_id, today)
        if given >= rules.gift_daily:
            return None
        origin = f"{REACTION}{reaction.message_id}-{reaction.giver_id}"
        try:
            return await self._gifts.to_member(
                reaction.giver_id, recipient_id, rules.gift_amount, origin=origin, notice_in=0.0
            )
        except UserError:  # too many held gifts, or the key was just removed
            return None

    async def _can_receive(
        self, reaction: Reaction, recipient_id: int, is_member: IsMember
    ) -> bool:
        """A bot never logs in, so a gift for one would be held until it expires."""
        if (
            reaction.own
            or await self._credentials.find(Payer.USER, recipient_id, self._gifts.backend)
            is not None
        ):
            return True
        return await is_member(recipient_id)

    async def _recipient(self, reaction: Reaction) -> int:
        """The author; for a result of the bot its requester. 0: no member."""
        if not reaction.own:
            return reaction.author_id
        record = await self._store.requests.of_message(reaction.message_id)
        public = record is not None and not record.token_only
        return record.user_id if record is not None and public else 0


def _same(wanted: str, used: str) -> bool:
    """Compare emoji: custom ones by id, others without the selector of their presentation."""
    return _key(wanted) == _key(used)


def _key(emoji: str) -> str:
    if emoji.startswith("<"):
        return emoji.rstrip(">").rpartition(":")[2]
    return emoji.replace("\N{VARIATION SELECTOR-16}", "")
