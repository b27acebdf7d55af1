"""Submits whose answer was lost: the backend may have the request, or not.

A newer backend tells the content of the requests that the account lists: the lost one is the only
one whose content fits. An older one tells only how many results they have: if the account lists
exactly one unknown request, it is the lost one. For that to be certain, no other submit of the same
account and kind may be under way meanwhile, and two that are lost at the same time cannot be told
apart. A shared key lists nothing on a newer backend, and only a webhook can name its request.
"""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.errors import FeatureMissing, RequestGone, RequestRejected
from bot.storage import Store

# Seconds. find_user is cached for 30 s, so an older answer proves nothing:
# docs/horde-api.md#accounts.
ACCOUNT_CACHE = 31.0
# Seconds. With a shared key the first result must call the webhook; most images take less.
WEBHOOK_WAIT = 60.0
SUBMIT_UNDER_WAY = 0.5  # seconds between lookups while another submit of the account has no answer
FOREIGN_MAX = 1_000  # remembered ids that belong to none of our requests
LOOKUPS_MAX = 20  # lookups without an answer; by then all requests of the account wait for minutes
AccountKind = tuple[str, Kind]  # slot owner and kind: an account lists them together


@dataclass(frozen=True, slots=True)
class LookupResult:
    """`remote_id`: found. `again_in`: unknown for that many seconds. Neither: not there.

    `may_exist`: the backend may have it all the same, since it cannot be asked.
    """

    remote_id: str = ""
    again_in: float = 0.0
    may_exist: bool = False


NOT_FOUND = LookupResult()
NOT_KNOWN = LookupResult(may_exist=True)


@dataclass(slots=True)
class _LostSubmit:
    since: float
    ambiguous: bool = False  # by the number of results: another submit is lost, too
    others: set[str] = field(default_factory=set[str])  # ids whose content does not fit
    several: bool = False  # more than one fits
    unlisted: bool = False  # submitted with a shared key: only a webhook can name it
    remote_id: str = ""  # named by a webhook, not verified
    unanswered: int = 0  # lookups


class LostSubmits:
    """The lost submits of one backend, by account and kind."""

    def __init__(self, backend: Backend, store: Store) -> None:
        self._backend = backend
        self._store = store
        self._lost: dict[AccountKind, dict[int, _LostSubmit]] = {}
        self._under_way: Counter[AccountKind] = Counter()
        self._foreign: dict[str, None] = {}

    def __len__(self) -> int:
        return sum(len(lost) for lost in self._lost.values())

    def __iter__(self) -> Iterator[int]:
        """Ids of the requests."""
        return (record_id for lost in self._lost.values() for record_id in lost)

    def __contains__(self, record_id: int) -> bool:
        return any(record_id in lost for lost in self._lost.values())

    def begin(self, record: Record) -> None:
        """The answer to its submit was lost, now or before a restart."""
        lost = self._lost.setdefault(_account_kind(record), {})
        lost.setdefault(record.id, _LostSubmit(ticks()))
        if len(lost) > 1:
            for each in lost.values():
                each.ambiguous = True

    def end(self, record_id: int) -> None:
        """It is found or given up, or was never lost."""
        for account_kind, lost in list(self._lost.items()):
            if lost.pop(record_id, None) is not None and not lost:
                del self._lost[account_kind]

    def blocks(self, account: str, kind: Kind, record_id: int) -> bool:
        """Another submit of that account and kind is looked for: no new one may be sent."""
        lost = self._lost.get((account, kind), {})
        return record_id not in lost and any(not each.unlisted for each in lost.values())

    @contextmanager
    def submitting(self, record: Record) -> Generator[None]:
        """While its submit is under way, until its result is stored."""
        account_kind = _account_kind(record)
        self._under_way[account_kind] += 1
        try:
            yield
        finally:
            self._under_way[account_kind] -= 1
            if not self._under_way[account_kind]:
                del self._under_way[account_kind]

    def suggest(self, record_id: int, remote_id: str) -> bool:
        """A webhook names the backend's id of the request. False: its submit is not lost."""
        for lost in self._lost.values():
            if record_id in lost:
                lost[record_id].remote_id = remote_id
                return True
        return False

    def give_up(self, record: Record) -> bool:
        """Count a lookup without an answer though the backend is up. True: enough of them."""
        lost = self._lost[_account_kind(record)][record.id]
        lost.unanswered += 1
        return lost.unanswered >= LOOKUPS_MAX

    async def look_up(self, record: Record, key: str, webhook: str = "") -> LookupResult:
        """Look for the request at the backend. `webhook`: the address sent with it, "" for none.

        Raises BackendError when it cannot be asked now.
        """
        account_kind = _account_kind(record)
        lost = self._lost[account_kind][record.id]
        if lost.remote_id and await self._matches(lost.remote_id, record):
            return LookupResult(lost.remote_id)
        if not _is_listed(record):
            return NOT_KNOWN
        if self._under_way[account_kind]:
            return LookupResult(again_in=SUBMIT_UNDER_WAY)
        found = await self._find(record, key, webhook, lost)
        if found:
            return LookupResult(found)
        shared = self._backend.is_shared_key(key)
        lost.unlisted = shared and bool(webhook)
        left = lost.since + (WEBHOOK_WAIT if lost.unlisted else ACCOUNT_CACHE) - ticks()
        if left > 0:
            return LookupResult(again_in=left)
        return NOT_KNOWN if shared or lost.several else NOT_FOUND

    async def _find(self, record: Record, key: str, webhook: str, lost: _LostSubmit) -> str:
        """Id of the only listed request that fits, "" without one."""
        unknown = await self._unknown(record.kind, key) - lost.others
        fitting = list[str]()
        try:
            for remote_id in unknown:
                fits = await self._backend.has_content(
                    remote_id, record.request, key, webhook=webhook
                )
                if fits:
                    fitting.append(remote_id)
                else:
                    lost.others.add(remote_id)
        except FeatureMissing:
            return await self._find_by_count(record, unknown, lost)
        lost.several = len(fitting) > 1
        return fitting[0] if len(fitting) == 1 else ""

    async def _find_by_count(self, record: Record, unknown: set[str], lost: _LostSubmit) -> str:
        """The same at a backend that does not tell the content."""
        if len(unknown) == 1 and not lost.ambiguous:
            only = next(iter(unknown))
            if await self._matches(only, record):
                return only
        self._remember_foreign(unknown)
        return ""

    def _remember_foreign(self, remote_ids: set[str]) -> None:
        """These ids can never be assigned to a request, so they are left out from now on."""
        self._foreign |= dict.fromkeys(remote_ids)
        while len(self._foreign) > FOREIGN_MAX:
            del self._foreign[next(iter(self._foreign))]

    async def _unknown(self, kind: Kind, key: str) -> set[str]:
        """Live requests of that account that are not ours and were not foreign before."""
        try:
            account = await self._backend.account(key)
        except RequestRejected:  # the key was revoked: the account cannot be read
            return set()
        active = account.active.get(kind, frozenset())
        return (
            set(active) - await self._store.requests.known_remote_ids(active) - self._foreign.keys()
        )

    async def _matches(self, remote_id: str, record: Record) -> bool:
        """That request expects as many results as ours, and no other record has its id."""
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


def _account_kind(record: Record) -> AccountKind:
    return record.slot_owner, record.kind


def _is_listed(record: Record) -> bool:
    """The account lists it: not anonymous requests, not alchemy (docs/horde-api.md#accounts)."""
    return record.payer not in {Payer.ANONYMOUS, Payer.STYLE} and record.kind is not Kind.ALCHEMY
