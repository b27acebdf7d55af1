"""Submits whose answer was lost: the backend may have the request, or not.

An account's list of live requests settles it when exactly one request there is nobody's. For that
to prove anything, nothing else may be on its way with the same key and kind meanwhile, and two
that are lost at the same time cannot be told apart.
"""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.errors import RequestGone, RequestRejected
from bot.storage import Store

ACCOUNT_CACHE = 31.0  # HORDE 1.8: find_user is cached for 30 s, so an older answer proves nothing
ON_ITS_WAY = 0.5  # seconds between looks while others of the key have no answer yet
FOREIGN_MAX = 1_000  # ids that are nobody's for sure
ASKED_MAX = 20  # questions that got no answer; by then all who share the key wait for minutes
Purse = tuple[str, Kind]  # slot owner and kind: what an account lists together


@dataclass(frozen=True, slots=True)
class LookupResult:
    """`remote_id`: it is there. `again_in`: nobody knows before so many seconds. Else it is not."""

    remote_id: str = ""
    again_in: float = 0.0


NOT_THERE = LookupResult()


@dataclass(slots=True)
class _LostSubmit:
    since: float
    unsure: bool = False  # it cannot be told from another one
    named: str = ""  # by a ring of the doorbell
    unanswered: int = 0  # questions


class LostSubmits:
    """What is in doubt at one backend, by key and kind."""

    def __init__(self, backend: Backend, store: Store) -> None:
        self._backend = backend
        self._store = store
        self._open: dict[Purse, dict[int, _LostSubmit]] = {}
        self._on_way: Counter[Purse] = Counter()
        self._foreign: dict[str, None] = {}

    def __len__(self) -> int:
        return sum(len(doubts) for doubts in self._open.values())

    def __iter__(self) -> Iterator[int]:
        """The ids of those requests."""
        return (number for doubts in self._open.values() for number in doubts)

    def begin(self, record: Record) -> None:
        """Its answer was lost, now or before a restart."""
        doubts = self._open.setdefault(_purse(record), {})
        doubts.setdefault(record.id, _LostSubmit(ticks()))
        if len(doubts) > 1:
            for doubt in doubts.values():
                doubt.unsure = True

    def end(self, record_id: int) -> None:
        """It is settled, or never was in doubt."""
        for purse, doubts in list(self._open.items()):
            if doubts.pop(record_id, None) is not None and not doubts:
                del self._open[purse]

    def __contains__(self, record_id: int) -> bool:
        return any(record_id in doubts for doubts in self._open.values())

    def holds_up(self, owner: str, kind: Kind, record_id: int) -> bool:
        """Somebody else's doubt about that key is still open: nothing new leaves with it."""
        doubts = self._open.get((owner, kind), {})
        return bool(doubts) and record_id not in doubts

    @contextmanager
    def on_way(self, record: Record) -> Generator[None]:
        """While its submit is under way, until what came of it is written down."""
        purse = _purse(record)
        self._on_way[purse] += 1
        try:
            yield
        finally:
            self._on_way[purse] -= 1
            if not self._on_way[purse]:
                del self._on_way[purse]

    def name(self, record_id: int, remote_id: str) -> bool:
        """The doorbell rang for it and said the backend's id. False: it is not in doubt."""
        for doubts in self._open.values():
            if record_id in doubts:
                doubts[record_id].named = remote_id
                return True
        return False

    def is_hopeless(self, record: Record) -> bool:
        """One more question got no answer though the backend is up. True: there will be none."""
        doubt = self._open[_purse(record)][record.id]
        doubt.unanswered += 1
        return doubt.unanswered >= ASKED_MAX

    async def look(self, record: Record, key: str) -> LookupResult:
        """Is it there? Raises BackendError when the backend cannot be asked now."""
        purse = _purse(record)
        doubt = self._open[purse][record.id]
        if doubt.named and await self._is_it(doubt.named, record):
            return LookupResult(doubt.named)
        if not _listed(record):
            return NOT_THERE
        if self._on_way[purse]:
            return LookupResult(again_in=ON_ITS_WAY)
        unknown = await self._unknown(record.kind, key)
        if len(unknown) == 1 and not doubt.unsure:
            only = next(iter(unknown))
            if await self._is_it(only, record):
                return LookupResult(only)
        self._forget_about(unknown)
        left = doubt.since + ACCOUNT_CACHE - ticks()
        return LookupResult(again_in=left) if left > 0 else NOT_THERE

    def _forget_about(self, unknown: set[str]) -> None:
        """Whose those are will never be known."""
        self._foreign |= dict.fromkeys(unknown)
        while len(self._foreign) > FOREIGN_MAX:
            del self._foreign[next(iter(self._foreign))]

    async def _unknown(self, kind: Kind, key: str) -> set[str]:
        """Live requests of that account that are not ours, and did not turn up before."""
        try:
            account = await self._backend.account(key)
        except RequestRejected:  # a key that was taken back: nothing can be learnt from it
            return set()
        active = account.active.get(kind, frozenset())
        return (
            set(active) - await self._store.requests.known_remote_ids(active) - self._foreign.keys()
        )

    async def _is_it(self, remote_id: str, record: Record) -> bool:
        """It asks for as many results as ours, and is nobody else's."""
        if await self._store.requests.known_remote_ids([remote_id]):
            return False
        count = record.request.count
        try:
            seen = await self._backend.status(remote_id, record.kind, n=count)
        except RequestGone:
            return False
        if not seen.phase.is_open:
            return len(seen.generations) <= count
        return seen.waiting + seen.processing + seen.finished == count


def _purse(record: Record) -> Purse:
    return record.slot_owner, record.kind


def _listed(record: Record) -> bool:
    """An account lists it; anonymous requests and alchemy are listed nowhere (HORDE 1.8)."""
    return record.payer is not Payer.ANONYMOUS and record.kind is not Kind.ALCHEMY
