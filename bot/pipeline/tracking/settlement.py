"""Ends a request: its outcome is stored, then shown, and only then the row is closed."""

import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext

from bot.aio.clock import ticks
from bot.aio.rate_limiter import RateLimiter
from bot.aio.retry import until_stored
from bot.cards.links import parent_link
from bot.domain.records import Record
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from bot.i18n import _
from bot.pipeline.tracking.poll_timing import QUEUE_EDIT, ends_soon
from bot.pipeline.tracking.state import Presenter, TrackedRequest
from bot.storage import Store

log = logging.getLogger(__name__)
HOLD_TRIES = 3  # refused deliveries; after that the result is held for the requester
RETRY_MAX = 60.0  # seconds between deliveries while Discord cannot be reached
# Deliveries of one run, a day or more: Discord was not away for so long, so something in the card
# itself fails, and held requests do not count as open ones.
DELIVERIES_MAX = 1_440
OPEN_EDITS = ((20, 1.0),)  # limit of edits of all unfinished cards; outcomes are not counted
QUIET = 10.0  # seconds without such edits after one that Discord did not answer

# Times the showing of a status.
ShowTimer = Callable[[Record, Status], AbstractContextManager[None]]


class Settlement:
    """Shows the statuses of requests and settles their outcomes. Each step can be repeated.

    `on_closed`: called once for each request that has ended. `use_scene`: takes the outcome of a
    text about a conversation, instead of the presenter; repeated after a kill.
    """

    def __init__(
        self,
        store: Store,
        presenter: Presenter,
        *,
        timer: ShowTimer = lambda _record, _status: nullcontext(),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.on_shown: Callable[[Record, Status], None] = lambda _record, _outcome: None
        self.on_closed: Callable[[Record], None] = lambda _record: None
        self.use_scene: Callable[[Record, Status], Awaitable[None]] = _unused
        self._store = store
        self._presenter = presenter
        self._timer = timer
        self._clock = clock
        self._edits = RateLimiter(OPEN_EDITS)
        self._quiet_until = float("-inf")

    async def settle(self, record: Record, outcome: Status) -> Record | None:
        """Store an outcome; the first one counts. Returns the row with it, None when closed."""
        settled = await until_stored(
            lambda: self._store.requests.change(
                record.id, unsettled=True, status=outcome, outcome_at=self._clock()
            )
        )
        if settled is not None:
            return settled
        current = await until_stored(lambda: self._store.requests.get(record.id))
        return current if current is not None and current.phase.is_open else None

    async def show_open(self, tracked: TrackedRequest, status: Status) -> None:
        """Show an unfinished status, unless the limit of edits or an unreachable card forbids."""
        now = ticks()
        if tracked.unreachable or max(self._quiet_until, self._edits.ready_at()) > now:
            return
        self._edits.sent(now)
        tracked.shown_at = now
        try:
            await self._show(tracked, status)
        except Undeliverable as error:
            log.info("#%d cannot be shown: %s", tracked.record.id, error)
            tracked.unreachable, tracked.deleted = error.gone, error.deleted
            if not error.gone and not error.shut:
                self._quiet_until = ticks() + QUIET

    async def show_stalled(self, tracked: TrackedRequest, reason: str) -> None:
        """Show once why nothing moves."""
        told = tracked.shown is not None and tracked.shown.detail == reason
        due = not told and ticks() - tracked.shown_at > QUEUE_EDIT
        if due or self.must_announce_end(tracked):
            base = tracked.seen or tracked.record.status or Status(phase=tracked.record.phase)
            await self.show_open(tracked, base.stalled(reason))

    def must_announce_end(self, tracked: TrackedRequest) -> bool:
        """The card cannot be edited any more soon, and has not announced that yet."""
        return not tracked.end_announced and ends_soon(tracked.record, self._clock())

    async def show_outcome(self, tracked: TrackedRequest, outcome: Status) -> float | None:
        """Show the outcome and close the row. Returns seconds until another attempt, None when
        done.
        """
        try:
            await self._show(tracked, outcome)
        except Undeliverable as error:
            if error.gone:
                return await self._without_message(tracked.record, outcome)
            return await self._later(tracked, outcome, shut=error.shut)
        closed = await self._close(tracked.record, outcome, outcome.phase)
        if closed is not None:  # None: another one closed it, so this is called once
            if not closed.private:  # otherwise its card shows the reason
                await self._tell_reason(closed, outcome)
            self.on_shown(closed, outcome)
        return None

    async def hold(self, tracked: TrackedRequest, outcome: Status) -> None:
        """Close the row without showing: the requester gets the result with the next command."""
        if await self._close(tracked.record, outcome, Phase.HELD) is not None:
            await self._tell_reason(tracked.record, outcome)

    async def tell(self, record: Record, text: str) -> None:
        """Send the requester a private message, if there is a way."""
        try:
            await self._presenter.tell(record, text)
        except Exception:  # not worth a retry: the outcome itself is in the history
            log.exception("#%d: its requester could not be notified", record.id)

    async def _show(self, tracked: TrackedRequest, status: Status) -> None:
        if not tracked.record.is_shown:
            tracked.shown = status
            if not status.phase.is_open:
                await self.use_scene(tracked.record, status)
            return
        link = await self._parent_link(tracked.record)
        with self._timer(tracked.record, status):
            posted = await self._presenter.show(tracked.record, status, parent_link=link)
        tracked.shown = status
        tracked.end_announced |= ends_soon(tracked.record, self._clock())
        for message in posted:
            await until_stored(
                lambda ref=message: self._store.requests.move(tracked.record.id, ref)
            )
        if posted:
            moved = await until_stored(lambda: self._store.requests.get(tracked.record.id))
            tracked.record = moved or tracked.record

    async def _parent_link(self, record: Record) -> str:
        parent = (
            await self._store.requests.get(record.parent) if record.parent is not None else None
        )
        return parent_link(record, parent) if parent is not None else ""

    async def _without_message(self, record: Record, outcome: Status) -> None:
        log.info("#%d: its message was deleted; the result is in the history", record.id)
        if await self._close(record, outcome, outcome.phase) is None:
            return
        if await self._tell_reason(record, outcome):
            return
        if record.remote_id is not None:
            await self.tell(record, _lost_message_text(record, outcome))

    async def _tell_reason(self, record: Record, outcome: Status) -> bool:
        """Tell the requester a reason that no channel may read, such as one about an account.

        Once, after the row was closed. Whether there is such a reason.
        """
        if outcome.public or not outcome.detail:
            return False
        await self.tell(record, outcome.detail)
        return True

    async def _later(self, tracked: TrackedRequest, outcome: Status, *, shut: bool) -> float | None:
        """Try again while Discord cannot be reached; hold the result when it refuses all routes."""
        tracked.undelivered += 1
        tracked.refused += shut
        if tracked.refused >= HOLD_TRIES or tracked.undelivered >= DELIVERIES_MAX:
            return await self.hold(tracked, outcome)
        return min(RETRY_MAX, 2.0 ** min(tracked.undelivered, 10))

    async def _close(self, record: Record, outcome: Status, phase: Phase) -> Record | None:
        closed = await until_stored(
            lambda: self._store.requests.change(
                record.id, phase=phase, status=outcome, closed_at=self._clock()
            )
        )
        log.info("#%d %s", record.id, phase)
        if closed is not None:
            self.on_closed(closed)
        return closed


async def _unused(record: Record, outcome: Status) -> None:
    del record, outcome


def _lost_message_text(record: Record, outcome: Status) -> str:
    if outcome.arrived:
        text = _(
            "Request #{id} is ready, but its message was deleted or is in a locked thread. "
            "`/history` shows the result."
        )
    else:
        text = _(
            "Request #{id} has ended, but its message was deleted or is in a locked thread. "
            "`/history` shows the request."
        )
    return text.format(id=record.id)
