"""Whose turn it is. Pure: what waits, what each place and person has had, and who may go next.

Start-time fair queueing twice over: servers share the backend equally, the people of a server
share its part, each person's own requests go oldest first. A turn costs its number of pictures,
so ten requests for one picture and one for ten weigh the same.
"""

from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush
from typing import Generic, TypeVar

OVERTAKEN_MAX = 5  # then nothing passes it any more, however well it would fit
REMEMBERED = 10_000  # servers, and people of one server, whose share is known at once
K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class QueueEntry:
    """One request in the queue. `key` names the API key that pays: slots are counted by it."""

    record_id: int
    key: str
    guild: int  # the server, or minus the person's id in DMs: each is a place of its own
    user: int
    cost: int
    overtaken: int = 0
    not_before: float = 0.0  # backs off by itself after a failure of its own
    refusals: int = 0  # answers that its account has no room, with nothing of ours there
    charged: bool = False  # it was counted as had
    tried: int = 0  # it failed while everybody's does: others find out first whether they still do


@dataclass(slots=True)
class _Share(Generic[K]):
    """Virtual time by owner: who has had the least goes first; newcomers start at the floor."""

    had: dict[K, float] = field(default_factory=dict[K, float])
    floor: float = 0.0

    def of(self, owner: K) -> float:
        return max(self.had.get(owner, 0.0), self.floor)

    def charge(self, owner: K, cost: int) -> None:
        if cost > 0:
            self.floor = max(self.floor, self.of(owner))
        self.had[owner] = self.of(owner) + cost
        if len(self.had) > REMEMBERED:  # whoever is not above the floor has nothing to remember
            self.had = {o: at for o, at in self.had.items() if at > self.floor}


class FairScheduler:
    """The queue of one kind at one backend."""

    def __init__(self) -> None:
        self._waiting: dict[int, QueueEntry] = {}
        self._of_guild: Counter[int] = Counter()
        self._guilds: _Share[int] = _Share()
        self._users: dict[int, _Share[int]] = {}
        self._places: dict[int, int] | None = None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, turn: QueueEntry) -> None:
        """Join the queue; a request that is in it already keeps its place."""
        if turn.record_id not in self._waiting:
            self._waiting[turn.record_id] = turn
            self._of_guild[turn.guild] += 1
            self._places = None

    def remove(self, record_id: int) -> QueueEntry | None:
        """Leave the queue without having been served."""
        turn = self._waiting.pop(record_id, None)
        if turn is not None:
            self._left(turn)
        return turn

    def place(self, record_id: int) -> int:
        """The 1-based place in the order in which they would leave now; 0 when not in it.

        Who tried in vain keeps it, though others may try first: what a card says does not jump.
        """
        if record_id not in self._waiting:
            return 0
        if self._places is None:
            self._places = {turn.record_id: n for n, turn in enumerate(self._order(), start=1)}
        return self._places[record_id]

    def next(self, fits: Callable[[QueueEntry], bool], now: float) -> QueueEntry | None:
        """The turn that goes now, taken out and charged; None when nobody can.

        `fits`: its key has a free slot. Who does not fit is overtaken, but five times at most by
        requests of the same key: after that they wait behind it.
        """
        blocked: set[str] = set()
        passed: list[QueueEntry] = []
        for turn in sorted(self._waiting.values(), key=self._rank):
            if turn.not_before > now or turn.key in blocked:
                continue
            if not fits(turn):
                passed.append(turn)
                if turn.overtaken >= OVERTAKEN_MAX:
                    blocked.add(turn.key)
                continue
            for other in passed:
                other.overtaken += other.key == turn.key
            self._serve(turn)
            return turn
        return None

    def next_of(self, ids: Iterable[int], now: float) -> QueueEntry | None:
        """The same among those alone, whoever waits before them: they take nobody's place."""
        found = (self._waiting.get(number) for number in ids)
        ready = [turn for turn in found if turn is not None and turn.not_before <= now]
        turn = min(ready, key=self._rank, default=None)
        if turn is not None:
            self._serve(turn)
        return turn

    def give_back(self, turn: QueueEntry) -> None:
        """It could not be sent after all: it keeps its place and is not charged twice."""
        if turn.charged:
            self._charge(turn, -turn.cost)
        self._places = None
        self.add(turn)

    def anybody(self, now: float) -> bool:
        """Somebody waits for more than the end of a pause of its own."""
        return any(turn.not_before <= now for turn in self._waiting.values())

    def wake_at(self, now: float) -> float | None:
        """When the next one that backs off by itself comes back; None when none does."""
        return min(
            (t.not_before for t in self._waiting.values() if t.not_before > now), default=None
        )

    def begin_anew(self) -> None:
        """What everybody failed at is over: nobody is behind for having tried."""
        for turn in self._waiting.values():
            if turn.tried:
                turn.tried, turn.not_before = 0, 0.0

    def _rank(self, turn: QueueEntry) -> tuple[int, float, float, int]:
        users = self._users.get(turn.guild)
        return (
            turn.tried,
            self._guilds.of(turn.guild),
            users.of(turn.user) if users else 0.0,
            turn.record_id,
        )

    def _serve(self, turn: QueueEntry) -> None:
        del self._waiting[turn.record_id]
        self._charge(turn, turn.cost)
        self._left(turn)

    def _charge(self, turn: QueueEntry, cost: int) -> None:
        turn.charged = cost > 0
        self._guilds.charge(turn.guild, cost)
        self._users.setdefault(turn.guild, _Share()).charge(turn.user, cost)

    def _left(self, turn: QueueEntry) -> None:
        """Fairness is about who waits together: where nobody waits, the past is forgotten."""
        self._places = None
        self._of_guild[turn.guild] -= 1
        if not self._of_guild[turn.guild]:
            del self._of_guild[turn.guild]
            self._users.pop(turn.guild, None)
        if not self._waiting:
            self._guilds = _Share()

    def _order(self) -> Iterator[QueueEntry]:
        """As they would leave if every one of them fitted and none had tried: as `next` does."""
        lines: dict[int, _PersonQueue] = {}
        for turn in sorted(self._waiting.values(), key=lambda turn: turn.record_id):
            line = lines.get(turn.guild)
            if line is None:
                line = lines[turn.guild] = _PersonQueue(self._users.get(turn.guild, _Share()))
            line.join(turn)
        heap = [(self._guilds.of(guild), *line.head, guild) for guild, line in lines.items()]
        heapify(heap)
        while heap:
            had, _, _, guild = heappop(heap)
            turn = lines[guild].serve()
            yield turn
            if lines[guild]:
                heappush(heap, (had + turn.cost, *lines[guild].head, guild))


class _PersonQueue:
    """Those of one server, to be served in thought."""

    def __init__(self, users: _Share[int]) -> None:
        self._users = users
        self._of_user: dict[int, deque[QueueEntry]] = {}
        self._heap: list[tuple[float, int, int]] = []

    def __len__(self) -> int:
        return len(self._heap)

    def join(self, turn: QueueEntry) -> None:
        """Oldest first."""
        mine = self._of_user.setdefault(turn.user, deque())
        mine.append(turn)
        if len(mine) == 1:
            heappush(self._heap, (self._users.of(turn.user), turn.record_id, turn.user))

    @property
    def head(self) -> tuple[float, int]:
        """What its person has had, and which request that is."""
        return self._heap[0][:2]

    def serve(self) -> QueueEntry:
        """The next one."""
        had, _, user = heappop(self._heap)
        turn = self._of_user[user].popleft()
        if self._of_user[user]:
            entry = (had + turn.cost, self._of_user[user][0].record_id, user)
            heappush(self._heap, entry)
        return turn
