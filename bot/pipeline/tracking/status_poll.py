"""One poll of a request, cheap or full, and its interpretation."""

from bot.aio.clock import ticks
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.chat.post_processing import clean_answer
from bot.domain.capabilities import PriceUnit
from bot.domain.generations import TextGeneration
from bot.domain.kudos.kudos_rules import charged
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, Kind, TextRequest
from bot.domain.results import Phase, Status
from bot.pipeline.tracking.poll_timing import SECOND_POLL
from bot.pipeline.tracking.state import TrackedRequest
from bot.text_output.speakers import without_invented_turns

# The Horde allows 10 full polls a minute (docs/horde-api.md#rate-limits): two are kept for the end.
FULL_POLLS, FULL_WINDOW = 8, 60.0
FULL_POLLS_NEAR_END = 5  # of these; the picture comes one round trip earlier
STORED_EVERY = 100  # characters of a text that grows, after which it is stored again
NO_NEWS = 60.0  # seconds without progress after the lifetime of a request: it is gone


async def poll_status(tracked: TrackedRequest, backend: Backend) -> Status:
    """The newest status; by a full poll when there is a result that was not seen yet."""
    record, notified = tracked.record, tracked.notified
    assert record.remote_id is not None
    tracked.notified = False
    count, images = record.request.count, record.kind is Kind.IMAGE
    # After a webhook a check may be a second old, and near the end it is one call too many.
    full = images and (
        (notified and _may_poll_fully(tracked))
        or (tracked.near_end and _may_poll_fully(tracked, FULL_POLLS_NEAR_END))
    )
    status = await backend.status(record.remote_id, record.kind, n=count, full=full)
    have = len(record.status.generations) if record.status else 0
    more = images and count > 1 and not full and status.phase.is_open and status.finished > have
    if more and _may_poll_fully(tracked):
        status = await backend.status(record.remote_id, record.kind, n=count, full=True)
    return carry_over(record, status)


def _may_poll_fully(tracked: TrackedRequest, most: int = FULL_POLLS) -> bool:
    now = ticks()
    tracked.full_polls = [at for at in tracked.full_polls if at > now - FULL_WINDOW]
    if len(tracked.full_polls) >= most:
        return False
    tracked.full_polls.append(now)
    return True


def until_turn(tracked: TrackedRequest, outage_monitor: OutageMonitor) -> float:
    """Seconds until it may be polled, 0 or less for now. After an outage polls are spread out."""
    if tracked.turn_at is None:
        tracked.turn_at = outage_monitor.next_poll_at()
    left = tracked.turn_at - ticks()
    if left <= 0:
        tracked.turn_at = None
    return left


def remember_open(tracked: TrackedRequest, status: Status, limit: float) -> Status:
    """Remember the status of a request that is still open. Returns it with its delays.

    `limit`: seconds that a worker may hold a job.
    """
    now = ticks()
    if tracked.seen is None or _progress(status) != _progress(tracked.seen):
        tracked.progress_at = now
    late = status.processing > 0 and now - tracked.progress_at > limit
    status = status.with_delays(few_workers=tracked.capacity.after(status), late=late)
    tracked.seen, tracked.suspect_at = status, None
    if status.processing == 0:
        tracked.idle_at = now
    tracked.failures = 0
    return status


def worked(tracked: TrackedRequest, age: float) -> float:
    """Seconds since a worker started, at most. `age`: since the submit."""
    return age if tracked.idle_at is None else min(age, ticks() - tracked.idle_at)


def is_confirmed(tracked: TrackedRequest) -> bool:
    """A second poll 3 s later agrees on the end: docs/horde-api.md#end-of-a-request."""
    now = ticks()
    if tracked.suspect_at is None:
        tracked.suspect_at = now
    return now - tracked.suspect_at >= SECOND_POLL - 0.1


def is_overdue(tracked: TrackedRequest, backend: Backend, age: float, limit: float) -> bool:
    """No progress for longer than the backend keeps a request, or a worker may hold a job.

    `age`: seconds since the submit; `limit`: seconds that a worker may hold a job.
    """
    quiet = min(age, ticks() - tracked.progress_at)
    running = tracked.seen is not None and tracked.seen.processing > 0
    most = max(backend.request_lifetime, limit) if running else backend.request_lifetime
    return quiet > most + NO_NEWS


def _progress(status: Status) -> tuple[int, ...]:
    """Counts that change while a worker is at work; each change renews the lifetime."""
    return (status.finished, status.processing, status.restarted)


def carry_over(record: Record, new: Status) -> Status:
    """`new` with the facts that only the request, an earlier poll or the receipt contained."""
    old, request = record.status, record.request
    if isinstance(request, AlchemyRequest):
        named = (
            form.model_copy(update={"form": request.with_type(form.form)}) for form in new.forms
        )
        new = new.with_generations(named)
    elif isinstance(request, TextRequest):
        new = new.with_generations(_cleaned(text, request) for text in new.texts)
    if old is None:
        return new
    kept = new.with_warnings(new.warnings or old.warnings).with_cut(new.cut or old.cut)
    kept = kept.with_worker_warnings(new.worker_warnings or old.worker_warnings)
    kept = kept.with_price(new.price or old.price)
    if not kept.generations:
        kept = kept.with_generations(old.generations)
    return kept.with_cost(charged(kept)) if record.unit is PriceUnit.KUDOS else kept


def _cleaned(text: TextGeneration, request: TextRequest) -> TextGeneration:
    """The text without turns that the model invented for another side of the prompt."""
    if request.chat is not None:
        answer = clean_answer(text.text, request.chat, partial=text.unfinished)
    else:
        answer = without_invented_turns(text.text, request.prompt, partial=text.unfinished)
    return text.model_copy(update={"text": answer})


def as_outcome(seen: Status | None, phase: Phase, detail: str) -> Status:
    """The last seen status as an outcome."""
    return (seen or Status(phase=phase)).with_outcome(phase, detail)


def stored_part(status: Status | None) -> tuple[Phase, int, int, int] | None:
    """What a restart has to know of a status; any change of it is stored.

    Of a text that grows every line, since its call may end with the process.
    """
    if status is None:
        return None
    grown = sum(len(text.text) for text in status.texts if text.unfinished) // STORED_EVERY
    return (status.phase, status.arrived, len(status.generations), grown)
