"""The load of a Horde over the last hours, from all answers about it."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.horde.server_info import Performance

GAP = 30.0  # seconds between samples but for the newest; the Horde counts its queues each minute
KEPT = 2_880  # samples: a day of them, about 0.5 MB


@dataclass(frozen=True, slots=True)
class LoadSample:
    """The load at `at`, in UTC seconds. The speeds are of the minute before."""

    at: float
    images_queued: int
    texts_queued: int
    megapixelsteps: float
    tokens: float


class LoadSamples:
    """The newest samples, in memory only."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._kept: deque[LoadSample] = deque(maxlen=KEPT)

    def add(self, load: Performance) -> None:
        """Keep this answer as the newest sample, in place of one that is hardly older."""
        kept = self._kept
        if len(kept) > 1 and kept[-1].at - kept[-2].at < GAP:
            kept.pop()
        sample = LoadSample(
            self._clock(),
            load.queued_requests,
            load.queued_text_requests,
            load.past_minute_megapixelsteps,
            load.past_minute_tokens,
        )
        kept.append(sample)

    def newest(self, seconds: float) -> tuple[LoadSample, ...]:
        """The samples of the last `seconds`, the oldest first."""
        since = self._clock() - seconds
        return tuple(sample for sample in self._kept if sample.at >= since)
