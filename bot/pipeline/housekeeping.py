"""The hourly clean-up: deletes old rows and files that no row needs."""

import asyncio
import logging
import time
from collections.abc import Iterable

from bot.aio.clock import ticks
from bot.domain.kudos.budgets import day_of
from bot.domain.records import Record
from bot.errors import SpoolError, StoreError
from bot.storage import Store
from bot.storage.files import ResultFiles

log = logging.getLogger(__name__)
DAY = 86_400.0
GAP = 30 * DAY  # seconds without a clean-up after which the clock is not trusted at once
CLEANED = "cleaned up"  # the note of the last clean-up, UTC seconds
SWEEP_EVERY, SWEEP_PAUSE = 3_600.0, 15.0  # seconds between clean-ups: usually, and at least


async def run_housekeeping(store: Store, files: ResultFiles, *, keep_days: int) -> None:
    """Clean up once an hour, and when a result does not fit into the quota. Runs until cancelled.

    After a long gap it begins a day later: the clock may be wrong, and deletion is final.
    """
    started = ticks()
    while True:
        try:
            early = ticks() - started < DAY and not files.crowded.is_set()
            if not (early and await _is_after_gap(store)):
                await _clean_up(store, files, keep_days)
        except (StoreError, SpoolError) as error:
            log.warning("the hourly clean-up failed: %s", error)
        await asyncio.sleep(SWEEP_PAUSE)
        try:
            async with asyncio.timeout(SWEEP_EVERY - SWEEP_PAUSE):
                await files.crowded.wait()
        except TimeoutError:
            continue
        log.warning("the quota for results is used up: the oldest are deleted")


async def _clean_up(store: Store, files: ResultFiles, keep_days: int) -> None:
    dropped = await store.history.forget_before(time.time() - keep_days * DAY)
    await store.spending.forget_old(day_of(time.time()))
    await store.gifts.forget_before(time.time() - keep_days * DAY)
    await store.parties.forget_before(time.time() - keep_days * DAY)
    await store.chat.conversations.forget_before(time.time() - keep_days * DAY)
    # Files of held and saved results are deleted last.
    last = _needed(await store.requests.held()) | await _saved(store)
    avatars = await store.chat.characters.avatars()
    removed = await files.sweep(_needed(await store.requests.unfinished()) | avatars, last)
    if dropped or removed:
        log.info("deleted %d old requests and %d files", len(dropped), removed)
    await store.notes.write(CLEANED, str(int(time.time())))


async def _is_after_gap(store: Store) -> bool:
    """Whether the last clean-up was, by the clock, so long ago that the clock may be wrong."""
    last = await store.notes.read(CLEANED)
    if last is None or time.time() - float(last) < GAP:
        return False
    log.warning(
        "the last clean-up was %.0f days ago by the clock: nothing is deleted in the first"
        " day of this run. Set the clock if it is wrong",
        (time.time() - float(last)) / DAY,
    )
    return True


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
