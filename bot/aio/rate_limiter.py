"""Rate limiter for calls of a backend: sliding windows over sent calls, and the backend's 429s.

The Horde counts in fixed windows that begin at the first call (docs/horde-api.md#rate-limits). A
sliding window of the same size never exceeds a fixed one if calls arrive with the gaps with which
they were sent. They do not quite, so each window is longer by a margin: the observed difference of
response times.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

MARGIN = 0.02  # seconds added to each window at least: the clocks of two machines differ
MARGIN_MAX = 0.25  # seconds added at most: 100 submits still take 66.4 s
TRIPS = 20  # remembered response times
REFUSED_MAX = 300.0  # seconds at most for one header: no window of a limiter is longer
FEW = 4  # response times that are too few for a margin


@dataclass(slots=True)
class RateLimiter:
    """Limiter for calls of one kind. Times are seconds of a monotonic clock."""

    windows: Sequence[tuple[int, float]]
    _sent: deque[float] = field(default_factory=deque[float])
    _trips: deque[float] = field(default_factory=lambda: deque[float](maxlen=TRIPS))
    _not_before: float = 0.0

    @property
    def margin(self) -> float:
        """How much earlier or later than the previous call a call may arrive, in seconds."""
        if not self._trips:
            return MARGIN
        known = len(self._trips) >= FEW
        spread = max(self._trips) - (min(self._trips) if known else 0.0)
        return min(MARGIN_MAX, max(MARGIN, spread))

    def ready_at(self) -> float:
        """When the next call may be sent; a time in the past means now."""
        return self._after(self._sent, self.margin)

    def forecast(self, count: int, now: float) -> list[float]:
        """When the next calls will be sent if nothing else delays them."""
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
        """Record that a call was sent."""
        self._sent.append(now)
        longest = max(count for count, _ in self.windows)
        while len(self._sent) > longest:
            self._sent.popleft()

    def answered(self, seconds: float) -> None:
        """Record the response time of a call, in seconds."""
        self._trips.append(seconds)

    def refused(self, now: float, retry_after: float | None) -> None:
        """Record a 429: no call for as long as it asks, one second by default."""
        self._not_before = max(self._not_before, now + min(retry_after or 1.0, REFUSED_MAX))

    def learn(self, windows: Sequence[tuple[int, float]]) -> None:
        """Replace the limits by those that the backend reports."""
        self.windows = windows

    def _after(self, sent: deque[float], margin: float) -> float:
        moments = [self._not_before]
        for count, seconds in self.windows:
            if len(sent) >= count:
                moments.append(sent[-count] + seconds + margin)
        return max(moments)
