"""How fast a backend may be asked: sliding windows over what we sent, and its own 429s.

The Horde counts in fixed windows that begin at the first call (docs/horde-api.md#rate-limits). A
sliding window of the same size can never overrun a fixed one, wherever that one begins, as long as
calls arrive as far apart as they left. They do not quite: so each window gets a margin, as wide as
the times to an answer were seen to differ.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

MARGIN = 0.02  # seconds added to each window at least: two machines' clocks do not run alike
MARGIN_MAX = 0.25  # ... and at most: 100 submits still leave within 66.4 s
TRIPS = 20  # answers that are remembered
REFUSED_MAX = 300.0  # seconds; no window of a limiter is longer, and one odd header is no reason
FEW = 4  # answers that say little about how much they differ


@dataclass(slots=True)
class RateLimiter:
    """Calls of one kind from our address. Times are a monotonic clock's seconds."""

    windows: Sequence[tuple[int, float]]
    _sent: deque[float] = field(default_factory=deque[float])
    _trips: deque[float] = field(default_factory=lambda: deque[float](maxlen=TRIPS))
    _not_before: float = 0.0

    @property
    def margin(self) -> float:
        """How much later or earlier than its neighbour a call may arrive, in seconds."""
        if not self._trips:
            return MARGIN
        known = len(self._trips) >= FEW
        spread = max(self._trips) - (min(self._trips) if known else 0.0)
        return min(MARGIN_MAX, max(MARGIN, spread))

    def ready_at(self) -> float:
        """The moment from which the next call may leave; long past means at once."""
        return self._after(self._sent, self.margin)

    def forecast(self, count: int, now: float) -> list[float]:
        """When the next so many calls will leave if nothing else holds them up."""
        sent, margin, times = deque(self._sent), self.margin, list[float]()
        for _ in range(count):
            times.append(max(now, self._after(sent, margin)))
            sent.append(times[-1])
        return times

    def pace(self, span: float, now: float) -> float:
        """Calls a second in the last `span` seconds, or since the first call when that is less."""
        sent = [at for at in self._sent if at > now - span]
        return len(sent) / max(now - sent[0], 1.0) if sent else 0.0

    def sent(self, now: float) -> None:
        """One call leaves."""
        self._sent.append(now)
        longest = max(count for count, _ in self.windows)
        while len(self._sent) > longest:
            self._sent.popleft()

    def answered(self, seconds: float) -> None:
        """A call was answered after so long."""
        self._trips.append(seconds)

    def refused(self, now: float, retry_after: float | None) -> None:
        """The limiter said 429: nothing leaves for as long as it asked (one second without)."""
        self._not_before = max(self._not_before, now + min(retry_after or 1.0, REFUSED_MAX))

    def learn(self, windows: Sequence[tuple[int, float]]) -> None:
        """The backend shows other limits than we knew."""
        self.windows = windows

    def _after(self, sent: deque[float], margin: float) -> float:
        moments = [self._not_before]
        for count, seconds in self.windows:
            if len(sent) >= count:
                moments.append(sent[-count] + seconds + margin)
        return max(moments)
