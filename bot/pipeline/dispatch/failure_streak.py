"""Submits that fail one after the other: one person's is their own trouble, two people's is not.

The heartbeat may answer while nothing can be sent: a proxy that reaches no server, a database that
takes no rows. Then the only question that tells is a submit, so one goes now and then, each time
another one's, and nobody is refused before ten of their own. Pure; times are a monotonic clock's
seconds.
"""

from dataclasses import dataclass, field

PEOPLE = 2  # whose requests failed, with none that was taken in between
PAUSE_FIRST, PAUSE_MAX = 5.0, 60.0  # seconds between submits while it lasts
RECENT = 300.0  # seconds; what failed longer ago does not begin one


@dataclass(slots=True)
class FailureStreak:
    """The newest submits of one kind, as far as they failed."""

    _failed: dict[int, float] = field(default_factory=dict[int, float])
    _pause: float = 0.0

    def failed(self, user_id: int, now: float) -> float:
        """One more. Gives seconds in which nothing should leave; 0 when it is that person's own."""
        if not self._pause:
            recent = {who: at for who, at in self._failed.items() if now - at < RECENT}
            self._failed = {**recent, user_id: now}
            if len(self._failed) < PEOPLE:
                return 0.0
        self._pause = min(PAUSE_MAX, max(PAUSE_FIRST, self._pause * 2))
        return self._pause

    def over(self) -> None:
        """One was taken, or refused for a reason by the backend itself."""
        self._failed, self._pause = {}, 0.0
