"""Gifts between members: to accounts, and to members who have not given the bot a key yet."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.accounts.credentials import Credentials
from bot.accounts.shared_keys import SharedKeys
from bot.domain.kudos.gifts import Gift, GiftPhase, NewGift
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.errors import StoreError, UserError
from bot.i18n import _, current_language
from bot.services.gifts.transfers import Transfers
from bot.storage.tables.gift_tables.gifts import GiftRepository

log = logging.getLogger(__name__)
DAY = 86_400.0
HELD_DAYS = 7
HELD_MAX = 20  # held gifts of one member
ANSWERED_IN = 60.0  # seconds after which an outcome that was not told in the answer is a notice
LOOK_MIN = 1.0  # seconds, at least, between two looks for due gifts
LOOK_MAX = 600.0  # at most: the clock may be set, and a deletion of data makes gifts due
BUSY_PAUSE = 10.0  # seconds while the database is busy
NOTICE_RETRY = 300.0  # seconds between two tries of a notice


class Gifts:
    """`tell`: sends the giver a notice, and returns False when it should be sent again later.

    `backend`: the name of the backend whose accounts give and receive.
    """

    tell: Callable[[Gift], Awaitable[bool]]

    def __init__(
        self,
        gifts: GiftRepository,
        credentials: Credentials,
        keys: SharedKeys,
        backend: str,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._gifts = gifts
        self._credentials = credentials
        self._keys = keys
        self.backend = backend
        self._clock = clock
        self._transfers = Transfers(gifts, keys, clock)
        self._wake = asyncio.Event()

    async def to_account(self, giver_id: int, username: str, kudos: int, *, origin: str) -> Gift:
        """Transfer kudos to an account (`name#123`). A repeated origin transfers nothing more.

        Raises UserError when the giver has no key of an own account.
        """
        await self._keys.own_account(giver_id)
        return await self._give(_new(origin, giver_id, 0, username, kudos), GiftPhase.READY)

    async def to_member(
        self,
        giver_id: int,
        member_id: int,
        kudos: int,
        *,
        origin: str,
        notice_in: float = ANSWERED_IN,
        limited: bool = True,
    ) -> Gift:
        """Transfer kudos to a member's account, or hold them until that member logs in.

        `notice_in`: seconds until the giver is told the outcome, unless it was answered.
        `limited`: the giver may have only so many held gifts.
        Raises UserError when the giver has no key of an own account, or too many held gifts.
        """
        if member_id == giver_id:
            raise UserError(_("You cannot send kudos to yourself."))
        await self._keys.own_account(giver_id)
        found = await self._credentials.find(Payer.USER, member_id, self.backend)
        if found is not None and Kind.ALCHEMY in found.pays:  # not a shared key
            gift = _new(origin, giver_id, member_id, found.username, kudos)
            return await self._give(gift, GiftPhase.READY, notice_in)
        if limited and await self._gifts.held_by(giver_id) >= HELD_MAX:
            raise UserError(_("You have too many gifts that wait for a login. Try again later."))
        return await self._give(_new(origin, giver_id, member_id, "", kudos), GiftPhase.HELD)

    async def _give(self, new: NewGift, phase: GiftPhase, notice_in: float = ANSWERED_IN) -> Gift:
        now = self._clock()
        held = phase is GiftPhase.HELD
        due_at = now + (HELD_DAYS * DAY if held else ANSWERED_IN)
        gift = await self._gifts.add(new, phase, now, due_at)
        if gift is None:
            gift = await self._gifts.get(new.origin)
            assert gift is not None, "it was just found"
            return gift
        try:
            return gift if held else await self._transfers.attempt(gift, notice_in=notice_in)
        finally:
            self._wake.set()  # its next step may be the first one that is due

    async def answered(self, gift: Gift) -> None:
        """The giver was told the outcome of that gift: no notice is needed."""
        if gift.phase in _FINAL:
            await self._gifts.change(gift, gift.phase, None, gift.note)

    async def claim(self, user_id: int) -> list[Gift]:
        """Held gifts of a member who has just logged in. They are transferred soon."""
        try:
            ready = await self._gifts.claim(self.backend, self._clock())
        finally:
            self._wake.set()  # `step` claims them when the database was busy
        return [gift for gift in ready if gift.recipient_id == user_id]

    async def run(self) -> None:
        """Take the due steps of all gifts until cancelled."""
        await self._when_stored(self.resume)
        while True:
            self._wake.clear()
            await self._when_stored(self.step)
            pause = await self._until_due()
            try:
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def resume(self) -> None:
        """Make the transfers due that were under way when the process ended."""
        await self._gifts.resume(self._clock())

    async def step(self) -> None:
        """Take every step that is due now."""
        await self._gifts.claim(self.backend, self._clock())
        for gift in await self._gifts.due(self._clock()):
            await self._advance(gift)

    async def _until_due(self) -> float:
        """Seconds until the next step of any gift."""
        try:
            due_at = await self._gifts.next_due()
        except StoreError:
            return BUSY_PAUSE
        left = LOOK_MAX if due_at is None else due_at - self._clock()
        return min(LOOK_MAX, max(LOOK_MIN, left))

    async def _when_stored(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except StoreError as error:
            log.warning("gifts wait for the database: %s", error)

    async def _advance(self, gift: Gift) -> None:
        if gift.phase in {GiftPhase.READY, GiftPhase.SENDING}:
            gift = await self._transfers.attempt(gift)
        elif gift.phase is GiftPhase.HELD:
            gift = await self._gifts.change(gift, GiftPhase.EXPIRED, self._clock()) or gift
        if gift.phase in _FINAL and gift.due_at is not None and gift.due_at <= self._clock():
            await self._notify(gift)

    async def _notify(self, gift: Gift) -> None:
        told = await self._needs_no_notice(gift) or await self.tell(gift)
        due_at = None if told else self._clock() + NOTICE_RETRY
        await self._gifts.change(gift, gift.phase, due_at, gift.note)

    async def _needs_no_notice(self, gift: Gift) -> bool:
        """Of the gifts by reactions that arrived, only the first one is told, and no reward."""
        if gift.phase is not GiftPhase.SENT or not (gift.by_reaction or gift.by_party):
            return False
        return gift.by_party or not await self._gifts.is_first_reaction(gift)


_FINAL = frozenset({GiftPhase.SENT, GiftPhase.FAILED, GiftPhase.UNKNOWN, GiftPhase.EXPIRED})


def _new(origin: str, giver_id: int, recipient_id: int, username: str, kudos: int) -> NewGift:
    return NewGift(
        origin=origin,
        giver_id=giver_id,
        recipient_id=recipient_id,
        username=username,
        kudos=kudos,
        language=current_language().code,
    )
