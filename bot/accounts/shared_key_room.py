"""What shared keys have left, and requests for which that is too little."""

import asyncio
import logging
import time
from collections.abc import Callable

from cachetools import LRUCache

from bot.accounts.credentials import Credentials
from bot.domain.kudos.budgets import Bound, Room
from bot.domain.records import Payer
from bot.errors import BackendError, VaultError
from bot.rules.request_context import RequestContext

log = logging.getLogger(__name__)
WAIT = 1.5  # seconds that a request waits for the limits of a shared key
MARGIN = 1.05  # of an estimated price, which is within 4 % of the real one
# Seconds for which the Horde may not count a new request: it is charged when it is delivered, and
# the remaining kudos of a key are cached for a minute (docs/horde-api.md#shared-keys).
RECENT = 120.0
_Key = tuple[Payer, int, str]


class SharedKeyRoom:
    """Finds requests that cost more than the remaining kudos of the shared key that would pay."""

    def __init__(self, credentials: Credentials, clock: Callable[[], float] = time.time) -> None:
        self._credentials = credentials
        self._clock = clock
        # Kudos of the newest requests of each key: what it has left is told without them.
        self._recent: LRUCache[_Key, tuple[tuple[float, float], ...]] = LRUCache(1_000)

    async def lacking(self, context: RequestContext, payer: Payer, kudos: float) -> Room | None:
        """What that payer's key has left where it is too little; None for any other key.

        Where the backend does not answer in time, the send itself will tell.
        """
        try:
            async with asyncio.timeout(WAIT):
                allowance = await self._credentials.allowance_of(
                    payer, context.user_id, context.guild_id, context.backend
                )
        except (BackendError, VaultError, TimeoutError) as error:
            log.info(
                "the remaining kudos of a shared key are unknown: %s", error or type(error).__name__
            )
            return None
        if allowance is None or allowance.kudos is None:
            return None
        now, recent = self._clock(), self._recent.get(_key(context, payer), ())
        claimed = sum(each for at, each in recent if at > now - RECENT)
        left = max(0.0, allowance.kudos - claimed)
        return Room(Bound.SHARED_KEY, left, left) if left < kudos * MARGIN else None

    def claim(self, context: RequestContext, payer: Payer, kudos: float) -> None:
        """Count a request that the key is about to pay."""
        now, key = self._clock(), _key(context, payer)
        kept = [each for each in self._recent.get(key, ()) if each[0] > now - RECENT]
        self._recent[key] = (*kept, (now, kudos))


def _key(context: RequestContext, payer: Payer) -> _Key:
    owner = {Payer.USER: context.user_id, Payer.GUILD: context.guild_id or 0}
    return payer, owner.get(payer, 0), context.backend
