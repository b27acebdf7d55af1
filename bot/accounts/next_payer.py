"""The next payer of a queued request whose shared key ran low before the submit."""

import time
from collections.abc import Callable

from bot.accounts.budget_messages import passed, shared_key_passed
from bot.accounts.credentials import Credentials
from bot.accounts.free_limits import FreeLimits
from bot.accounts.price_formulas import known_price
from bot.backends.base import Backend
from bot.domain.kudos.budgets import Budget, Claim, Room, day_of, too_dear
from bot.domain.records import Payer, Record
from bot.domain.results import Phase, Status
from bot.errors import SharedKeyLow
from bot.parameters.upfront_kudos import AboutModel
from bot.storage import NoRoom, Store

_ORDER = tuple(Payer)


class NextPayer:
    """Passes requests of one backend on, in the order and within the budgets of new requests."""

    def __init__(
        self,
        store: Store,
        credentials: Credentials,
        backend: Backend,
        about: AboutModel,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._credentials = credentials
        self._about = about
        self._clock = clock
        self._free = FreeLimits(backend)

    async def pass_on(self, record: Record, refusal: SharedKeyLow) -> Record | None:
        """Queue the request for the next payer, with a warning for its card.

        None when no other payer can pay. A request that was submitted before stays with its payer:
        the backend may have the first submit too, and both would be paid.
        """
        budget = await self._budget(record)
        is_bound = record.payer is Payer.GUILD and not budget.then_next
        if record.resends or record.payer is Payer.STYLE or is_bound:
            return None
        is_empty = refusal.rc == "SharedKeyEmpty"
        warnings = [shared_key_passed(record.payer, is_empty=is_empty)]
        for payer in await self._following(record):
            try:
                return await self._queue(record, payer, budget, warnings)
            except NoRoom as full:
                if not budget.then_next:
                    return None
                warnings.append(passed(full.room, known_price(record.request, self._about), payer))
        return None

    async def is_free(self, record: Record) -> bool:
        """The anonymous account can pay for the request."""
        return await self._free.covers(record.request, self._about)

    async def claim_of(self, record: Record) -> Claim | None:
        """Reservation of the payer of that request at this backend. Raises NoRoom."""
        if record.payer is not Payer.GUILD:
            return None
        return self._claim(record, await self._budget(record))

    async def _budget(self, record: Record) -> Budget:
        if record.guild_id is None:
            return Budget(unit=record.unit)
        rules = await self._store.guilds.settings(record.guild_id)
        return rules.budget_of(record.backend, record.unit)

    async def _following(self, record: Record) -> list[Payer]:
        """Payers after the present one, the first one first."""
        order = await self._credentials.order(
            record.user_id, record.guild_id, record.kind, record.backend
        )
        later = _ORDER[_ORDER.index(record.payer) + 1 :]
        able = set(order.payers)
        if await self._free.covers(record.request, self._about):
            able.add(Payer.ANONYMOUS)
        else:
            able.discard(Payer.ANONYMOUS)
        return [payer for payer in later if payer in able]

    async def _queue(
        self, record: Record, payer: Payer, budget: Budget, warnings: list[str]
    ) -> Record | None:
        """Store the new payer. Raises NoRoom for a server's key that may not pay for it."""
        claim = self._claim(record, budget) if payer is Payer.GUILD else None
        earlier = record.status.warnings if record.status else ()
        status = Status(phase=Phase.QUEUED, warnings=(*earlier, *warnings))
        return await self._store.requests.pass_on(record.id, payer, status, claim)

    def _claim(self, record: Record, budget: Budget) -> Claim:
        """Reservation of the server's budget. Raises NoRoom for a limit of a single request.

        The roles of the member are not known any more, so the lowest limit of a member counts.
        """
        price = known_price(record.request, self._about)
        if (bound := too_dear(budget, record.request, price)) is not None:
            raise NoRoom(Room(bound))
        return Claim(
            guild_id=record.guild_id or 0,
            marks=self._credentials.marks.all_of(record.user_id),
            day=day_of(self._clock()),
            price=price,
            backend=record.backend,
            a_day=budget.a_day,
            a_person=budget.lowest_of_person,
        )
