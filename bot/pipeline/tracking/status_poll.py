"""Looking at one request: the cheap look, the full one and how often, and what to believe."""

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.pipeline.tracking.poll_timing import SECOND_LOOK
from bot.pipeline.tracking.state import TrackedRequest

FULL_LOOKS, FULL_WINDOW = 8, 60.0  # the Horde allows 10 a minute (HORDE 3.1): two are for the end
NEAR_LOOKS = 5  # of these, while it may end at any moment: the picture comes a round trip sooner
STALE = 60.0  # seconds past a backend's request lifetime without news: it is gone


async def poll_status(tracked: TrackedRequest, backend: Backend) -> Status:
    """The newest look; the full one when something is there that was not seen yet."""
    record, rung = tracked.record, tracked.rung
    assert record.remote_id is not None
    tracked.rung = False
    count, images = record.request.count, record.kind is Kind.IMAGE
    # A check may be a second old when the bell rings, and near the end it is one call too many.
    full = images and (
        (rung and _may_look_fully(tracked))
        or (tracked.near and _may_look_fully(tracked, NEAR_LOOKS))
    )
    status = await backend.status(record.remote_id, record.kind, n=count, full=full)
    have = len(record.status.generations) if record.status else 0
    more = images and count > 1 and not full and status.phase.is_open and status.finished > have
    if more and _may_look_fully(tracked):
        status = await backend.status(record.remote_id, record.kind, n=count, full=True)
    return carry_over(record.status, status)


def _may_look_fully(tracked: TrackedRequest, most: int = FULL_LOOKS) -> bool:
    now = ticks()
    tracked.full_looks = [at for at in tracked.full_looks if at > now - FULL_WINDOW]
    if len(tracked.full_looks) >= most:
        return False
    tracked.full_looks.append(now)
    return True


def until_its_turn(tracked: TrackedRequest, weather: OutageMonitor) -> float:
    """Seconds, 0 or less for now. Right after an outage all go through the door one by one."""
    if tracked.turn_at is None:
        tracked.turn_at = weather.next_look()
    left = tracked.turn_at - ticks()
    if left <= 0:
        tracked.turn_at = None
    return left


def note(tracked: TrackedRequest, status: Status) -> None:
    """Remember an open look."""
    now = ticks()
    if tracked.seen is None or _progress(status) != _progress(tracked.seen):
        tracked.progress_at = now
    tracked.seen, tracked.suspect_at = status, None
    if status.processing == 0:
        tracked.idle_at = now
    tracked.failures = 0


def worked(tracked: TrackedRequest, age: float) -> float:
    """Seconds that a worker has had it, at the most. `age`: since it was sent."""
    return age if tracked.idle_at is None else min(age, ticks() - tracked.idle_at)


def believed(tracked: TrackedRequest) -> bool:
    """An end that looks over is one only when it still does 3 s later (HORDE 2.0)."""
    now = ticks()
    if tracked.suspect_at is None:
        tracked.suspect_at = now
    return now - tracked.suspect_at >= SECOND_LOOK - 0.1


def overdue(tracked: TrackedRequest, backend: Backend, age: float) -> bool:
    """No news for longer than the backend keeps anything. `age`: seconds since it was sent."""
    quiet = min(age, ticks() - tracked.progress_at)
    return quiet > backend.request_lifetime + STALE


def _progress(status: Status) -> tuple[int, ...]:
    """What moves while a worker has it; the Horde counts a request's lifetime from there."""
    return (status.finished, status.processing, status.restarted)


def carry_over(old: Status | None, new: Status) -> Status:
    """What an earlier look or the receipt knew and this one does not say."""
    if old is None:
        return new
    kept = new.with_warnings(new.warnings or old.warnings)
    return kept if kept.generations else kept.with_generations(old.generations)


def has_ended(seen: Status | None, phase: Phase, detail: str) -> Status:
    """What was last seen of it, as an outcome."""
    return (seen or Status(phase=phase)).with_outcome(phase, detail)
