"""How a request ends: the outcome is written down, shown to its person, and only then closed."""

import logging
import time
from collections.abc import Callable

from bot.aio.clock import ticks
from bot.aio.database_retry import insist
from bot.aio.rate_limiter import RateLimiter
from bot.domain.records import MessageRef, Record
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from bot.pipeline.tracking.poll_timing import QUEUE_EDIT, falls_silent
from bot.pipeline.tracking.state import Presenter, TrackedRequest
from bot.storage import Store

log = logging.getLogger(__name__)
HOLD_TRIES = 3  # deliveries while every door refuses; then it waits for its person's next command
RETRY_MAX = 60.0  # seconds between deliveries while Discord cannot be reached
# So many in one run are a day or more: by then it is held, too. Discord was not away for that long;
# something in this one card makes every try fail, and its person may not have more than six open.
AWAY_TRIES = 1_440
OPEN_EDITS = ((20, 1.0),)  # edits of unfinished cards, all together; results are not counted
QUIET = 10.0  # seconds without such edits after one that Discord did not answer


class Settlement:
    """Shows what a request has come to. Every part may be repeated after a crash."""

    def __init__(
        self, store: Store, presenter: Presenter, *, clock: Callable[[], float] = time.time
    ) -> None:
        self.on_shown: Callable[[Record, Status], None] = lambda _record, _outcome: None
        self._store = store
        self._presenter = presenter
        self._clock = clock
        self._edits = RateLimiter(OPEN_EDITS)
        self._quiet_until = float("-inf")

    async def settle(self, record: Record, outcome: Status) -> Record | None:
        """Write an outcome down. The first one counts: gives the row with it, None when closed."""
        settled = await insist(
            lambda: self._store.requests.change(
                record.id, unsettled=True, status=outcome, outcome_at=self._clock()
            )
        )
        if settled is not None:
            return settled
        current = await insist(lambda: self._store.requests.get(record.id))
        return current if current is not None and current.phase.is_open else None

    async def show_open(self, tracked: TrackedRequest, status: Status) -> None:
        """Show an unfinished state, unless too many edits leave at once or nobody would see it."""
        now = ticks()
        if tracked.deaf or max(self._quiet_until, self._edits.ready_at()) > now:
            return
        self._edits.sent(now)
        tracked.shown_at = now
        try:
            moved = await self._presenter.show(tracked.record, status)
        except Undeliverable as error:
            log.info("#%d cannot be shown: %s", tracked.record.id, error)
            tracked.deaf, tracked.deleted = error.gone, error.deleted
            if not error.gone and not error.shut:
                self._quiet_until = ticks() + QUIET
            return
        tracked.shown = status
        tracked.warned = tracked.warned or falls_silent(tracked.record, self._clock())
        await self._moved(tracked, moved)

    async def say_why(self, tracked: TrackedRequest, detail: str) -> None:
        """Show once why nothing moves."""
        told = tracked.shown is not None and tracked.shown.detail == detail
        due = not told and ticks() - tracked.shown_at > QUEUE_EDIT
        if due or self.owes_last_word(tracked):
            base = tracked.seen or tracked.record.status or Status(phase=tracked.record.phase)
            await self.show_open(tracked, base.stalled(detail))

    def owes_last_word(self, tracked: TrackedRequest) -> bool:
        """Soon its card cannot be changed any more, and does not say so yet."""
        return not tracked.warned and falls_silent(tracked.record, self._clock())

    async def show(self, tracked: TrackedRequest, outcome: Status) -> float | None:
        """Show the outcome and close the row. Gives seconds until another try, None when done."""
        try:
            moved = await self._presenter.show(tracked.record, outcome)
        except Undeliverable as error:
            if error.gone:
                return await self._without_message(tracked.record, outcome)
            return await self._later(tracked, outcome, shut=error.shut)
        await self._moved(tracked, moved)
        closed = await self._close(tracked.record, outcome, outcome.phase)
        if closed is not None:  # whoever closes it says so: once, whatever crashes
            self.on_shown(closed, outcome)
        return None

    async def hold(self, tracked: TrackedRequest, outcome: Status) -> None:
        """Close it unseen: it is offered at its person's next command."""
        await self._close(tracked.record, outcome, Phase.HELD)

    async def _without_message(self, record: Record, outcome: Status) -> None:
        log.info("#%d: its message is gone; it is in the history", record.id)
        if record.remote_id is not None:
            await self.tell(record, _lost_words(record, outcome))
        await self._close(record, outcome, outcome.phase)

    async def tell(self, record: Record, text: str) -> None:
        """A private word to the requester, if there is a way."""
        try:
            await self._presenter.tell(record, text)
        except Exception:  # a word more or less: the outcome itself is in the history
            log.exception("#%d: its person could not be told", record.id)

    async def _later(self, tracked: TrackedRequest, outcome: Status, *, shut: bool) -> float | None:
        """An unreachable Discord is waited for; doors that all refuse are not."""
        tracked.undelivered += 1
        tracked.refused += shut
        if tracked.refused >= HOLD_TRIES or tracked.undelivered >= AWAY_TRIES:
            return await self.hold(tracked, outcome)
        return min(RETRY_MAX, 2.0 ** min(tracked.undelivered, 10))

    async def _close(self, record: Record, outcome: Status, phase: Phase) -> Record | None:
        closed = await insist(
            lambda: self._store.requests.change(
                record.id, phase=phase, status=outcome, closed_at=self._clock()
            )
        )
        log.info("#%d %s", record.id, phase)
        return closed

    async def _moved(self, tracked: TrackedRequest, message: MessageRef | None) -> None:
        if message is not None:
            await insist(lambda: self._store.requests.move(tracked.record.id, message))
            moved = await insist(lambda: self._store.requests.get(tracked.record.id))
            tracked.record = moved or tracked.record


def _lost_words(record: Record, outcome: Status) -> str:
    made = "is ready" if outcome.arrived else "has ended"
    why = "its message is gone or in a locked thread"
    return f"Request #{record.id} {made}, but {why}. You find it in /history."
