"""Limits of a shared key, read before a submit: beyond them the Horde answers with a 500."""

import hashlib
import logging
import math
import time
from collections.abc import Callable

from cachetools import TTLCache

from bot.backends.base import Allowance, Backend
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.errors import RequestRejected, Transient

log = logging.getLogger(__name__)
KEPT_FOR = 60.0  # seconds; the Horde's own answer may be as old
KEPT_MAX = 1_000

EXPIRED = "The shared key that was to pay for this has expired. {ways}"
TOO_FEW = (
    "The shared key that was to pay for this has {left:,.0f} kudos left, and this costs about "
    "{kudos:,.0f}. {ways}"
)
SURE = 0.9  # of an estimated price, which the real one is hardly ever below
EMPTY = "The shared key that was to pay for this has no kudos left. {ways}"
TOO_LARGE = "The shared key that was to pay takes pictures of up to {most:,} pixels. {ways}"
TOO_MANY_STEPS = "The shared key that was to pay takes up to {most} steps. {ways}"
TOO_LONG = "The shared key that was to pay takes texts of up to {most} tokens. {ways}"
SMALLER = "Ask for less, or use another key with `/account login`."
ANOTHER = "Use another key with `/account login`; whose key it is may also give it more."


class Allowances:
    """Reads the limits of shared keys before a submit, once a minute at most."""

    def __init__(self, backend: Backend, clock: Callable[[], float] = time.time) -> None:
        self._backend = backend
        self._clock = clock
        # By a hash of the key.
        self._known: TTLCache[bytes, Allowance] = TTLCache(KEPT_MAX, KEPT_FOR, clock)

    async def check(self, key: str, request: Request, kudos: float = 0.0) -> None:
        """Raises RequestRejected (private) when that key cannot pay for the request.

        `kudos`: its estimated price, 0 when unknown.

        If the backend does not tell, the submit decides.
        """
        try:
            allowance = await self.of(key)
        except Transient as error:
            log.info("the limits of a shared key are unknown: %s", error)
            return
        if allowance is None:
            return
        reason = allowance_refusal(allowance, request, self._clock(), kudos)
        if reason:
            raise RequestRejected(reason, private=True)

    async def of(self, key: str) -> Allowance | None:
        """Limits of the key; None when it is not a shared key."""
        name = hashlib.sha256(key.encode()).digest()
        found = self._known.get(name)
        if found is None and (found := await self._backend.allowance(key)) is not None:
            self._known[name] = found
        return found


def allowance_refusal(
    allowance: Allowance, request: Request, now: float, kudos: float = 0.0
) -> str:
    """Why a shared key cannot pay for the request, as a sentence; "" when it can. Pure."""
    if allowance.expires_at is not None and allowance.expires_at <= now:
        return EXPIRED.format(ways=ANOTHER)
    if allowance.kudos is not None and allowance.kudos <= max(0.0, kudos * SURE):
        few = TOO_FEW if allowance.kudos > 0 else EMPTY
        ways = SMALLER if allowance.kudos > 0 else ANOTHER
        return few.format(left=allowance.kudos, kudos=math.ceil(kudos), ways=ways)
    if isinstance(request, ImageRequest):
        if (most := allowance.pixels) is not None and request.width * request.height > most:
            return TOO_LARGE.format(most=most, ways=SMALLER)
        if (most := allowance.steps) is not None and request.steps > most:
            return TOO_MANY_STEPS.format(most=most, ways=SMALLER)
    most = allowance.tokens
    if most is not None and isinstance(request, TextRequest) and request.max_length > most:
        return TOO_LONG.format(most=most, ways=SMALLER)
    return ""
