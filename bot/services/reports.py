"""What moderators may do about a request that is not theirs. Who is one, Discord has said."""

import logging
import time
from collections.abc import Callable

from bot.domain.people import Report
from bot.domain.records import Record
from bot.storage import Store

log = logging.getLogger(__name__)


class Reports:
    """Requests by their messages, and reports to those who run the bot."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def of_message(self, message_id: int) -> Record | None:
        """The request that this message shows; None when it is not ours, or forgotten."""
        return await self._store.requests.of_message(message_id)

    async def get(self, record_id: int) -> Record | None:
        """That request, if it is remembered."""
        return await self._store.requests.get(record_id)

    async def report(
        self, record_id: int, reporter_id: int, *, guild_id: int, channel_id: int, message_id: int
    ) -> bool:
        """Mark a request for those who run the bot. False when it is marked already."""
        report = Report(record_id, self._clock(), reporter_id, guild_id, channel_id, message_id)
        is_new = await self._store.reports.add(report)
        if is_new:
            log.warning("#%d was reported by a moderator: %s", record_id, report.link)
        return is_new
