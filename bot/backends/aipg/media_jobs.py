"""Media jobs: one paid call for each, and the question for its result when the answer is lost.

A call is never repeated. Its token was stored before, and names the job for the recovery.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

from bot.aio.clock import ticks
from bot.backends.aipg.client import AipgClient
from bot.backends.aipg.recovery import MediaJob, MediaRecovery
from bot.backends.aipg.responses import MediaAnswer, MediaOutput
from bot.backends.open_calls import OpenCall
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, BadReply

log = logging.getLogger(__name__)
PROGRESS_EVERY = 2.0  # seconds


class MediaJobs:
    """Runs the media jobs at one server."""

    def __init__(self, client: AipgClient) -> None:
        self._client = client
        self._recovery = MediaRecovery(client)

    async def run(
        self, call: OpenCall, job: MediaJob, send: Callable[[], Awaitable[MediaAnswer]]
    ) -> Status:
        """Make the call with `send`, once. Returns the outcome; raises BackendError when the
        server refused it, and when its result is still unknown after the recovery.
        """
        call.status = call.status.with_cost(job.price)  # it counts when the end stays unknown
        async with self._progress_of(call, job):
            try:
                answer = await send()
            except BackendError as error:
                if not _is_lost(error):
                    call.status = call.status.with_cost(0.0)
                    raise
                log.info("the answer of a media job was lost: %s", type(error).__name__)
                return await self._recovery.outcome(job)
            if any(item.url for item in answer.data):
                return job.outcome(_output(answer), job.price)
            return await self._recovery.outcome(job, answer.grid.job_id)

    async def recover(self, call: OpenCall, job: MediaJob) -> Status:
        """The outcome of a job of an earlier run. Raises BackendError while it is unknown."""
        call.status = call.status.with_cost(job.price)
        async with self._progress_of(call, job):
            return await self._recovery.outcome(job)

    @asynccontextmanager
    async def _progress_of(self, call: OpenCall, job: MediaJob) -> AsyncGenerator[None]:
        """Report the progress of a job meanwhile."""
        task = asyncio.create_task(self._follow(call, job), name="media-progress")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait([task])

    async def _follow(self, call: OpenCall, job: MediaJob) -> None:
        started = ticks()
        while True:
            await asyncio.sleep(PROGRESS_EVERY)
            try:
                found = await self._client.progress(job.token)
            except BackendError as error:
                log.debug("a progress is unknown: %s", error)
                continue
            left = max(0, round(job.seconds - (ticks() - started)))
            share = (found.progress or 0.0) / 100
            call.show(_running(left, share, job.price))


def _running(left: int, share: float, cost: float) -> Status:
    return Status(phase=Phase.PROCESSING, processing=1, wait_time=left, share=share, cost=cost)


def _is_lost(error: BackendError) -> bool:
    """Whether the call may have been carried out."""
    return isinstance(error, BadReply) or (isinstance(error, BackendDown) and error.in_doubt)


def _output(answer: MediaAnswer) -> MediaOutput:
    return MediaOutput(media=answer.data, worker=answer.grid.worker, model=answer.grid.model)
