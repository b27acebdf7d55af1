"""The waiting places that each account has at a backend, and who fits into what is left of them."""

from collections import Counter
from dataclasses import dataclass, replace

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.pipeline.dispatch.fair_scheduler import QueueEntry
from bot.pipeline.dispatch.lost_submits import LostSubmits
from bot.pipeline.tracking.poller import Poller

ALCHEMY_PLACES = 10  # HORDE 3.2: alchemy allows ten times as many forms as pictures
# Seconds a key rests after TooManyPrompts, unless one of ours leaves earlier. Each time anew it is
# twice as long: somebody who fills an account elsewhere must not use up everybody's submits here.
FULL_PAUSE, FULL_MAX = 3.0, 60.0
FORGOTTEN = 600.0  # seconds after its rest, in which a key was not refused again


@dataclass(frozen=True, slots=True)
class _Full:
    """A key that got TooManyPrompts so many `times` in a row, while so many places were ours."""

    until: float
    taken: int
    times: int


class AccountSlots:
    """The places of one kind, by key; counted in pictures (or texts, or forms)."""

    def __init__(self, kind: Kind, backend: Backend, tracker: Poller, doubts: LostSubmits) -> None:
        self._kind = kind
        self._name = backend.name
        self._each = backend.limits.waiting * (ALCHEMY_PLACES if kind is Kind.ALCHEMY else 1)
        self._tracker = tracker
        self._doubts = doubts
        self._on_way: Counter[str] = Counter()  # taken by requests that are being sent
        self._full: dict[str, _Full] = {}

    def fits(self, turn: QueueEntry) -> bool:
        """It may be sent now, as far as its account is concerned."""
        if turn.record_id in self._doubts:
            return True
        if self._doubts.holds_up(turn.key, self._kind, turn.record_id):
            return False
        if (full := self._full.get(turn.key)) is not None and full.until > ticks():
            return False
        if turn.key == Payer.ANONYMOUS:  # shared with the world: only a 429 tells
            return True
        taken = self._taken(turn.key) + self._on_way[turn.key]
        return taken + turn.cost <= self._each or taken == 0

    def take(self, turn: QueueEntry) -> None:
        """It is being sent."""
        self._on_way[turn.key] += turn.cost

    def give_back(self, turn: QueueEntry) -> None:
        """What came of it is known; if it is there now, the tracker counts it."""
        self._on_way[turn.key] -= turn.cost
        if not self._on_way[turn.key]:
            del self._on_way[turn.key]

    def refused(self, turn: QueueEntry) -> None:
        """TooManyPrompts: the key rests, or the request alone where nothing else of ours is."""
        now, taken = ticks(), self._taken(turn.key)
        if taken or turn.key == Payer.ANONYMOUS:
            self._rest(turn.key, now, taken)
            return
        turn.not_before = now + _pause(turn.refusals)
        turn.refusals += 1

    def accepted(self, turn: QueueEntry) -> None:
        """Its account had room."""
        self._full.pop(turn.key, None)

    def freed(self) -> None:
        """Places became free: the keys whose they are need not rest any longer."""
        now = ticks()
        for key, full in self._full.items():
            if self._taken(key) < full.taken:
                self._full[key] = replace(full, until=min(full.until, now), taken=0)

    def _rest(self, key: str, now: float, taken: int) -> None:
        self._full = {k: full for k, full in self._full.items() if now - full.until < FORGOTTEN}
        times = self._full[key].times if key in self._full else 0
        # The world's places come and go all the time, and whoever knocks seldom gets none of them.
        pause = FULL_PAUSE if key == Payer.ANONYMOUS else _pause(times)
        self._full[key] = _Full(now + pause, taken, times + 1)

    def next_at(self, now: float) -> float | None:
        """When the next key has rested; None when none does."""
        return min((full.until for full in self._full.values() if full.until > now), default=None)

    def _taken(self, key: str) -> int:
        return self._tracker.occupied((self._name, key, self._kind))


def _pause(times: int) -> float:
    return min(FULL_MAX, FULL_PAUSE * 2.0 ** min(times, 10))
