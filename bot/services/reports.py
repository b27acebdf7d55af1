"""Reports of moderators to the operator."""

import logging
import time
from collections.abc import Callable

from bot.domain.people import Report
from bot.storage import Store

log = logging.getLogger(__name__)


class Reports:
    """Stores reports, one for each request."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store = store
        self._clock = clock

    async def report(
        self, record_id: int, reporter_id: int, *, guild_id: int, channel_id: int, message_id: int
    ) -> bool:
        """Report a request. False when it is reported already."""
        report = Report(record_id, self._clock(), reporter_id, guild_id, channel_id, message_id)
        is_new = await self._store.reports.add(report)
        if is_new:
            log.warning("#%d was reported by a moderator: %s", record_id, report.link)
        return is_new
