"""Blocking calls that the end of an earlier run interrupted.

Their token was stored before they started. The backend is asked for the result where it can tell;
a call that has no price is sent again; any other ends, since a second call may be charged, too.
"""

import logging
from collections.abc import Callable, Mapping

from bot.accounts.credentials import Credentials
from bot.aio.retry import until_stored
from bot.backends.base import Backend
from bot.backends.open_calls import LOST
from bot.domain.records import Record
from bot.domain.results import Phase
from bot.errors import RequestRejected, VaultError
from bot.i18n import N_, _
from bot.pipeline.dispatch.explicit_seed import with_seed
from bot.pipeline.tracking.endings import queue_again
from bot.pipeline.tracking.poller import Poller
from bot.pipeline.tracking.settlement import Settlement
from bot.pipeline.tracking.status_poll import as_outcome
from bot.storage import Store

log = logging.getLogger(__name__)
SENT_AGAIN = N_("The bot was restarted, so the request was sent again.")


class InterruptedCalls:
    """Continues the blocking calls of earlier runs."""

    def __init__(
        self,
        store: Store,
        backends: Mapping[str, Backend],
        credentials: Credentials,
        settlement: Settlement,
        poller: Poller,
        resend: Callable[[Record], None],
    ) -> None:
        self._store = store
        self._backends = backends
        self._credentials = credentials
        self._settlement = settlement
        self._poller = poller
        self._resend = resend

    async def resume(self, record: Record, delay: float) -> None:
        """Continue the call of a request. `delay`: seconds until its first poll."""
        backend = self._backends[record.backend]
        if await self._recovered(record, backend):
            self._poller.watch(record, delay=delay)
        elif backend.capabilities.resubmit == "free" and record.cancel_at is None:
            await self._send_again(record)
        else:
            await self._end(record, backend, delay)

    async def hand_over_key(self, record: Record) -> None:
        """Give the key to a queued backend that needs one for each poll."""
        backend = self._backends[record.backend]
        if backend.capabilities.keys == "required":
            await self._recovered(record, backend)

    async def _recovered(self, record: Record, backend: Backend) -> bool:
        assert record.remote_id is not None
        try:
            key = await self._credentials.key_of(record)
        except (RequestRejected, VaultError) as error:
            log.warning("#%d: its result cannot be asked for: %s", record.id, error)
            return False
        return backend.resume(record.remote_id, with_seed(record), key)

    async def _send_again(self, record: Record) -> None:
        log.info("#%d: its call was interrupted; it is sent again", record.id)
        again = await until_stored(lambda: queue_again(self._store, record, _(SENT_AGAIN)))
        if again is not None:
            self._resend(again)

    async def _end(self, record: Record, backend: Backend, delay: float) -> None:
        log.info("#%d: its call was interrupted; its result is lost", record.id)
        arrived = record.status is not None and record.status.arrived
        phase = Phase.PARTIAL if arrived else Phase.FAULTED
        if record.cancel_at is not None:
            phase = Phase.CANCELLED
        title = backend.capabilities.title
        outcome = as_outcome(record.status, phase, _(LOST).format(backend=title)).as_begun()
        settled = await self._settlement.settle(record, outcome)
        if settled is not None:
            self._poller.watch(settled, delay=delay)
