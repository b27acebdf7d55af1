"""Limits of a shared key, read before a submit: beyond them the Horde answers with a 500."""

import hashlib
import logging
import math
import time
from collections.abc import Callable

from cachetools import TTLCache

from bot.backends.base import Backend
from bot.backends.values import Allowance
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.errors import RequestRejected, SharedKeyLow, Transient
from bot.i18n import _
from bot.i18n.formats import number

log = logging.getLogger(__name__)
KEPT_FOR = 60.0  # seconds; the Horde's own answer may be as old
KEPT_MAX = 1_000

SURE = 0.9  # of an estimated price, which the real one is hardly ever below


class Allowances:
    """Reads the limits of shared keys before a submit, once a minute at most."""

    def __init__(self, backend: Backend, clock: Callable[[], float] = time.time) -> None:
        self._backend = backend
        self._clock = clock
        # By a hash of the key.
        self._known: TTLCache[bytes, Allowance] = TTLCache(KEPT_MAX, KEPT_FOR, clock)

    async def check(self, key: str, request: Request, kudos: float = 0.0) -> None:
        """Raises RequestRejected (private) when that key cannot pay for the request: SharedKeyLow
        when only its kudos are too few.

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
        refusal = allowance_refusal(allowance, request, self._clock(), kudos)
        if refusal is not None:
            raise refusal

    async def of(self, key: str) -> Allowance | None:
        """Limits of the key; None when it is not a shared key."""
        name = hashlib.sha256(key.encode()).digest()
        found = self._known.get(name)
        if found is None and (found := await self._backend.allowance(key)) is not None:
            self._known[name] = found
        return found


def allowance_refusal(
    allowance: Allowance, request: Request, now: float, kudos: float = 0.0
) -> RequestRejected | None:
    """Why a shared key cannot pay for the request; None when it can. Pure."""
    if allowance.expires_at is not None and allowance.expires_at <= now:
        text = _(
            "The shared key for this request has expired. Use another key with `/account login`."
        )
        return RequestRejected(text, rc="SharedKeyExpired", private=True)
    if allowance.kudos is not None and allowance.kudos <= max(0.0, kudos * SURE):
        rc = "SharedKeyEmpty" if allowance.kudos <= 0 else "SharedKeyInsufficientKudos"
        return SharedKeyLow(_too_few(allowance.kudos, math.ceil(kudos)), rc=rc, private=True)
    reason = _size_refusal(allowance, request)
    return RequestRejected(reason, private=True) if reason else None


def _size_refusal(allowance: Allowance, request: Request) -> str:
    if isinstance(request, ImageRequest):
        return _image_refusal(allowance, request)
    if (most := allowance.tokens) is not None and isinstance(request, TextRequest):
        text = _(
            "The shared key for this request pays for texts of up to {most} tokens. Use a smaller "
            "`length`, or another key with `/account login`."
        )
        return text.format(most=number(most)) if request.max_length > most else ""
    return ""


def _too_few(left: float, kudos: int) -> str:
    if left <= 0:
        return _(
            "The shared key for this request has no kudos left. Use another key with "
            "`/account login`, or ask the owner of the key for more."
        )
    text = _(
        "The shared key for this request has {left} kudos left, and the request costs about "
        "{kudos}. Make the request smaller, or use another key with `/account login`."
    )
    return text.format(left=number(round(left)), kudos=number(kudos))


def _image_refusal(allowance: Allowance, request: ImageRequest) -> str:
    if (most := allowance.pixels) is not None and request.width * request.height > most:
        text = _(
            "The shared key for this request pays for images of up to {most} pixels. Choose a "
            "smaller size, or use another key with `/account login`."
        )
        return text.format(most=number(most))
    if (most := allowance.steps) is not None and request.steps > most:
        text = _(
            "The shared key for this request pays for up to {most} steps. Choose fewer steps, or "
            "use another key with `/account login`."
        )
        return text.format(most=number(most))
    return ""
