"""Prices: asked of the backend at most once a day for the same parameters.

A dry run counts as a submit for the rate limits, so it is sent only while no request waits.
Otherwise the bot's own formula is used, and the estimate is marked so.
"""

import asyncio
import logging
import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from cachetools import TTLCache

from bot.accounts.credentials import Credentials
from bot.accounts.free_limits import FreeLimits
from bot.accounts.price_formulas import known_price, price_estimate
from bot.aio.rate_limiter import RateLimiter
from bot.backends.base import Backend
from bot.backends.values import Account, Priced
from bot.catalog import guessed_facts
from bot.domain.capabilities import PriceUnit
from bot.domain.records import Payer
from bot.domain.requests import (
    ExtraImage,
    ImageRequest,
    Request,
    Source,
    TextRequest,
    VideoRequest,
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
LIST_WAIT = 1.5  # seconds that a request waits for a price list
ASKED = ((12, 60.0),)  # dry runs a minute: the 90 submits a minute are for requests
# Refusals of a dry run whose only reason is too few kudos.
ABOUT_KUDOS = frozenset({"KudosUpfront", "SharedKeyEmpty", "SharedKeyInsufficientKudos"})


class Unasked(StrEnum):
    """Why the backend gave no price."""

    LIMIT = "limit"  # the bot asks for few prices a minute
    QUEUE = "queue"  # requests wait for the same calls
    NO_ANSWER = "no_answer"
    KUDOS = "kudos"  # refused for the lack of kudos, without a price


@dataclass(frozen=True, slots=True)
class Estimate:
    """Price in the unit of the backend, and its payer. Everything else is of kudos alone.

    `unasked`: why the price is the bot's own formula. `needs`: why the kudos are needed
    in advance; `sure`: that is known, not only likely. `balance`: of the payer's key, None without
    one or where it does not matter. `side` (pixels of a square) and `steps`: the most without
    kudos, with its models and sampler.
    """

    price: float
    payer: Payer
    unasked: Unasked | None = None
    needs: tuple[Need, ...] = ()
    sure: bool = True
    balance: float | None = None
    spendable: float | None = None  # of the balance, what a request may need in advance
    side: int = FREE_MAX
    steps: int = 0
    cut: Cut | None = None  # changes to the request if the kudos are missing

    @property
    def enough(self) -> bool:
        """The payer's key has the kudos."""
        return self.spendable is not None and self.spendable >= self.price


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
        self._unit = backend.capabilities.unit
        self._about = about
        self._calls = calls
        self._keys = keys
        self._kept: TTLCache[str, float] = TTLCache(KEPT_MAX, KEPT_FOR, time.monotonic)
        self._asked = RateLimiter(ASKED)
        self._free = FreeLimits(backend)

    async def estimate(
        self,
        request: ImageRequest | VideoRequest,
        user_id: int,
        guild_id: int | None,
        payer: Payer,
    ) -> Estimate:
        """Estimate for that user, in that server, with the key of `payer`.

        Raises RequestRejected for a request that would be refused.
        """
        if self._unit is not PriceUnit.KUDOS or isinstance(request, VideoRequest):
            return await self._without_kudos(request, payer)
        key = await self._keys.key_for(payer, user_id, guild_id, self._backend.name)
        kudos, unasked = await self._price(request, key)
        side = await self._free.known_side()
        found = needs(request, side or FREE_MIN, self._about)
        account = await self._account(payer, key) if found else None
        return Estimate(
            price=price_estimate(request, self._about) if kudos is None else kudos,
            payer=payer,
            unasked=unasked,
            needs=found,
            sure=side is not None or found == needs(request, FREE_MAX, self._about),
            balance=account.balance if account is not None else None,
            spendable=account.spendable if account is not None else None,
            side=largest_free(request, side or FREE_MIN, self._about),
            steps=steps_free(request, self._about),
            cut=cut_of(request, side or FREE_MIN, self._about) if found else None,
        )

    async def _without_kudos(self, request: ImageRequest | VideoRequest, payer: Payer) -> Estimate:
        """The estimate without kudos; a price of 0 is unknown or none."""
        price = await self.expected(request)
        unasked = None if price or self._unit is PriceUnit.NONE else Unasked.NO_ANSWER
        return Estimate(price, payer, unasked)

    def known(self, request: Request) -> float:
        """Price from the cache, or in kudos by the formula; 0 is unknown. Calls no backend."""
        priced = isinstance(request, ImageRequest | VideoRequest)
        kept = self._kept.get(_shape(request)) if priced else None
        if kept is None and self._unit is PriceUnit.KUDOS:
            return known_price(request, self._about)
        return kept or 0.0

    async def expected(self, request: Request) -> float:
        """The price that a budget reserves, in the unit of the backend; 0 is unknown or none.

        Only a price list in money is asked for, which counts for no rate limit of submits.
        """
        known = self.known(request)
        if known or self._unit is not PriceUnit.MICRO_USD:
            return known
        if not isinstance(request, Priced):
            return known
        try:
            async with asyncio.timeout(LIST_WAIT):
                price = await self._backend.estimate(request, "")
        except (BackendError, TimeoutError) as error:
            log.info("a price could not be read: %s", error or type(error).__name__)
            return 0.0
        if not isinstance(request, TextRequest):  # its price depends on its words
            self._kept[_shape(request)] = price
        return price

    async def goes_free(self, request: Request) -> bool:
        """Whether it can be sent without a key that pays; asks for the load where that matters."""
        if self._unit is PriceUnit.KUDOS:
            return await self._free.covers(request, self._about)
        return self._unit is PriceUnit.NONE

    async def _price(
        self, request: ImageRequest, key: str
    ) -> tuple[float, None] | tuple[None, Unasked]:
        """The backend's price of today, or why it was not asked for."""
        name = _shape(request)
        kept = self._kept.get(name)
        if kept is not None:
            return kept, None
        if self._asked.ready_at() > time.monotonic():
            return None, Unasked.LIMIT
        try:
            async with self._calls.spare_call() as free:
                if not free:
                    return None, Unasked.QUEUE
                self._asked.sent(time.monotonic())
                kudos = await self._backend.estimate(request, key)
        except RequestRejected as error:
            if error.rc not in ABOUT_KUDOS:  # the request itself would be refused too
                raise
            return None, Unasked.KUDOS
        except BackendError as error:
            log.info("a price could not be read: %s", error)
            return None, Unasked.NO_ANSWER
        self._kept[name] = kudos
        return kudos, None

    async def free_side(self) -> int:
        """The side of the square that needs no kudos now; the smallest where that is unknown."""
        return await self._free.side() if self._unit is PriceUnit.KUDOS else FREE_MAX

    async def _account(self, payer: Payer, key: str) -> Account | None:
        if payer in {Payer.ANONYMOUS, Payer.STYLE}:
            return None
        try:
            return await self._backend.account(key)
        except BackendError as error:
            log.info("a balance is unknown: %s", error)
            return None


def _shape(request: ImageRequest | VideoRequest) -> str:
    """The fields that the price depends on: not words, seed, contents of pictures, place.

    A request is priced before its place has changed it, and reserved after.
    """
    if isinstance(request, VideoRequest):  # its seconds have a price, whatever they show
        return f"{request.kind} {request.seconds} {request.models}"
    rest: dict[str, object] = {"prompt": "any", "negative": "", "seed": "", "private": False}
    rest |= {"nsfw": False, "censor_nsfw": True, "spoiler": False}
    rest |= {"style_name": "", "style_replaces": (), "collection": "", "template_fields": ()}
    rest |= {"ignored": (), "sampling_chosen": (), "fit": False}
    if request.source is not None:
        some = Source(url="")
        rest |= {"source": some, "mask": None, "parts": (), "expand": (0, 0, 0, 0)}
        rest["extra_images"] = tuple(ExtraImage(source=some) for _ in request.extra_images)
    return request.model_copy(update=rest).model_dump_json()
