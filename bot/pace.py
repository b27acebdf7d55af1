"""How fast a backend may be asked: sliding windows over what we sent, and its own 429s.

The Horde counts in fixed windows that begin at the first call (flask-limiter; HORDE 3.1). A
sliding window of the same size can never overrun a fixed one, wherever that one begins.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

MARGIN = 0.02  # seconds added to each window: two machines' clocks do not run alike


@dataclass(slots=True)
class Pace:
    """Submits of one kind from our address. Times are a monotonic clock's seconds."""

    windows: Sequence[tuple[int, float]]
    _sent: deque[float] = field(default_factory=deque[float])
    _not_before: float = 0.0

    def ready_at(self) -> float:
        """The moment from which the next submit may leave; long past means at once."""
        moments = [self._not_before]
        for count, seconds in self.windows:
            if len(self._sent) >= count:
                moments.append(self._sent[-count] + seconds + MARGIN)
        return max(moments)

    def sent(self, now: float) -> None:
        """One submit leaves."""
        self._sent.append(now)
        longest = max(count for count, _ in self.windows)
        while len(self._sent) > longest:
            self._sent.popleft()

    def refused(self, now: float, retry_after: float | None) -> None:
        """The limiter said 429: nothing leaves for as long as it asked (one second without)."""
        self._not_before = max(self._not_before, now + (retry_after or 1.0))

    def learn(self, windows: Sequence[tuple[int, float]]) -> None:
        """The backend shows other limits than we knew."""
        self.windows = windows
