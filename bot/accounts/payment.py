"""Payer of a request, and the budget of a server's key."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from bot.accounts.budget_messages import passed, used_up
from bot.accounts.credentials import Credentials
from bot.accounts.pricing import Pricing
from bot.accounts.shared_key_room import SharedKeyRoom
from bot.domain.capabilities import PriceUnit
from bot.domain.kudos.budgets import Budget, Claim, Room, Spent, day_of, refills_at, too_dear
from bot.domain.records import Payer
from bot.domain.requests import ImageRequest, Kind, Request
from bot.errors import NotAllowed
from bot.i18n import N_, _
from bot.rules.guild_settings import GuildSettings
from bot.rules.request_context import RequestContext
from bot.storage import Store

# Warnings on a card whose first payers were skipped.
SHARED = {
    Payer.USER: N_("Your key is a shared key, which cannot pay for alchemy."),
    Payer.GUILD: N_("This server's key is a shared key, which cannot pay for alchemy."),
    Payer.BOT: N_("The bot's key is a shared key, which cannot pay for alchemy."),
}
KEY_NEEDED = N_("{backend} needs an API key. Add yours with `/account login`.")
SMALLEST = 0.01  # of any unit; a smaller rest of a budget pays for nothing


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
class SkippedPayer:
    """A payer that cannot pay. `room`: the limit, None for a shared key, which pays no alchemy."""

    payer: Payer
    room: Room | None = None
    price: float = 0.0

    @property
    def warning(self) -> str:
        """Why it was skipped, for the card, in the current language."""
        if self.room is None:
            return _(SHARED[self.payer])
        return passed(self.room, self.price, self.payer)


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """The payer. `claim`: reservation of a server's budget; `skipped`: payers before it."""

    payer: Payer
    claim: Claim | None = None
    skipped: tuple[SkippedPayer, ...] = ()


class Payment:
    """Chooses the payer, in the order user, server, bot, anonymous.

    `prices`: of each backend, by its name. `maker_pays`: whether the maker of that style of the
    Horde pays for all images in it.
    """

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        prices: Mapping[str, Pricing],
        clock: Callable[[], float] = time.time,
        maker_pays: Callable[[str, GuildSettings], bool] = lambda _style, _rules: False,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._prices = prices
        self._clock = clock
        self._maker_pays = maker_pays
        self._shared = SharedKeyRoom(credentials, clock)

    async def payer(self, context: RequestContext, kind: Kind) -> Payer | None:
        """Payer of a cheap request of that kind, with budgets considered.

        None when the backend needs a key and no key can pay.
        """
        order = await self._credentials.order(
            context.user_id, context.guild_id, kind, context.backend
        )
        budget = context.budget
        for payer in order.payers:
            used_up = payer is Payer.GUILD and (await self.share(context)).is_used_up
            if not used_up and not await self._shared_lacking(context, payer, SMALLEST):
                return payer
            if payer is Payer.GUILD and not budget.then_next:
                return payer
        return None if context.capabilities.keys == "required" else Payer.ANONYMOUS

    async def share(self, context: RequestContext) -> BudgetShare:
        """What the server's key spent today at the backend there, and the limit of that member."""
        now, budget = self._clock(), context.budget
        marks = self._credentials.marks.all_of(context.user_id)
        spent = await self._store.spending.spent(
            context.guild_id or 0, context.backend, marks, day_of(now)
        )
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
        if context.capabilities.unit is PriceUnit.KUDOS:
            self._shared.claim(context, plan.payer, self._prices[context.backend].known(request))
        return plan

    async def _plan(
        self, context: RequestContext, request: Request, full: Room | None = None
    ) -> PaymentPlan:
        if isinstance(request, ImageRequest) and self._maker_pays(request.style, context.rules):
            return PaymentPlan(Payer.STYLE)
        order = await self._credentials.order(
            context.user_id, context.guild_id, Kind(request.kind), context.backend
        )
        skipped = [SkippedPayer(payer) for payer in order.passed]
        if not order.payers:
            raise NotAllowed(_(KEY_NEEDED).format(backend=context.capabilities.title))
        budget, price = context.budget, await self._prices[context.backend].expected(request)
        for payer, following in pairwise((*order.payers, Payer.ANONYMOUS)):
            room = await self._lacking(context, request, payer, price, full)
            if room is None:
                claim = self._claim(context, price) if payer is Payer.GUILD else None
                return PaymentPlan(payer, claim, tuple(skipped))
            may_follow = payer is not Payer.GUILD or budget.then_next
            if not (may_follow and await self._can_pay(context, following, request)):
                at = refills_at(self._clock())
                raise NotAllowed(used_up(room, budget, price, at, payer))
            skipped.append(SkippedPayer(payer, room, price))
        return PaymentPlan(Payer.ANONYMOUS, skipped=tuple(skipped))

    async def _lacking(
        self,
        context: RequestContext,
        request: Request,
        payer: Payer,
        price: float,
        full: Room | None,
    ) -> Room | None:
        """What keeps that payer from paying, None for nothing. `full`: of the server's budget."""
        if payer is Payer.ANONYMOUS:
            return None
        if payer is Payer.GUILD:
            dear = too_dear(context.budget, request, price)
            room = Room(dear) if dear else full
            if room is not None:
                return room
        return await self._shared_lacking(context, payer, price)

    async def _shared_lacking(
        self, context: RequestContext, payer: Payer, kudos: float
    ) -> Room | None:
        """What a shared key has left where it is too little; only a Horde has such keys."""
        if context.capabilities.unit is not PriceUnit.KUDOS:
            return None
        return await self._shared.lacking(context, payer, kudos)

    async def _can_pay(self, context: RequestContext, payer: Payer, request: Request) -> bool:
        if payer is not Payer.ANONYMOUS:
            return True
        if context.capabilities.keys == "required":
            return False
        return await self._prices[context.backend].goes_free(request)

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

    def _claim(self, context: RequestContext, price: float) -> Claim:
        budget = context.budget
        return Claim(
            guild_id=context.guild_id or 0,
            marks=self._credentials.marks.all_of(context.user_id),
            day=day_of(self._clock()),
            price=price,
            backend=context.backend,
            a_day=budget.a_day,
            a_person=budget.of_person(context.origin.roles),
        )
