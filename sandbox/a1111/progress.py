"""The progress of the running job, as GET /sdapi/v1/progress tells it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Preview = Callable[[float], bytes]  # the preview as PNG at a share of the steps


@dataclass(slots=True)
class Progress:
    """There is one for the whole server: `interrupt` and `skip` meet the job that runs.

    The flags are reset when a job begins, so they do nothing to a job that waits.
    """

    skipped: bool = False
    interrupted: bool = False
    job: str = ""
    job_count: int = 0
    job_no: int = 0
    job_timestamp: str = "0"
    sampling_steps: int = 0
    preview: Preview | None = None
    _begun_at: float = 0.0
    _iteration: tuple[float, float] | None = None  # when it began, and its duration
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self, job: str) -> None:
        """Reset all for a job. Its number of iterations is unknown at first (-1)."""
        self.skipped = self.interrupted = False
        self.job, self.job_count, self.job_no = job, -1, 0
        self.job_timestamp = time.strftime("%Y%m%d%H%M%S")
        self.preview, self._iteration = None, None
        self._begun_at = time.monotonic()
        self._stop.clear()

    def end(self) -> None:
        self.job, self.job_count, self.preview = "", 0, None

    def interrupt(self) -> None:
        self.interrupted = True
        self._stop.set()

    def skip(self) -> None:
        self.skipped = True
        self._stop.set()

    async def run_iteration(self, seconds: float | None, preview: Preview) -> float:
        """Wait for the end of an iteration. Returns the share of steps that were done.

        `seconds`: its duration; None: it lasts until it is interrupted or skipped.
        """
        if self.skipped and not self.interrupted:
            self.skipped = False
            self._stop.clear()
        duration = seconds if seconds is not None else 3600.0
        self._iteration, self.preview = (time.monotonic(), duration), preview
        try:
            await asyncio.wait_for(self._stop.wait(), seconds)
            share = self.share
        except TimeoutError:
            share = 1.0
        self._iteration = None
        self.job_no += 1
        return share

    @property
    def share(self) -> float:
        """The share of the steps of the running iteration, 0 to 1."""
        if self._iteration is None:
            return 0.0
        began, seconds = self._iteration
        return min(1.0, (time.monotonic() - began) / seconds) if seconds else 1.0

    @property
    def sampling_step(self) -> int:
        return int(self.share * self.sampling_steps)

    def state(self) -> dict[str, Any]:
        return {
            "skipped": self.skipped,
            "interrupted": self.interrupted,
            "stopping_generation": False,
            "job": self.job,
            "job_count": self.job_count,
            "job_timestamp": self.job_timestamp,
            "job_no": self.job_no,
            "sampling_step": self.sampling_step,
            "sampling_steps": self.sampling_steps,
        }

    def fraction(self) -> float:
        """The progress, 0 to 1. A running job has at least 0.01."""
        if self.job_count == 0:
            return 0.0
        if self.job_count < 0:
            return 0.01
        return min(1.0, 0.01 + (self.job_no + self.share) / self.job_count)

    def eta(self) -> float:
        """Seconds until the end, as the web UI guesses it from the progress."""
        fraction = self.fraction()
        if not fraction:
            return 0.0
        elapsed = time.monotonic() - self._begun_at
        return elapsed / fraction - elapsed
