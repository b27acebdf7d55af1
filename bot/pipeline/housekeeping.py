"""The hourly clean-up: deletes old rows and files that no row needs."""

import asyncio
import logging
import time
from collections.abc import Iterable

from bot.domain.budgets import day_of
from bot.domain.records import Record
from bot.errors import SpoolError, StoreError
from bot.storage import Store
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)
DAY = 86_400.0
SWEEP_EVERY, SWEEP_PAUSE = 3_600.0, 15.0  # seconds between clean-ups: usually, and at least


async def run_housekeeping(store: Store, files: ResultFiles, *, keep_days: int) -> None:
    """Clean up once an hour, and when there is no room for a result. Runs until cancelled."""
    while True:
        try:
            dropped = await store.history.forget_before(time.time() - keep_days * DAY)
            await store.spending.forget_old(day_of(time.time()))
            await store.person_data.scrub_if_due(day_of(time.time()))
            # Files of held and saved results are deleted last.
            last = _needed(await store.requests.held()) | await _saved(store)
            removed = await files.sweep(_needed(await store.requests.unfinished()), last)
            if dropped or removed:
                log.info("forgot %d old requests and %d files", len(dropped), removed)
        except (StoreError, SpoolError) as error:
            log.warning("the hourly clean-up failed: %s", error)
        await asyncio.sleep(SWEEP_PAUSE)
        try:
            async with asyncio.timeout(SWEEP_EVERY - SWEEP_PAUSE):
                await files.crowded.wait()
        except TimeoutError:
            continue
        log.warning("the room for results is used up: the oldest are deleted")


async def _saved(store: Store) -> set[str]:
    """Files of saved results, page by page: thousands of rows at once would block the loop."""
    saved, after = set[str](), 0
    while page := await store.history.favourites(after):
        saved |= _needed(page)
        after = page[-1].id
    return saved


def _needed(records: Iterable[Record]) -> set[str]:
    """Files of the results and of their source pictures."""
    needed: set[str] = set()
    for record in records:
        needed.update(record.files)
        needed.update(source.file for source in record.request.sources)
    return needed - {""}
