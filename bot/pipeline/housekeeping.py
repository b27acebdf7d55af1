"""The hourly clean-up: forgets old rows and deletes files that no row names."""

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


async def run_housekeeping(store: Store, spool: ResultFiles, *, keep_days: int) -> None:
    """For ever: old requests and the bytes that nobody needs are dropped.

    Once an hour, and when a result finds no room.
    """
    while True:
        try:
            dropped = await store.history.forget_before(time.time() - keep_days * DAY)
            await store.spending.forget_old(day_of(time.time()))
            # Who is held a result may never come back, so it goes as what is saved does: last.
            last = _needed(await store.requests.held()) | await _saved(store)
            removed = await spool.sweep(_needed(await store.requests.unfinished()), last)
            if dropped or removed:
                log.info("forgot %d old requests and %d files", len(dropped), removed)
        except (StoreError, SpoolError) as error:
            log.warning("the hourly clean-up failed: %s", error)
        await asyncio.sleep(SWEEP_PAUSE)
        try:
            async with asyncio.timeout(SWEEP_EVERY - SWEEP_PAUSE):
                await spool.crowded.wait()
        except TimeoutError:
            continue
        log.warning("the room for results is used up: the oldest go")


async def _saved(store: Store) -> set[str]:
    """Files of what people keep. Page by page: thousands of rows at once would stop everything."""
    files, after = set[str](), 0
    while page := await store.history.favourites(after):
        files |= _needed(page)
        after = page[-1].id
    return files


def _needed(records: Iterable[Record]) -> set[str]:
    """Files of results and of the pictures they started from."""
    needed: set[str] = set()
    for record in records:
        needed.update(record.files)
        needed.update(source.file for source in record.request.sources)
    return needed - {""}
