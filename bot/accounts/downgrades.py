"""Finds the downgrade of a request that lacked kudos, which the backend does not report.

docs/horde-api.md#downgrades. The anonymous account never has kudos to spend, any other has those
above its floor. The price in the receipt is that of one downgraded picture.
"""

import logging

from bot.accounts.free_limits import FreeLimits
from bot.accounts.price_formulas import picture_price, price_estimate, text_upfront
from bot.backends.base import Backend
from bot.backends.values import Receipt
from bot.domain.capabilities import PriceUnit
from bot.domain.records import Payer
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.domain.results import Cut
from bot.errors import BackendError
from bot.parameters.upfront_kudos import (
    FREE_MIN,
    TOKENS_MIN,
    AboutModel,
    cut_of,
    needs,
    tokens_cut,
)

log = logging.getLogger(__name__)
TELLING = 1.25  # estimated prices differ by this factor: then the receipt's price decides


class Downgrades:
    """Finds the downgrades of one backend."""

    def __init__(self, backend: Backend, about: AboutModel) -> None:
        self._backend = backend
        self._about = about
        self._free = FreeLimits(backend)

    async def of(self, request: Request, payer: Payer, key: str, receipt: Receipt) -> Cut | None:
        """The downgrade of a request that was just accepted; None for none. Raises nothing."""
        if self._backend.capabilities.unit is not PriceUnit.KUDOS:
            return None
        try:
            if isinstance(request, ImageRequest):
                return await self._of_picture(request, payer, key, receipt)
            if isinstance(request, TextRequest):
                return await self._of_text(request, payer, key)
        except BackendError as error:
            log.info("a downgrade is unknown: %s", error)
        return None

    async def _of_picture(
        self, request: ImageRequest, payer: Payer, key: str, receipt: Receipt
    ) -> Cut | None:
        # the fields that the style sets are unknown
        unknown = request.style and not request.style_name
        if not (request.allow_downgrade and request.models) or unknown:
            return None
        if not needs(request, FREE_MIN, self._about):  # under any load
            return None
        side = await self._free.known_side()
        if side is None or not needs(request, side, self._about):
            return None
        cut = cut_of(request, side, self._about)
        if payer is Payer.STYLE:  # its maker's account is not known
            return cut if _differs(request, cut) and self._is_cut(request, cut, receipt) else None
        if payer is not Payer.ANONYMOUS and not self._is_cut(request, cut, receipt):
            account = await self._backend.account(key)
            if account.spendable >= price_estimate(request, self._about):
                return None
        return cut if _differs(request, cut) else None

    def _is_cut(self, request: ImageRequest, cut: Cut, receipt: Receipt) -> bool:
        """The receipt's price is clearly that of the downgraded picture."""
        update = {"width": cut.width, "height": cut.height, "steps": cut.steps}
        asked, made = picture_price(request), picture_price(request.model_copy(update=update))
        if receipt.cost <= 0 or asked < made * TELLING:
            return False
        return abs(receipt.cost - made) < abs(receipt.cost - asked)

    async def _of_text(self, request: TextRequest, payer: Payer, key: str) -> Cut | None:
        if not request.allow_downgrade or tokens_cut(request, TOKENS_MIN) is None:
            return None
        most = await self._free.known_tokens()
        cut = tokens_cut(request, most) if most is not None else None
        if cut is None or payer is Payer.ANONYMOUS:
            return cut
        account = await self._backend.account(key)
        return None if account.spendable >= text_upfront(request) else cut


def _differs(request: ImageRequest, cut: Cut) -> bool:
    made = (cut.width, cut.height, cut.steps)
    return cut.slow_workers or made != (request.width, request.height, request.steps)
