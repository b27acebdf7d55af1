"""Results of an open request that arrive: downloaded, and stored for a restart."""

import asyncio

from bot.backends.base import Backend
from bot.domain.results import Status
from bot.pipeline.tracking.result_download import Downloaded, download_budget, download_results
from bot.pipeline.tracking.state import TrackedRequest
from bot.pipeline.tracking.status_poll import stored_part
from bot.storage import Store
from bot.storage.files import ResultFiles


class Arrivals:
    """Takes in what arrives.

    `limit`: held by the caller during a step, and given back while results are downloaded: file
    servers that are slow on purpose must not hold up the polls of others.
    """

    def __init__(self, store: Store, files: ResultFiles, limit: asyncio.Semaphore) -> None:
        self._store = store
        self._files = files
        self._limit = limit
        self._memory = download_budget()

    async def download(
        self, tracked: TrackedRequest, status: Status, backend: Backend, *, tries: int = 0
    ) -> Downloaded:
        self._limit.release()
        try:
            return await download_results(
                tracked.record, status, backend, self._files, self._memory, tries=tries
            )
        finally:
            await self._limit.acquire()

    async def store(self, tracked: TrackedRequest, status: Status) -> None:
        """Store changes that a restart needs: the phase, or another result."""
        if stored_part(tracked.record.status) != stored_part(status):
            changed = await self._store.requests.change(
                tracked.record.id,
                unsettled=True,
                phase=status.phase,
                status=status.without_preview(),
                attempts=0,
            )
            tracked.record = changed or tracked.record
