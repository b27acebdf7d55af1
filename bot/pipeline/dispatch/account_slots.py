"""Slots of each account at a backend: how many requests of one kind may wait there."""

from collections import Counter
from dataclasses import dataclass, replace

from bot.aio.clock import ticks
from bot.aio.rate_limiter import RateLimiter
from bot.backends.base import Backend
from bot.domain.records import Payer
from bot.domain.requests import Kind
from bot.pipeline.dispatch.fair_scheduler import QueueEntry
from bot.pipeline.dispatch.lost_submits import LostSubmits
from bot.pipeline.tracking.poller import Poller

# Seconds for which nothing is submitted for an account after TooManyPrompts, unless a slot becomes
# free earlier. Doubled each time: an account that is full for other reasons must not use up the
# submits of all accounts.
FULL_PAUSE, FULL_MAX = 3.0, 60.0
SHARED_BY_ALL = frozenset({Payer.ANONYMOUS, Payer.STYLE})  # accounts of which others take slots
FORGET_AFTER = 600.0  # seconds after the pause in which the account was not refused again


@dataclass(frozen=True, slots=True)
class _FullAccount:
    """An account that got TooManyPrompts `times` times in a row, with `taken` slots of ours."""

    until: float
    taken: int
    times: int


class AccountSlots:
    """Slots of one kind by account, counted in pictures, texts or forms."""

    def __init__(
        self, kind: Kind, backend: Backend, poller: Poller, lost_submits: LostSubmits
    ) -> None:
        self._kind = kind
        self._backend = backend.name
        self._limits = backend.limits[kind]
        self._limiters: dict[str, RateLimiter] = {}  # of the accounts, where keys have limits
        self._poller = poller
        self._lost_submits = lost_submits
        self._reserved: Counter[str] = Counter()  # taken by requests that are being submitted
        self._full: dict[str, _FullAccount] = {}

    def has_room(self, entry: QueueEntry) -> bool:
        """The account of that entry has a free slot now."""
        if entry.record_id in self._lost_submits:
            return True
        if self._lost_submits.blocks(entry.account, self._kind, entry.record_id):
            return False
        if (full := self._full.get(entry.account)) is not None and full.until > ticks():
            return False
        limiter = self._limiters.get(entry.account)
        if limiter is not None and limiter.ready_at() > ticks():
            return False
        # shared with all anonymous users: only TooManyPrompts tells
        if entry.account in SHARED_BY_ALL and not self._limits.running:
            return True
        taken = self._taken(entry.account) + self._reserved[entry.account]
        return taken + entry.cost <= self._limits.waiting or taken == 0

    def reserve(self, entry: QueueEntry, now: float) -> None:
        """Count its slots while it is being submitted, and the submit as one with its key."""
        self._reserved[entry.account] += entry.cost
        if self._limits.account_windows:
            self._limiters = {a: each for a, each in self._limiters.items() if not _idle(each, now)}
            usual = RateLimiter(self._limits.account_windows)
            self._limiters.setdefault(entry.account, usual).sent(now)

    def release(self, entry: QueueEntry) -> None:
        """The submit has ended. When it succeeded, the poller counts the slots from now on."""
        self._reserved[entry.account] -= entry.cost
        if not self._reserved[entry.account]:
            del self._reserved[entry.account]

    def refused(self, entry: QueueEntry) -> None:
        """TooManyPrompts: pause the account, or only the entry when no slot there is ours."""
        now, taken = ticks(), self._taken(entry.account)
        if taken or entry.account in SHARED_BY_ALL:
            self._pause(entry.account, now, taken)
            return
        entry.not_before = now + _pause_after(entry.refusals)
        entry.refusals += 1

    def accepted(self, entry: QueueEntry) -> None:
        """A submit succeeded, so the account has a free slot."""
        self._full.pop(entry.account, None)

    def slot_freed(self) -> None:
        """End the pause of each account of which a slot became free."""
        now = ticks()
        for account, full in self._full.items():
            if self._taken(account) < full.taken:
                self._full[account] = replace(full, until=min(full.until, now), taken=0)

    def next_at(self, now: float) -> float | None:
        """When the next account may submit again; None when no account waits for that."""
        pauses = [full.until for full in self._full.values()]
        pauses += [limiter.ready_at() for limiter in self._limiters.values()]
        return min((at for at in pauses if at > now), default=None)

    def _pause(self, account: str, now: float, taken: int) -> None:
        self._full = {k: full for k, full in self._full.items() if now - full.until < FORGET_AFTER}
        times = self._full[account].times if account in self._full else 0
        # Slots of the anonymous account become free all the time: rare attempts would get none.
        pause = FULL_PAUSE if account in SHARED_BY_ALL else _pause_after(times)
        self._full[account] = _FullAccount(now + pause, taken, times + 1)

    def _taken(self, account: str) -> int:
        return self._poller.occupied((self._backend, account, self._kind))


def _idle(limiter: RateLimiter, now: float) -> bool:
    """No call for so long that no window counts one."""
    return limiter.pace(max(seconds for _, seconds in limiter.windows) + 1.0, now) == 0.0


def _pause_after(times: int) -> float:
    return min(FULL_MAX, FULL_PAUSE * 2.0 ** min(times, 10))
