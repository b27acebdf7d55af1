"""One step of one open request: look, keep what arrived, show it, end it."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from bot.backends.base import Backend
from bot.errors import BackendError, RequestGone, SpoolError, Transient
from bot.gather import gather
from bot.outcomes import Outcomes, Tracked
from bot.records import Record
from bot.requests import Kind
from bot.results import Phase, Status
from bot.spool import Spool
from bot.store import Store
from bot.timing import CACHE, QUEUE_EDIT, SECOND_LOOK, poll_delay, worth_showing
from bot.weather import Weather

log = logging.getLogger(__name__)
FULL_LOOKS, FULL_WINDOW = 8, 60.0  # the Horde allows 10 full looks a minute (HORDE 3.1) ...
FULL_KEPT = 2  # ... and the end needs one
TRIES = 3  # downloads of an outcome, or cancels; then it ends without
OUTAGE_LOOK = 1.0
EASE_EVERY, EASE_FOR = 1 / 6, 10.5  # after an outage: at most 6 looks a second at first
STALE = 60.0  # seconds past a backend's request lifetime without news: it is gone
EXPIRED = "Nobody picked it up in time, so the Horde let it go. Press Again to send it anew."
SENT_AGAIN = "The Horde had lost it, so it was sent a second time."
STOPPED_LATE = "A worker had already begun, so what it made is still charged."
NO_ANSWER = "The Horde cannot be used right now. Your request keeps its place."


class Steps:
    """Knows how to take one step. `resend` takes a request back into the queue."""

    def __init__(
        self,
        *,
        store: Store,
        spool: Spool,
        outcomes: Outcomes,
        backends: Mapping[str, tuple[Backend, Weather]],
        resend: Callable[[Record], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._spool = spool
        self._outcomes = outcomes
        self._backends = backends
        self._resend = resend
        self._clock = clock
        self._ease_at = 0.0

    async def take(self, tracked: Tracked) -> float | None:
        """One step. Gives the seconds until the next one, None when nothing is left to do."""
        record = tracked.record
        if record.outcome_at is not None:
            assert record.status is not None
            return await self._outcomes.show(tracked, record.status)
        backend, weather = self._backends[record.backend]
        if not weather.fine and record.cancel_at is None:
            return await self._wait_out(tracked)
        await self._ease(weather)
        try:
            return await self._drive(tracked, backend)
        except Transient as error:
            if await weather.is_outage(error):
                return OUTAGE_LOOK
            return self._back_off(tracked, error)
        except (BackendError, SpoolError) as error:
            return self._back_off(tracked, error)

    async def _drive(self, tracked: Tracked, backend: Backend) -> float | None:
        try:
            if tracked.record.cancel_at is not None:
                return await self._cancel(tracked, backend)
            status = await self._look(tracked, backend)
        except RequestGone:
            return await self._gone(tracked)
        tracked.failures = 0
        if status.phase.is_open:
            return await self._open(tracked, status, backend)
        if not status.settled and not self._believed(tracked):
            return SECOND_LOOK
        return await self._conclude(tracked, status, backend)

    async def _look(self, tracked: Tracked, backend: Backend) -> Status:
        record = tracked.record
        assert record.remote_id is not None
        count = record.request.count
        status = await backend.status(record.remote_id, record.kind, n=count)
        before = record.status.arrived if record.status else 0
        more = status.phase.is_open and count > 1 and status.finished > before
        if more and self._may_look_fully(tracked):
            status = await backend.status(record.remote_id, record.kind, n=count, full=True)
        return _carry_over(record.status, status)

    def _may_look_fully(self, tracked: Tracked) -> bool:
        now = self._clock()
        recent = [at for at in tracked.full_looks if at > now - FULL_WINDOW]
        if len(recent) >= FULL_LOOKS - FULL_KEPT:
            return False
        tracked.full_looks = [*recent, now]
        return True

    async def _open(self, tracked: Tracked, status: Status, backend: Backend) -> float | None:
        now = self._clock()
        since_look, tracked.looked_at = now - (tracked.looked_at or now), now
        tracked.suspect_at = None
        if _progress(status) != _progress(tracked.seen):
            tracked.progress_at = now
        tracked.seen = status
        if self._overdue(tracked, backend, now):
            return await self._gone(tracked)
        if status.generations:
            status = await gather(tracked.record, status, backend, self._spool)
        await self._remember(tracked, status)
        if worth_showing(tracked.shown, status, now - tracked.shown_at, since_look):
            await self._outcomes.show_open(tracked, status)
        age = now - (tracked.record.sent_at or now)
        return poll_delay(status, tracked.record.kind, age)

    def _believed(self, tracked: Tracked) -> bool:
        """An end that looks over is one only when it still does 3 s later (HORDE 2.0)."""
        now = self._clock()
        if tracked.suspect_at is None:
            tracked.suspect_at = now
        return now - tracked.suspect_at >= SECOND_LOOK - 0.1

    def _overdue(self, tracked: Tracked, backend: Backend, now: float) -> bool:
        newest = max(tracked.progress_at, tracked.record.sent_at or now)
        return now - newest > backend.request_lifetime + STALE

    async def _remember(self, tracked: Tracked, status: Status) -> None:
        """Write it down when a restart should know it: the phase, or another picture."""
        old = tracked.record.status
        if old is None or old.phase is not status.phase or old.arrived != status.arrived:
            changed = await self._store.change(
                tracked.record.id, phase=status.phase, status=status, attempts=0
            )
            tracked.record = changed or tracked.record

    async def _conclude(self, tracked: Tracked, status: Status, backend: Backend) -> float | None:
        tracked.gathers += 1
        last = tracked.gathers >= TRIES
        outcome = await gather(tracked.record, status, backend, self._spool, last_try=last)
        return await self._end(tracked, outcome)

    async def _end(self, tracked: Tracked, outcome: Status) -> float | None:
        settled = await self._outcomes.settle(tracked.record, outcome)
        if settled is None:
            return None
        tracked.record = settled
        return await self._outcomes.show(tracked, outcome)

    async def _cancel(self, tracked: Tracked, backend: Backend) -> float | None:
        record = tracked.record
        assert record.remote_id is not None
        try:
            last = await backend.cancel(record.remote_id, record.kind, n=record.request.count)
        except Transient as error:
            tracked.failures += 1
            if tracked.failures < TRIES:
                return CACHE
            log.info("#%d could not be cancelled at the backend: %s", record.id, error)
            last = Status(phase=Phase.CANCELLED)
        running = last.processing > 0 and record.kind is not Kind.ALCHEMY
        update = {"phase": Phase.CANCELLED, "detail": STOPPED_LATE if running else ""}
        cancelled = _carry_over(record.status, last).model_copy(update=update)
        return await self._conclude(tracked, cancelled, backend)

    async def _gone(self, tracked: Tracked) -> float | None:
        """The backend forgot it: sent anew once if nobody ever picked it up, else expired."""
        record, seen = tracked.record, tracked.record.status
        untouched = seen is None or (seen.phase is Phase.WAITING and not seen.generations)
        if record.cancel_at is None and untouched and record.resends == 0:
            return await self._send_again(record)
        phase = Phase.PARTIAL if seen and seen.arrived else Phase.EXPIRED
        update: dict[str, object] = {"phase": phase, "detail": EXPIRED, "settled": True}
        if record.cancel_at is not None:
            update |= {"phase": Phase.CANCELLED, "detail": ""}
        return await self._end(tracked, (seen or Status(phase=phase)).model_copy(update=update))

    async def _send_again(self, record: Record) -> None:
        again = Status(phase=Phase.QUEUED, warnings=(SENT_AGAIN,))
        back = await self._store.change(
            record.id, phase=Phase.QUEUED, remote_id=None, resends=1, status=again
        )
        if back is not None:
            self._resend(back)

    async def _wait_out(self, tracked: Tracked) -> float:
        """During an outage nothing is asked; the card says so."""
        if self._clock() - tracked.shown_at > QUEUE_EDIT:
            base = tracked.seen or tracked.record.status or Status(phase=tracked.record.phase)
            said = base.model_copy(update={"detail": NO_ANSWER})
            if tracked.shown is None or tracked.shown.detail != NO_ANSWER:
                await self._outcomes.show_open(tracked, said)
        return OUTAGE_LOOK

    async def _ease(self, weather: Weather) -> None:
        """Right after an outage everybody is due at once: go through the door one by one."""
        now = time.monotonic()
        if now - weather.ended_at > EASE_FOR:
            return
        self._ease_at = max(self._ease_at + EASE_EVERY, now)
        await asyncio.sleep(self._ease_at - now)

    def _back_off(self, tracked: Tracked, error: BackendError | SpoolError) -> float:
        tracked.failures += 1
        log.info("#%d: %s", tracked.record.id, error)
        asked = error.retry_after if isinstance(error, Transient) else None
        return max(CACHE, asked or min(30.0, 2.0**tracked.failures / 2))


def _progress(status: Status | None) -> tuple[int, ...]:
    """What moves while a worker has it; the Horde counts a request's lifetime from there."""
    return (status.finished, status.processing, status.restarted) if status else ()


def _carry_over(old: Status | None, new: Status) -> Status:
    """What an earlier look or the receipt knew and this one does not say."""
    if old is None:
        return new
    kept: dict[str, object] = {"warnings": new.warnings or old.warnings}
    if not new.generations:
        kept["generations"] = old.generations
    return new.model_copy(update=kept)
