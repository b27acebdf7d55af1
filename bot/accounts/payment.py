"""Payer of a request, and the budget of a server's key."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cachetools import LRUCache

from bot.accounts.budget_messages import passed, used_up
from bot.accounts.credentials import Credentials
from bot.accounts.pricing import Pricing
from bot.domain.budgets import Bound, Budget, Claim, Room, Spent, day_of, refills_at, too_dear
from bot.domain.records import Payer
from bot.domain.requests import Kind, Request
from bot.errors import BackendError, NotAllowed
from bot.rules.request_context import RequestContext
from bot.storage import Store

log = logging.getLogger(__name__)
# Warnings on a card whose first payers were skipped.
SHARED = {
    Payer.USER: "Your key is a shared key, and the Horde takes none of those for alchemy.",
    Payer.GUILD: "This server's key is a shared key, and the Horde takes none for alchemy.",
    Payer.BOT: "The bot's key is a shared key, and the Horde takes none for alchemy.",
}
ALLOWANCE_WAIT = 1.5  # seconds that a request waits for the limits of a shared key
MARGIN = 1.05  # of an estimated price, which is within 4 % of the real one
RECENT = 60.0  # seconds for which the Horde may not count a new charge
SMALLEST = 0.01  # kudos; a smaller rest of a budget pays for nothing


@dataclass(frozen=True, slots=True)
class BudgetShare:
    """Rest of a server's budget today, for one member; `limit` 0 is none."""

    budget: Budget
    spent: Spent
    limit: float
    refills_at: float

    @property
    def is_used_up(self) -> bool:
        """The budget of today is used up."""
        smallest = Claim(0, (), 0, SMALLEST, self.budget.a_day, self.limit)
        return smallest.passes(self.spent) is not None


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """The payer. `claim`: reservation of a server's budget; `warnings`: for the card."""

    payer: Payer
    claim: Claim | None = None
    warnings: tuple[str, ...] = ()


class Payment:
    """Chooses the payer, in the order user, server, bot, anonymous.

    `prices`: of each backend, by its name.
    """

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        prices: Mapping[str, Pricing],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._prices = prices
        self._clock = clock
        # Kudos of the newest claims, by guild and backend, which a shared key's remaining kudos do
        # not include yet.
        self._recent: LRUCache[tuple[int, str], tuple[tuple[float, float], ...]] = LRUCache(1_000)

    async def payer(self, context: RequestContext, kind: Kind) -> Payer:
        """Payer of a cheap request of that kind, with budgets considered."""
        order = await self._credentials.order(
            context.user_id, context.guild_id, kind, context.backend
        )
        first = order.payers[0]
        if first is not Payer.GUILD or not context.rules.budget.then_next:
            return first
        return order.payers[1] if (await self.share(context)).is_used_up else first

    async def share(self, context: RequestContext) -> BudgetShare:
        """Kudos of the server's key spent today, and the limit of that member."""
        now, budget = self._clock(), context.rules.budget
        marks = self._credentials.marks.all_of(context.user_id)
        spent = await self._store.spending.spent(context.guild_id or 0, marks, day_of(now))
        return BudgetShare(budget, spent, budget.of_person(context.origin.roles), refills_at(now))

    async def plan(
        self, context: RequestContext, request: Request, *, full: Room | None = None
    ) -> PaymentPlan:
        """Payer of the request.

        Spent kudos are counted when the claim is stored, in one transaction. If that raises NoRoom,
        plan again with its room as `full`: then the next payer pays if it can, and the card has a
        warning. Raises NotAllowed if none can.
        """
        plan = await self._plan(context, request, full)
        if plan.claim is not None:
            now, key = self._clock(), (plan.claim.guild_id, context.backend)
            kept = [each for each in self._recent.get(key, ()) if each[0] > now - RECENT]
            self._recent[key] = (*kept, (now, plan.claim.kudos))
        return plan

    async def _plan(
        self, context: RequestContext, request: Request, full: Room | None = None
    ) -> PaymentPlan:
        kind = Kind(request.kind)
        order = await self._credentials.order(
            context.user_id, context.guild_id, kind, context.backend
        )
        warnings = tuple(SHARED[payer] for payer in order.passed)
        if order.payers[0] is not Payer.GUILD:
            return PaymentPlan(order.payers[0], warnings=warnings)
        prices, budget = self._prices[context.backend], context.rules.budget
        kudos = prices.known(request)
        dear = too_dear(budget, request, kudos)
        room = (Room(dear) if dear else full) or await self._shared_room(context, kudos)
        if room is None:
            return PaymentPlan(Payer.GUILD, self._claim(context, kudos), warnings)
        following = order.payers[1]
        can_follow = prices.goes_free(request) or following is not Payer.ANONYMOUS
        if not (budget.then_next and can_follow):
            raise NotAllowed(used_up(room, budget, kudos, refills_at(self._clock())))
        return PaymentPlan(following, warnings=(*warnings, passed(room, kudos)))

    async def expected(self, context: RequestContext, request: Request) -> PaymentPlan:
        """The plan with spent kudos already counted. Raises NotAllowed as a submit would."""
        plan = await self._plan(context, request)
        if plan.claim is None:
            return plan
        spent = (await self.share(context)).spent
        bound = plan.claim.passes(spent)
        if bound is None:
            return plan
        return await self._plan(context, request, plan.claim.room(bound, spent))

    async def _shared_room(self, context: RequestContext, kudos: float) -> Room | None:
        """Remaining kudos of a server's shared key if they are too few; None for any other key.

        If the backend does not answer in time, the submit decides.
        """
        owner = Payer.GUILD, context.guild_id or 0, context.backend
        try:
            async with asyncio.timeout(ALLOWANCE_WAIT):
                allowance = await self._credentials.allowance(*owner)
        except (BackendError, TimeoutError) as error:
            log.info(
                "the remaining kudos of a shared key are unknown: %s", error or type(error).__name__
            )
            return None
        if allowance is None or allowance.kudos is None:
            return None
        now, recent = self._clock(), self._recent.get((owner[1], context.backend), ())
        claimed = sum(each for at, each in recent if at > now - RECENT)
        left = max(0.0, allowance.kudos - claimed)
        return Room(Bound.SHARED_KEY, left, left) if left < kudos * MARGIN else None

    def _claim(self, context: RequestContext, kudos: float) -> Claim:
        budget = context.rules.budget
        return Claim(
            guild_id=context.guild_id or 0,
            marks=self._credentials.marks.all_of(context.user_id),
            day=day_of(self._clock()),
            kudos=kudos,
            a_day=budget.a_day,
            a_person=budget.of_person(context.origin.roles),
        )
