"""After a start: every open row goes on where it stood. And what has had its time is let go."""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping

from bot.dispatcher import Dispatcher
from bot.errors import SpoolError, StoreError, Undeliverable
from bot.gather import files_of
from bot.records import Record
from bot.requests import AlchemyRequest
from bot.results import Phase
from bot.sending import Sender
from bot.spool import Spool
from bot.store import Store
from bot.tracker import Tracker

log = logging.getLogger(__name__)
SPREAD = 0.02  # seconds between the first looks after a start
ASK_AGAIN_MAX = 30.0
DAY = 86_400.0
SWEEP_EVERY = 3_600.0


class Resume:
    """Hands the open requests of an earlier run to the dispatcher and the tracker."""

    def __init__(
        self,
        store: Store,
        tracker: Tracker,
        dispatchers: Mapping[str, Dispatcher],
        senders: Mapping[str, Sender],
    ) -> None:
        self._store = store
        self._tracker = tracker
        self._dispatchers = dispatchers
        self._senders = senders

    async def run(self) -> None:
        """Once, at start. Rows without an answer wait until Discord can say whether it took one."""
        open_records = await self._store.unfinished()
        if open_records:
            log.info("%d requests go on where they stood", len(open_records))
        for index, record in enumerate(r for r in open_records if r.acked):
            self._go_on(record, index * SPREAD)
        for record in open_records:
            if not record.acked:
                await self._settle_unanswered(record)

    def _go_on(self, record: Record, delay: float) -> None:
        dispatcher = self._dispatchers.get(record.backend)
        if dispatcher is None:
            log.error("#%d belongs to backend %s, which is not set up", record.id, record.backend)
        elif record.outcome_at is not None or record.remote_id is not None:
            self._tracker.watch(record, delay=delay)
        else:
            dispatcher.add(record)

    async def _settle_unanswered(self, record: Record) -> None:
        delay = 0.5
        sender = self._senders.get(record.backend)
        while sender is not None:
            try:
                known = await sender.was_acked(record)
            except Undeliverable:
                delay = min(delay * 2, ASK_AGAIN_MAX)
                await asyncio.sleep(delay)
                continue
            if known is not None:
                self._go_on(known, 0.0)
            return


async def keep_house(store: Store, spool: Spool, *, keep_days: int) -> None:
    """For ever: old requests and the bytes that nobody needs are dropped, once an hour."""
    while True:
        try:
            dropped = await store.forget_before(time.time() - keep_days * DAY)
            removed = await spool.sweep(_needed(await store.unfinished()))
            if dropped or removed:
                log.info("forgot %d old requests and %d files", len(dropped), removed)
        except (StoreError, SpoolError) as error:
            log.warning("the hourly clean-up failed: %s", error)
        await asyncio.sleep(SWEEP_EVERY)


def _needed(records: Iterable[Record]) -> set[str]:
    """Files of requests that are not over, and of results that nobody has seen."""
    needed: set[str] = set()
    for record in records:
        needed.update(files_of(record.status))
        if isinstance(record.request, AlchemyRequest) and record.phase in _WITH_SOURCE:
            needed.add(record.request.source.file)
    return needed - {""}


_WITH_SOURCE = frozenset({Phase.QUEUED, Phase.SENDING, Phase.WAITING, Phase.PROCESSING})
