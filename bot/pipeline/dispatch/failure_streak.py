"""Consecutive failures of submits: of one requester they concern that requester, of two the
backend.

The heartbeat may answer while no submit succeeds: a proxy that reaches no server, a database that
accepts no rows. Then single submits are tried, each time of another request, and no request is
rejected before ten failures of its own. Pure; times are seconds of a monotonic clock.
"""

from dataclasses import dataclass, field

PEOPLE = 2  # requesters whose submits failed, with no success in between
PAUSE_FIRST, PAUSE_MAX = 5.0, 60.0  # seconds between submits during a streak
RECENT = 300.0  # seconds; older failures do not begin a streak


@dataclass(slots=True)
class FailureStreak:
    """The newest failed submits of one kind."""

    _failed: dict[int, float] = field(default_factory=dict[int, float])
    _pause: float = 0.0

    def failed(self, user_id: int, now: float) -> float:
        """Count a failure. Returns the seconds without submits; 0 when it concerns one
        requester.
        """
        if not self._pause:
            recent = {who: at for who, at in self._failed.items() if now - at < RECENT}
            self._failed = {**recent, user_id: now}
            if len(self._failed) < PEOPLE:
                return 0.0
        self._pause = min(PAUSE_MAX, max(PAUSE_FIRST, self._pause * 2))
        return self._pause

    def over(self) -> None:
        """A submit was accepted, or rejected by the backend with a reason."""
        self._failed, self._pause = {}, 0.0
