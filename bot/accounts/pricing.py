"""Prices: asked of the backend at most once a day for the same parameters.

A dry run counts as a submit for the rate limits, so it is sent only while no request waits.
Otherwise the bot's own formula is used, and the estimate is marked so.
"""

import asyncio
import logging
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from cachetools import TTLCache

from bot.accounts.credentials import Credentials
from bot.accounts.price_formulas import price_estimate, text_price_estimate
from bot.aio.rate_limiter import RateLimiter
from bot.backends.base import Backend
from bot.catalog import guessed_facts
from bot.domain.budgets import forms_cost
from bot.domain.records import Payer
from bot.domain.requests import (
    AlchemyRequest,
    ExtraImage,
    ImageRequest,
    Request,
    Source,
    TextRequest,
)
from bot.domain.results import Cut
from bot.errors import BackendError, RequestRejected
from bot.parameters.upfront_kudos import (
    FREE_MAX,
    FREE_MIN,
    AboutModel,
    Need,
    cut_of,
    largest_free,
    needs,
    steps_free,
)

log = logging.getLogger(__name__)
KEPT_FOR = 24 * 3600.0  # seconds; prices depend on the parameters and change with the server's code
KEPT_MAX = 2_000
ASKED = ((12, 60.0),)  # dry runs a minute: the 90 submits a minute are for requests
LOAD_WAIT = 1.0  # seconds that a request waits for the load
LOAD_FOR = 60.0  # seconds; the Horde counts its own load once a minute
# Refusals of a dry run whose only reason is too few kudos.
ABOUT_KUDOS = frozenset({"KudosUpfront", "SharedKeyEmpty", "SharedKeyInsufficientKudos"})
FREE_TOKENS = 256  # of a text; the Horde accepts up to twice as many under a low load
FLOOR = 25.0  # kudos that an account cannot spend: docs/horde-api.md#kudos-in-advance


@dataclass(frozen=True, slots=True)
class Estimate:
    """Price of a picture, and its payer.

    `own_formula`: computed by the bot, the backend was not asked. `needs`: why the kudos are needed
    in advance; `sure`: that is known, not only likely. `balance`: of the payer's key, None without
    one or where it does not matter. `side` (pixels of a square) and `steps`: the most without
    kudos, with its models and sampler.
    """

    kudos: float
    payer: Payer
    own_formula: bool = False
    needs: tuple[Need, ...] = ()
    sure: bool = True
    balance: float | None = None
    side: int = FREE_MAX
    steps: int = 0
    cut: Cut | None = None  # changes to the request if the kudos are missing

    @property
    def enough(self) -> bool:
        """The payer's key has the kudos."""
        return self.balance is not None and self.balance - FLOOR >= self.kudos


class SpareCalls(Protocol):
    """Calls within the rate limit of submits, while no request waits for it."""

    def spare_call(self) -> AbstractAsyncContextManager[bool]:
        """One call. False: a request waits for it, or none is possible soon."""
        ...


class Pricing:
    """Prices of one backend, cached.

    `about`: facts about a model, which its name alone may not tell.
    """

    def __init__(
        self,
        backend: Backend,
        calls: SpareCalls,
        keys: Credentials,
        about: AboutModel = guessed_facts,
    ) -> None:
        self._backend = backend
        self._about = about
        self._calls = calls
        self._keys = keys
        self._kept: TTLCache[str, float] = TTLCache(KEPT_MAX, KEPT_FOR, time.monotonic)
        self._asked = RateLimiter(ASKED)
        self._load: tuple[int, float] | None = None

    async def estimate(
        self,
        request: ImageRequest,
        user_id: int,
        guild_id: int | None,
        payer: Payer,
    ) -> Estimate:
        """Estimate for that user, in that server, with the key of `payer`.

        Raises RequestRejected for a request that would be refused.
        """
        key = await self._keys.key_for(payer, user_id, guild_id, self._backend.name)
        kudos = await self._price(request, key)
        side = await self._free_side()
        found = needs(request, side or FREE_MIN, self._about)
        return Estimate(
            kudos=price_estimate(request, self._about) if kudos is None else kudos,
            payer=payer,
            own_formula=kudos is None,
            needs=found,
            sure=side is not None or found == needs(request, FREE_MAX, self._about),
            balance=await self._balance(payer, key) if found else None,
            side=largest_free(request, side or FREE_MIN, self._about),
            steps=steps_free(request, self._about),
            cut=cut_of(request, side or FREE_MIN, self._about) if found else None,
        )

    def known(self, request: Request) -> float:
        """Price in kudos from the cache or the bot's formula; calls no backend."""
        if isinstance(request, AlchemyRequest):
            return forms_cost(request, request.asked)
        if isinstance(request, TextRequest):
            return text_price_estimate(request)
        kept = self._kept.get(_shape(request))
        return price_estimate(request, self._about) if kept is None else kept

    def goes_free(self, request: Request) -> bool:
        """Whether it needs no kudos in advance, judged without a call."""
        if isinstance(request, TextRequest):
            return request.max_length <= FREE_TOKENS
        side = self._load[0] if self._load is not None else FREE_MIN
        return not isinstance(request, ImageRequest) or not needs(request, side, self._about)

    async def _price(self, request: ImageRequest, key: str) -> float | None:
        """The backend's price of today; None if it should not or cannot be asked now."""
        name = _shape(request)
        kept = self._kept.get(name)
        if kept is not None:
            return kept
        if self._asked.ready_at() > time.monotonic():
            return None
        try:
            async with self._calls.spare_call() as free:
                if not free:
                    return None
                self._asked.sent(time.monotonic())
                kudos = await self._backend.estimate(request, key)
        except RequestRejected as error:
            if error.rc not in ABOUT_KUDOS:  # the request itself would be refused too
                raise
            return None
        except BackendError as error:
            log.info("a price could not be read: %s", error)
            return None
        self._kept[name] = kudos
        return kudos

    async def free_side(self) -> int:
        """Side of the square that needs no kudos now; the smallest one if it is unknown."""
        try:
            async with asyncio.timeout(LOAD_WAIT):
                return await self._free_side() or FREE_MIN
        except TimeoutError:
            return FREE_MIN

    async def _free_side(self) -> int | None:
        """Side of the square that needs no kudos now, None when the backend does not tell."""
        now = time.monotonic()
        if self._load is None or now - self._load[1] > LOAD_FOR:
            try:
                self._load = (await self._backend.free_side(), now)
            except BackendError as error:
                log.info("the load is unknown: %s", error)
                return None
        return self._load[0]

    async def _balance(self, payer: Payer, key: str) -> float | None:
        if payer is Payer.ANONYMOUS:
            return None
        try:
            return (await self._backend.account(key)).kudos
        except BackendError as error:
            log.info("a balance is unknown: %s", error)
            return None


def _shape(request: ImageRequest) -> str:
    """The fields that the price depends on: not words, seed, contents of pictures, place.

    A request is priced before its place has changed it, and reserved after.
    """
    rest: dict[str, object] = {"prompt": "any", "negative": "", "seed": "", "private": False}
    rest |= {"nsfw": False, "censor_nsfw": True, "spoiler": False, "style_name": ""}
    if request.source is not None:
        some = Source(url="")
        rest |= {"source": some, "mask": None, "parts": (), "expand": (0, 0, 0, 0)}
        rest["extra_images"] = tuple(ExtraImage(source=some) for _ in request.extra_images)
    return request.model_copy(update=rest).model_dump_json()
