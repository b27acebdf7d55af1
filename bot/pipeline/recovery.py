"""Recovery after a start: every open row continues where it stopped."""

import logging
import time
from collections.abc import Callable, Mapping

from bot.aio.retry import doubling, one_of, retry, until_stored
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from bot.i18n import N_, _, in_language
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.pipeline.interrupted_calls import InterruptedCalls
from bot.pipeline.tracking.poller import Poller
from bot.pipeline.tracking.state import Presenter
from bot.pipeline.tracking.status_poll import as_outcome
from bot.storage import Store

log = logging.getLogger(__name__)
SPREAD = 0.02  # seconds between the first polls after a start
ASK_FIRST, ASK_MAX = 1.0, 30.0  # seconds between checks whether Discord has a first card
NO_BACKEND = N_("The backend of this request was removed. Press **Again** to use another one.")
NEVER_SENT = N_("The bot was stopped before it sent request #{id}. Use the command again.")


class Recovery:
    """Hands the open requests of earlier runs to the dispatchers and the poller."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        dispatchers: Mapping[str, Dispatcher],
        presenter: Presenter,
        interrupted_calls: InterruptedCalls,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._interrupted_calls = interrupted_calls
        self._poller = poller
        self._dispatchers = dispatchers
        self._presenter = presenter
        self._clock = clock

    async def run(self) -> None:
        """Run once, at start.

        Rows without a first card wait until Discord can say whether it accepted one.
        """
        found = await until_stored(self._store.requests.unfinished)
        records = [record for record in found if record.id < self._store.requests.first_id]
        if records:
            log.info("%d open requests continue", len(records))
        for index, record in enumerate(r for r in records if r.acked):
            with in_language(record.language):
                await self._continue(record, index * SPREAD)
        for record in records:
            if not record.acked:
                with in_language(record.language):
                    await self._settle_unanswered(record)

    async def _continue(self, record: Record, delay: float) -> None:
        dispatcher = self._dispatchers.get(record.backend)
        if record.outcome_at is not None:
            self._poller.watch(record, delay=delay)
        elif dispatcher is None:
            await self._without_backend(record, delay)
        elif record.remote_id is None:
            dispatcher.add(record)
        elif dispatcher.blocking:
            await self._interrupted_calls.resume(record, delay)
        else:
            await self._interrupted_calls.hand_over_key(record)
            self._poller.watch(record, delay=delay)

    async def _without_backend(self, record: Record, delay: float) -> None:
        """Its backend was removed from the settings: it ends with the results it has."""
        log.error("#%d belongs to backend %s, which is not configured", record.id, record.backend)
        arrived = record.status is not None and record.status.arrived
        phase = Phase.PARTIAL if arrived else Phase.EXPIRED
        outcome = as_outcome(record.status, phase, _(NO_BACKEND))
        settled = await until_stored(
            lambda: self._store.requests.change(
                record.id, unsettled=True, status=outcome, outcome_at=self._clock()
            )
        )
        if settled is not None:
            self._poller.watch(settled, delay=delay)

    async def _settle_unanswered(self, record: Record) -> None:
        if record.interaction_id < 0 and record.is_shown:
            return  # the picture of a scene: the request that wrote its prompt shows it
        known = await retry(
            lambda: self._was_acked(record),
            doubling(ASK_FIRST, ASK_MAX),
            when=one_of(Undeliverable),
        )
        if known is not None:
            await self._continue(known, 0.0)

    async def _was_acked(self, record: Record) -> Record | None:
        """The row if Discord accepted its first card; None when not, and the row is cancelled.

        Discord told the requester, unless that cannot be known any more; then the bot does.
        """
        message = record.messages[0]
        if record.is_shown:
            message = await self._presenter.card_exists(record)
        if message is not None:
            return await until_stored(
                lambda: self._store.requests.ack(record.id, message.message_id)
            )
        log.info("#%d has no first card: cancelled before its submit", record.id)
        cancelled = Status.cancelled()
        await until_stored(
            lambda: self._store.requests.change(
                record.id, phase=Phase.CANCELLED, status=cancelled, closed_at=self._clock()
            )
        )
        if record.messages[0].token_expires_at <= self._clock():
            await self._presenter.tell(record, _(NEVER_SENT).format(id=record.id))
        return None
