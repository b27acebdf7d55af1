"""Who pays for a request, and how much of a server's key its people may spend."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.accounts.budget_messages import passed, used_up
from bot.accounts.credentials import Credentials
from bot.accounts.pricing import Pricing
from bot.accounts.shared_keys import SharedKeyState
from bot.backends.base import Account, Backend
from bot.domain.budgets import Bound, Budget, Claim, Room, Spent, day_of, refills_at, too_dear
from bot.domain.people import Credential
from bot.domain.records import Origin, Payer, Record
from bot.domain.requests import Kind, Request
from bot.domain.results import Phase, Status
from bot.errors import NotAllowed
from bot.storage import NoRoom, Store

# What a card says when a key was passed over.
SHARED = {
    Payer.USER: "Your key is a shared key, and the Horde takes none of those for alchemy.",
    Payer.GUILD: "This server's key is a shared key, and the Horde takes none for alchemy.",
    Payer.BOT: "The bot's key is a shared key, and the Horde takes none for alchemy.",
}

Add = Callable[[Payer, Claim | None, Status | None], Awaitable[Record]]


@dataclass(frozen=True, slots=True)
class BudgetShare:
    """What is left of a server's key today, for one person: `limit` 0 is none."""

    budget: Budget
    spent: Spent
    limit: float
    refills_at: float


class Payment:
    """Decides whose key pays, in the order person, server, bot, anonymous."""

    def __init__(
        self,
        store: Store,
        keys: Credentials,
        prices: Mapping[str, Pricing],
        backends: Mapping[str, Backend],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._keys = keys
        self._prices = prices
        self._backends = backends
        self._clock = clock

    async def payer(self, origin: Origin, kind: Kind) -> Payer:
        """Whose key would pay for something of that kind there, budgets counted."""
        backend = await self._backend(origin.guild_id)
        line = await self._keys.line(origin.user_id, origin.guild_id, kind, backend.name)
        if line.payers[0] is not Payer.GUILD:
            return line.payers[0]
        share = await self.share(origin)
        nothing = Claim(origin.guild_id or 0, (), 0, 0.01, share.budget.a_day, share.limit)
        used_up = nothing.passes(share.spent) is not None
        return line.payers[1] if used_up and share.budget.then_next else Payer.GUILD

    async def share(self, origin: Origin) -> BudgetShare:
        """How much of the server's key is spent today, and what that person may spend."""
        now, guild_id = self._clock(), origin.guild_id or 0
        budget = (await self._store.guilds.settings(guild_id)).budget
        marks = self._keys.marks.all_of(origin.user_id)
        spent = await self._store.spending.spent(guild_id, marks, day_of(now))
        return BudgetShare(budget, spent, budget.of_person(origin.roles), refills_at(now))

    async def write_down(self, origin: Origin, request: Request, add: Add) -> Record:
        """Let the first pay who can and may. `add` writes the request down.

        A budget without room leads to the next payer where the request can be made there, and the
        card says so; else raises NotAllowed, which says what still works.
        """
        kind, backend = Kind(request.kind), await self._backend(origin.guild_id)
        line = await self._keys.line(origin.user_id, origin.guild_id, kind, backend.name)
        notes = [SHARED[payer] for payer in line.passed]
        payers = line.payers
        if payers[0] is Payer.GUILD:
            prices = self._prices[backend.name]
            placed = await self._from_server(origin, request, prices, payers[1], notes, add)
            if placed is not None:
                return placed
            payers = payers[1:]
        return await add(payers[0], None, _saying(notes))

    async def _from_server(
        self,
        origin: Origin,
        request: Request,
        prices: Pricing,
        following: Payer,
        notes: list[str],
        add: Add,
    ) -> Record | None:
        """With the server's key; None when `following` is to pay, as `notes` then tell."""
        assert origin.guild_id is not None
        budget = (await self._store.guilds.settings(origin.guild_id)).budget
        kudos = prices.known(request)
        dear = too_dear(budget, request, kudos)
        room = Room(dear) if dear else None
        if room is None:
            claim = self._claim(origin, budget, kudos)
            try:
                return await add(Payer.GUILD, claim, _saying(notes))
            except NoRoom as full:
                room = full.room
        free = prices.goes_free(request) or following is not Payer.ANONYMOUS
        notes.append(self._without_room(room, budget, kudos, to_next=free))
        return None

    async def payer_of(self, origin: Origin, request: Request) -> Payer:
        """Whose key would pay for that, budgets counted. Raises NotAllowed as its send would."""
        kind, backend = Kind(request.kind), await self._backend(origin.guild_id)
        line = await self._keys.line(origin.user_id, origin.guild_id, kind, backend.name)
        if line.payers[0] is not Payer.GUILD:
            return line.payers[0]
        share, prices = await self.share(origin), self._prices[backend.name]
        kudos = prices.known(request)
        claim = self._claim(origin, share.budget, kudos)
        dear, bound = too_dear(share.budget, request, kudos), claim.passes(share.spent)
        if dear is None and bound is None:
            return Payer.GUILD
        room = Room(dear) if dear else claim.room(bound or Bound.DAY, share.spent)
        free = prices.goes_free(request) or line.payers[1] is not Payer.ANONYMOUS
        self._without_room(room, share.budget, kudos, to_next=free)
        return line.payers[1]

    def _claim(self, origin: Origin, budget: Budget, kudos: float) -> Claim:
        return Claim(
            guild_id=origin.guild_id or 0,
            marks=self._keys.marks.all_of(origin.user_id),
            day=day_of(self._clock()),
            kudos=kudos,
            a_day=budget.a_day,
            a_person=budget.of_person(origin.roles),
        )

    def _without_room(self, room: Room, budget: Budget, kudos: float, *, to_next: bool) -> str:
        """What the card says; raises NotAllowed unless it may go `to_next`, who can make it."""
        if not (budget.then_next and to_next):
            raise NotAllowed(used_up(room, budget, kudos, refills_at(self._clock())))
        return passed(room, kudos)

    # The server's key

    async def login(self, guild_id: int, key: str) -> Account:
        """Check a server's key and keep it, sealed. Raises UserError."""
        backend = await self._backend(guild_id)
        return await self._keys.login(Payer.GUILD, guild_id, key, backend, self._clock())

    async def credential(self, guild_id: int) -> Credential | None:
        """The server's key as it is kept, if there is one."""
        backend = await self._backend(guild_id)
        return await self._store.credentials.get(Payer.GUILD, guild_id, backend.name)

    async def account(self, guild_id: int) -> Account | None:
        """Whose the server's key is, asked now; None without one."""
        backend = await self._backend(guild_id)
        key = await self._keys.key_of_owner(Payer.GUILD, guild_id, backend.name)
        return await backend.account(key) if key is not None else None

    async def lent(self, guild_id: int) -> SharedKeyState | None:
        """What the server's key may be used for when it is a shared one, asked now."""
        backend = await self._backend(guild_id)
        key = await self._keys.key_of_owner(Payer.GUILD, guild_id, backend.name)
        allowance = await backend.allowance(key) if key is not None else None
        return SharedKeyState(allowance.name, allowance) if allowance is not None else None

    def now(self) -> float:
        """The clock that days and limits go by, in UTC seconds."""
        return self._clock()

    async def logout(self, guild_id: int) -> bool:
        """Forget a server's key. False when there was none."""
        backend = await self._backend(guild_id)
        return await self._store.credentials.delete(Payer.GUILD, guild_id, backend.name)

    async def _backend(self, guild_id: int | None) -> Backend:
        """The one that this place's requests go to."""
        first = next(iter(self._backends.values()))
        if guild_id is None:
            return first
        return self._backends.get((await self._store.guilds.settings(guild_id)).backend, first)


def _saying(notes: list[str]) -> Status | None:
    return Status(phase=Phase.QUEUED, warnings=tuple(notes)) if notes else None
