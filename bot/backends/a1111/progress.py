"""The progress of our job. A web UI tells that of the job that runs, also of another client."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

from bot.aio.clock import ticks
from bot.backends.a1111.client import WebuiClient
from bot.backends.a1111.responses import JobState, WebuiProgress
from bot.backends.inline_results import inline_picture
from bot.domain.results import Phase, Preview, Status
from bot.errors import BackendError

log = logging.getLogger(__name__)
EVERY = 1.0  # seconds between questions to one web UI
MISSING_AFTER = 5  # failures in a row; after that a web UI counts as one without progress
PREVIEW_MAX = 4 * 1024 * 1024  # characters of base64
KINDS = frozenset({"txt2img", "img2img"})  # parts of the names of jobs


class ProgressFeed:
    """Asks one web UI for its progress, at most once a second for all calls together."""

    def __init__(self, client: WebuiClient, *, previews: bool) -> None:
        self._client = client
        self._previews = previews
        self._asking = asyncio.Lock()
        self._asked_at = float("-inf")
        self._newest: WebuiProgress | None = None

    async def newest(self, *, fresh: bool = False) -> WebuiProgress | None:
        """The newest progress; None when the web UI does not tell it. `fresh`: asked for now."""
        async with self._asking:
            if fresh or ticks() - self._asked_at >= EVERY:
                self._asked_at = ticks()
                self._newest = await self._ask()
            return self._newest

    async def _ask(self) -> WebuiProgress | None:
        try:
            return await self._client.progress(preview=self._previews)
        except BackendError as error:
            log.debug("the progress of %s is unknown: %s", self._client.title, error)
            return None


class JobWatch:
    """Finds our job among those of others. `kind`: part of its name, txt2img or img2img.

    Jobs have no id there. Ours began after the one that ran before our call, has its kind, and is
    the first such job; its time of start tells it from the next one.
    """

    def __init__(self, feed: ProgressFeed, kind: str) -> None:
        self._feed = feed
        self._kind = kind
        self._before = ""  # time of start of the job that ran before our call
        self._ours = ""

    async def look_before(self) -> None:
        """Remember the job that runs before our call."""
        found = await self._feed.newest(fresh=True)
        self._before = found.state.job_timestamp if found is not None and found.state.job else ""

    @asynccontextmanager
    async def following(self, count: int, show: Callable[[Status], None]) -> AsyncGenerator[None]:
        """Report the progress while the call is open. `count`: its results."""
        task = asyncio.create_task(self._follow(count, show), name=f"progress-{self._kind}")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _follow(self, count: int, show: Callable[[Status], None]) -> None:
        failures = 0
        while failures < MISSING_AFTER:
            await asyncio.sleep(EVERY)
            found = await self._feed.newest()
            failures = failures + 1 if found is None else 0
            if found is not None:
                show(self._status(found, count))

    async def runs_now(self) -> bool:
        """Whether our job is the one that runs at this moment."""
        found = await self._feed.newest(fresh=True)
        return found is not None and self._is_ours(found.state)

    def _status(self, found: WebuiProgress, count: int) -> Status:
        if not self._is_ours(found.state):
            if self._ours or not found.state.job:  # it has ended: the answer is on its way
                return Status(phase=Phase.PROCESSING, processing=count)
            return Status(phase=Phase.WAITING, waiting=count)
        return Status(
            phase=Phase.PROCESSING,
            processing=count,
            share=found.progress,
            wait_time=max(0, round(found.eta_relative)),
            preview=_preview(found.current_image),
        )

    def _is_ours(self, state: JobState) -> bool:
        other = any(kind in state.job for kind in KINDS - {self._kind})
        if not state.job or other or state.job_timestamp == self._before != "":
            return False
        if not self._ours:
            self._ours = state.job_timestamp
        return state.job_timestamp == self._ours


def _preview(image: str) -> Preview | None:
    url = inline_picture(image) if image and len(image) <= PREVIEW_MAX else ""
    version = hashlib.sha256(url.encode()).hexdigest()[:8]
    return Preview(url=url, version=version) if url else None
