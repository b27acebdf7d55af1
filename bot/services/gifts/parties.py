"""Rewards the images of parties, and ends parties. All of it is repeated from the rows."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.accounts.shared_keys import SharedKeys
from bot.domain.kudos.parties import Party, PartySum
from bot.domain.records import Record
from bot.errors import BotError, StoreError, UserError, VaultError
from bot.i18n import _, in_language, language_of
from bot.services.gifts.gifts import Gifts
from bot.storage.tables.gift_tables.parties import PartyRepository

log = logging.getLogger(__name__)
LOOK_EVERY = 5.0  # seconds between two looks for images
LATE = 5.0  # seconds after the end in which rows that were just closed are still found


class Parties:
    """`show_end`: shows the end of a party in its thread; False when that should be repeated."""

    show_end: Callable[[Party, PartySum], Awaitable[bool]]

    def __init__(
        self,
        parties: PartyRepository,
        gifts: Gifts,
        keys: SharedKeys,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._parties = parties
        self._gifts = gifts
        self._keys = keys
        self._clock = clock
        self._skipped = set[int]()  # requests beyond a limit, which are looked at once

    async def check(self, owner_id: int) -> None:
        """Raises UserError for a member who cannot start a party."""
        await self._keys.own_account(owner_id)
        if any(party.owner_id == owner_id for party in await self._parties.running()):
            raise UserError(_("You already have a party. End it with `/party end`."))

    async def start(self, party: Party) -> None:
        """Store a party, whose thread was created. Raises UserError while its owner has another."""
        if not await self._parties.add(party):
            raise UserError(_("You already have a party. End it with `/party end`."))

    async def stop(self, user_id: int, thread_id: int, guild_id: int, *, manages: bool) -> Party:
        """End the party of that thread, or that user's own. Raises UserError without one."""
        running = [p for p in await self._parties.running() if p.guild_id == guild_id]
        own = [p for p in running if p.owner_id == user_id]
        here = [p for p in (running if manages else own) if p.thread_id == thread_id]
        found = [*here, *own]
        if not found:
            raise UserError(_("You have no party here."))
        await self._parties.stop(found[0].thread_id, self._clock())
        return found[0]

    async def run(self) -> None:
        """Reward and end until cancelled."""
        while True:
            try:
                await self.step()
            except StoreError as error:
                log.warning("parties wait for the database: %s", error)
            await asyncio.sleep(LOOK_EVERY)

    async def step(self) -> None:
        """Reward all new images, and end the parties that are over."""
        for party in await self._parties.running():
            for record in await self._parties.unrewarded(party):
                await self._reward(party, record)
            await self._end_if_over(party)

    async def _reward(self, party: Party, record: Record) -> None:
        if record.id in self._skipped:
            return
        pictures = len(record.status.pictures) if record.status else 0
        spent = await self._parties.sum(party)
        theirs = await self._parties.sum(party, record.user_id)
        room = min(party.budget - spent.kudos, party.each_max - theirs.kudos)
        kudos = min(pictures * party.award, room // party.award * party.award)
        if kudos <= 0 or record.token_only or spent.failed:
            self._skipped.add(record.id)
            return
        origin = f"{party.origins}{record.id}"
        with in_language(language_of(party.language)):
            try:
                await self._gifts.to_member(
                    party.owner_id, record.user_id, kudos, origin=origin, limited=False
                )
            except (UserError, VaultError) as error:  # the owner's key was removed or is unreadable
                log.info("a party has ended: %s", error)
                await self._parties.stop(party.thread_id, self._clock())

    async def _end_if_over(self, party: Party) -> None:
        total = await self._parties.sum(party)
        used_up = total.kudos + party.award > party.budget or total.failed
        if not used_up and self._clock() < party.ends_at + LATE:
            return
        try:
            shown = await self.show_end(party, total)
        except BotError as error:
            log.info("the end of a party is shown later: %s", error)
            return
        if shown:
            await self._parties.end(party.thread_id, self._clock())
