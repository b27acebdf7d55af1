"""One transfer of kudos: SENDING is stored before the call, the outcome after it.

The call has the gift's origin as its idempotency key, with which the Horde transfers once for an
account. After a lost answer or a crash the same call is made again for a while, by the same account
only; then the outcome is unknown and the gift is not sent again.
"""

import logging
import time
from collections.abc import Callable

from bot.accounts.shared_keys import SharedKeys
from bot.aio.retry import until_stored
from bot.domain.kudos.gifts import Gift, GiftPhase
from bot.errors import (
    BackendDown,
    BackendError,
    BackendPaused,
    BadReply,
    RateLimited,
    UserError,
    VaultError,
)
from bot.i18n import _, in_language, language_of
from bot.storage.tables.gift_tables.gifts import GiftRepository

log = logging.getLogger(__name__)
RETRY = 60.0  # seconds between two calls, longer than one call takes
SHORT = 5.0  # seconds after a rate limit: the Horde takes one transfer a second of an account
DOUBT_MAX = 600.0  # seconds after the first call in which a call without an answer is repeated
READY_MAX = 86_400.0 * 8  # seconds for which the bot tries to reach the Horde


class Transfers:
    """Makes the transfers of stored gifts."""

    def __init__(
        self, gifts: GiftRepository, keys: SharedKeys, clock: Callable[[], float] = time.time
    ) -> None:
        self._gifts = gifts
        self._keys = keys
        self._clock = clock

    async def attempt(self, gift: Gift, *, notice_in: float = 0.0) -> Gift:
        """Make the transfer of a gift that is READY or SENDING. Returns the gift as it is then.

        `notice_in`: seconds after which the giver is told the outcome, when the caller did not.
        """
        with in_language(language_of(gift.language)):
            try:
                account = await self._keys.own_account(gift.giver_id)
            except (UserError, VaultError) as error:  # removed, or unreadable
                return await self._without_key(gift, str(error), notice_in)
            if gift.phase is GiftPhase.SENDING:
                return await self._again(gift, account, notice_in)
            now = self._clock()
            if now > gift.created_at + READY_MAX:
                return await self._end(gift, GiftPhase.EXPIRED, notice_in)
            begun = await self._gifts.begin(gift, account, now, now + RETRY)
            return gift if begun is None else await self._call(begun, notice_in, first=True)

    async def _without_key(self, gift: Gift, reason: str, notice_in: float) -> Gift:
        sent = gift.phase is GiftPhase.SENDING
        phase = GiftPhase.UNKNOWN if sent else GiftPhase.FAILED
        return await self._end(gift, phase, notice_in, "" if sent else reason)

    async def _again(self, gift: Gift, account: str, notice_in: float) -> Gift:
        """Repeat a call whose answer is not known: the same account, soon enough."""
        old = self._clock() > (gift.sent_at or 0.0) + DOUBT_MAX
        if old or _number(account) != _number(gift.account):
            return await self._end(gift, GiftPhase.UNKNOWN, notice_in)
        return await self._call(gift, notice_in, first=False)

    async def _call(self, gift: Gift, notice_in: float, *, first: bool) -> Gift:
        try:
            await self._keys.send(gift.giver_id, gift.username, gift.kudos, once=gift.origin)
        except (UserError, VaultError) as error:  # the key was removed meanwhile
            return await self._without_key(gift, str(error), notice_in)
        except BackendError as error:
            return await self._failed(gift, error, notice_in, first=first)
        return await self._end(gift, GiftPhase.SENT, notice_in)

    async def _failed(
        self, gift: Gift, error: BackendError, notice_in: float, *, first: bool
    ) -> Gift:
        log.info("a transfer of kudos failed: %s", error)
        if _may_have_arrived(error):
            return await self._put_off(gift, GiftPhase.SENDING, RETRY)
        if isinstance(error, (RateLimited, BackendPaused, BackendDown)):
            phase = GiftPhase.READY if first else GiftPhase.SENDING
            least = SHORT if isinstance(error, RateLimited) else RETRY
            pause = max(least, error.retry_after or 0.0)
            return await self._put_off(gift, phase, pause)
        phase = GiftPhase.FAILED if first else GiftPhase.UNKNOWN
        return await self._end(gift, phase, notice_in, str(error))

    async def _put_off(self, gift: Gift, phase: GiftPhase, pause: float) -> Gift:
        due_at = self._clock() + pause
        return await until_stored(lambda: self._gifts.change(gift, phase, due_at)) or gift

    async def _end(self, gift: Gift, phase: GiftPhase, notice_in: float, note: str = "") -> Gift:
        due_at = self._clock() + notice_in
        return await until_stored(lambda: self._gifts.change(gift, phase, due_at, note)) or gift


def gift_failure(gift: Gift) -> str:
    """Why a gift did not arrive, in the current language; "" for one that did or still may."""
    if gift.phase is GiftPhase.UNKNOWN:
        return _(
            "The Horde did not confirm the transfer, so the kudos may have been sent. "
            "Check `/kudos balance` before you send them again."
        )
    return gift.note if gift.phase is GiftPhase.FAILED else ""


def _may_have_arrived(error: BackendError) -> bool:
    """An answer that does not show whether the kudos were transferred."""
    if isinstance(error, BackendDown):
        return error.in_doubt or error.status == 500
    return isinstance(error, BadReply)


def _number(username: str) -> str:
    """The number of an account, which does not change with its name."""
    return username.rpartition("#")[2]
