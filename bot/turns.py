"""Whose turn it is. Pure: what waits, what each place and person has had, and who may go next.

Start-time fair queueing twice over: servers share the backend equally, the people of a server
share its part, each person's own requests go oldest first. A turn costs its number of pictures,
so ten requests for one picture and one for ten weigh the same.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

OVERTAKEN_MAX = 5  # then nothing passes it any more, however well it would fit
K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Turn:
    """One request in the queue. `key` names the API key that pays: slots are counted by it."""

    record_id: int
    key: str
    guild: int  # the server, or minus the person's id in DMs: each is a place of its own
    user: int
    cost: int
    overtaken: int = 0
    not_before: float = 0.0  # backs off by itself after a failure of its own


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
        if len(self.had) > 10_000:  # whoever is not above the floor has nothing to remember
            self.had = {o: at for o, at in self.had.items() if at > self.floor}


class Turns:
    """The queue of one kind at one backend."""

    def __init__(self) -> None:
        self._waiting: dict[int, Turn] = {}
        self._guilds: _Share[int] = _Share()
        self._users: dict[int, _Share[int]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, turn: Turn) -> None:
        """Join the queue; a request that is in it already keeps its place."""
        self._waiting.setdefault(turn.record_id, turn)

    def remove(self, record_id: int) -> Turn | None:
        """Leave the queue without having been served."""
        return self._waiting.pop(record_id, None)

    def place(self, record_id: int) -> int:
        """The 1-based place in the order in which they would leave now; 0 when not in it."""
        if record_id not in self._waiting:
            return 0
        order = sorted(self._waiting.values(), key=self._rank)
        return 1 + next(i for i, turn in enumerate(order) if turn.record_id == record_id)

    def next(self, fits: Callable[[Turn], bool], now: float) -> Turn | None:
        """The turn that goes now, taken out and charged; None when nobody can.

        `fits`: its key has a free slot. Who does not fit is overtaken, but five times at most by
        requests of the same key: after that they wait behind it.
        """
        blocked: set[str] = set()
        passed: list[Turn] = []
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

    def give_back(self, turn: Turn) -> None:
        """It could not be sent after all: it keeps its place and is not charged twice."""
        self._guilds.charge(turn.guild, -turn.cost)
        self._users.setdefault(turn.guild, _Share()).charge(turn.user, -turn.cost)
        self.add(turn)

    def wake_at(self) -> float | None:
        """When the next one that backs off by itself comes back."""
        return min((t.not_before for t in self._waiting.values() if t.not_before), default=None)

    def _rank(self, turn: Turn) -> tuple[float, float, int]:
        users = self._users.get(turn.guild)
        return (
            self._guilds.of(turn.guild),
            users.of(turn.user) if users else 0.0,
            turn.record_id,
        )

    def _serve(self, turn: Turn) -> None:
        del self._waiting[turn.record_id]
        self._guilds.charge(turn.guild, turn.cost)
        self._users.setdefault(turn.guild, _Share()).charge(turn.user, turn.cost)
        if not self._waiting:  # an empty queue forgets: fairness is about who waits together
            self._guilds, self._users = _Share(), {}
