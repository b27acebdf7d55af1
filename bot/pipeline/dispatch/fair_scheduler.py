"""Order of the queued requests of one kind. Pure.

Start-time fair queueing on two levels: servers share the backend equally, the members of a server
share its part, and the requests of one member are sent oldest first. A request costs its number of
results, so ten requests for one picture and one request for ten count the same.
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

OVERTAKEN_MAX = 5  # times; after that no request of the same account passes it
REMEMBERED = 10_000  # servers, and members of one server, whose share is kept in memory
K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class QueueEntry:
    """One request in the queue.

    `account`: the slot owner. `not_before`: end of the pause after a failure of its own.
    `refusals`: answers that the account is full although no slot there is ours.
    `failures`: submits that failed while those of others failed too; others are tried first.
    """

    record_id: int
    account: str
    guild: int  # the server; in DMs minus the user's id, as if each were a server
    user: int
    cost: int
    overtaken: int = 0
    not_before: float = 0.0
    refusals: int = 0
    charged: bool = False  # its cost was added to the shares
    failures: int = 0


@dataclass(slots=True)
class _Share(Generic[K]):
    """Cost used by each owner: the lowest is next, and new owners start at `floor`."""

    used: dict[K, float] = field(default_factory=dict[K, float])
    floor: float = 0.0

    def of(self, owner: K) -> float:
        return max(self.used.get(owner, 0.0), self.floor)

    def charge(self, owner: K, cost: int) -> None:
        if cost > 0:
            self.floor = max(self.floor, self.of(owner))
        self.used[owner] = self.of(owner) + cost
        if len(self.used) > REMEMBERED:  # owners at the floor need no entry
            self.used = {o: at for o, at in self.used.items() if at > self.floor}


class FairScheduler:
    """The queue of one kind at one backend."""

    def __init__(self) -> None:
        self._waiting: dict[int, QueueEntry] = {}
        self._of_guild: Counter[int] = Counter()
        self._guilds: _Share[int] = _Share()
        self._users: dict[int, _Share[int]] = {}
        self._positions: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[int]:
        """Ids of the requests, in no order."""
        return iter(self._waiting)

    def __contains__(self, record_id: int) -> bool:
        return record_id in self._waiting

    def add(self, entry: QueueEntry) -> bool:
        """Join the queue. False: the request is in it, and keeps its position."""
        if entry.record_id in self._waiting:
            return False
        self._waiting[entry.record_id] = entry
        self._of_guild[entry.guild] += 1
        self._positions = None
        return True

    def remove(self, record_id: int) -> QueueEntry | None:
        """Take an entry out of the queue without serving it."""
        entry = self._waiting.pop(record_id, None)
        if entry is not None:
            self._removed(entry)
        return entry

    def position(self, record_id: int) -> int:
        """1-based position in the order of submits as of now; 0 when it is not in the queue.

        Ignores failures, so that the position on a card does not jump.
        """
        if record_id not in self._waiting:
            return 0
        if self._positions is None:
            self._positions = {entry.record_id: n for n, entry in enumerate(self._order(), start=1)}
        return self._positions[record_id]

    def next(self, has_room: Callable[[QueueEntry], bool], now: float) -> QueueEntry | None:
        """Take out the next entry and charge its cost; None when no entry can be submitted.

        `has_room`: its account has a free slot. Entries without a slot are overtaken, but at most
        five times by entries of the same account, which then wait behind them.
        """
        blocked: set[str] = set()
        passed: list[QueueEntry] = []
        for entry in sorted(self._waiting.values(), key=self._rank):
            if entry.not_before > now or entry.account in blocked:
                continue
            if not has_room(entry):
                passed.append(entry)
                if entry.overtaken >= OVERTAKEN_MAX:
                    blocked.add(entry.account)
                continue
            for other in passed:
                other.overtaken += other.account == entry.account
            self._take(entry)
            return entry
        return None

    def next_of(self, ids: Iterable[int], now: float) -> QueueEntry | None:
        """The next entry among these ids alone. They take no slot, so others are not overtaken."""
        found = (self._waiting.get(number) for number in ids)
        ready = [entry for entry in found if entry is not None and entry.not_before <= now]
        entry = min(ready, key=self._rank, default=None)
        if entry is not None:
            self._take(entry)
        return entry

    def give_back(self, entry: QueueEntry) -> None:
        """Put an entry back that was not submitted: it keeps its position and is not charged."""
        if entry.charged:
            self._charge(entry, -entry.cost)
        self._positions = None
        self.add(entry)

    def any_ready(self, now: float) -> bool:
        """An entry waits for something other than the end of its own pause."""
        return any(entry.not_before <= now for entry in self._waiting.values())

    def next_retry_at(self, now: float) -> float | None:
        """When the next pause of an entry ends; None when no entry pauses."""
        return min(
            (t.not_before for t in self._waiting.values() if t.not_before > now), default=None
        )

    def reset_failures(self) -> None:
        """The backend accepts submits again: forget which entries failed meanwhile."""
        for entry in self._waiting.values():
            if entry.failures:
                entry.failures, entry.not_before = 0, 0.0

    def _rank(self, entry: QueueEntry) -> tuple[int, float, float, int]:
        users = self._users.get(entry.guild)
        return (
            entry.failures,
            self._guilds.of(entry.guild),
            users.of(entry.user) if users else 0.0,
            entry.record_id,
        )

    def _take(self, entry: QueueEntry) -> None:
        del self._waiting[entry.record_id]
        self._charge(entry, entry.cost)
        self._removed(entry)

    def _charge(self, entry: QueueEntry, cost: int) -> None:
        entry.charged = cost > 0
        self._guilds.charge(entry.guild, cost)
        self._users.setdefault(entry.guild, _Share()).charge(entry.user, cost)

    def _removed(self, entry: QueueEntry) -> None:
        """Shares count among owners that wait at the same time, so those of others are dropped."""
        self._positions = None
        self._of_guild[entry.guild] -= 1
        if not self._of_guild[entry.guild]:
            del self._of_guild[entry.guild]
            self._users.pop(entry.guild, None)
        if not self._waiting:
            self._guilds = _Share()

    def _order(self) -> Iterator[QueueEntry]:
        """The order in which `next` would take them if all had a slot and none had failed."""
        queues: dict[int, _GuildQueue] = {}
        for entry in sorted(self._waiting.values(), key=lambda entry: entry.record_id):
            queue = queues.get(entry.guild)
            if queue is None:
                queue = queues[entry.guild] = _GuildQueue(self._users.get(entry.guild, _Share()))
            queue.add(entry)
        heap = [(self._guilds.of(guild), *queue.head, guild) for guild, queue in queues.items()]
        heapify(heap)
        while heap:
            used, _, _, guild = heappop(heap)
            entry = queues[guild].pop()
            yield entry
            if queues[guild]:
                heappush(heap, (used + entry.cost, *queues[guild].head, guild))


class _GuildQueue:
    """Entries of one server in the order in which they will be taken."""

    def __init__(self, users: _Share[int]) -> None:
        self._users = users
        self._of_user: dict[int, deque[QueueEntry]] = {}
        self._heap: list[tuple[float, int, int]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, entry: QueueEntry) -> None:
        """Entries come in oldest first."""
        mine = self._of_user.setdefault(entry.user, deque())
        mine.append(entry)
        if len(mine) == 1:
            heappush(self._heap, (self._users.of(entry.user), entry.record_id, entry.user))

    @property
    def head(self) -> tuple[float, int]:
        """Cost used by its member, and the request."""
        return self._heap[0][:2]

    def pop(self) -> QueueEntry:
        """Take out the next entry."""
        used, _, user = heappop(self._heap)
        entry = self._of_user[user].popleft()
        if self._of_user[user]:
            next_id = self._of_user[user][0].record_id
            heappush(self._heap, (used + entry.cost, next_id, user))
        return entry
