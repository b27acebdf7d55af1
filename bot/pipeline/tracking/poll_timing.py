"""When to poll a request and when to edit its card. Pure."""

from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.errors import BotError, Transient

# Seconds. The Horde caches a check for one second (docs/horde-api.md#polling): never poll an id
# faster.
CACHE = 1.05
# Seconds. Queue position and wait are unknown before (docs/horde-api.md#queue-position).
FIRST_POLL = 1.5
# Seconds between polls of a blocking call, whose status is in memory.
CALL_POLL = 0.25
STREAM_EDIT = 1.0  # seconds between edits of a card on which a text grows
PREVIEW_EDIT = 5.0  # seconds between edits for another preview
EARLY = 1.2  # an estimate is wrong by up to 30 % of the whole; few requests end before this share
LOOK_MAX = 3.0  # seconds; a result that may be ready waits no longer for the next poll
AHEAD = 0.5  # seconds more for each request before it in the Horde's queue
POLL_MAX = 10.0  # seconds between polls of a request that many others are before
SLOWER = 2.0  # a poll of an overdue request comes after its delay so far, divided by this
IMPOSSIBLE = 20.0  # ... of one that no worker can take: after its age, divided by this
# Seconds. Only two polls 3 s apart confirm an end (docs/horde-api.md#end-of-a-request).
SECOND_POLL = 3.1
QUEUE_EDIT = 15.0  # seconds between edits of the card of a waiting request
WORK_EDIT = 4.0  # ... and of a running one
ANNOUNCE_END = 60.0  # seconds before a card cannot be edited any more, in which it announces that
BAR_EDIT = 30.0  # seconds after which the progress bar alone is worth an edit
BAR_SHARE = 1 / 2  # ... or after this share of the time that was left: a short wait moves it, too
BACK_OFF_MAX = 60.0  # seconds; no limit on polls lasts longer (docs/horde-api.md#rate-limits)
ETA_SHIFT = 20.0  # seconds by which a shown end must be wrong to be worth an edit


def poll_delay(status: Status, kind: Kind, age: float, worked: float) -> float:
    """Seconds until the next poll. `age`: since the submit; `worked`: since a worker started.

    The error of the Horde's estimate does not shrink while it counts down, so it is a share of the
    whole time and not of the rest: the earliest likely end is that of the whole. After that, polls
    get slower with the delay, since a worker that is late may never return.
    """
    if not status.settled:
        return SECOND_POLL
    if kind is Kind.ALCHEMY:  # has neither queue position nor wait
        return _within(age / 8, LOOK_MAX)
    if status.processing == 0:
        return _until_start(status, age)
    left = (worked + status.wait_time) / EARLY - worked
    return _within(left if left > 0 else -left / SLOWER, LOOK_MAX)


def _until_start(status: Status, age: float) -> float:
    """Seconds until the next poll of a request that no worker has."""
    if not status.is_possible:
        return max(LOOK_MAX, min(age / IMPOSSIBLE, POLL_MAX))
    if status.wait_time <= 0:
        return FIRST_POLL if age <= FIRST_POLL else _within(age / 8, LOOK_MAX)
    ahead = max(0, status.queue_position - 1)
    return _within(status.wait_time / EARLY, min(LOOK_MAX + ahead * AHEAD, POLL_MAX))


def _within(delay: float, most: float) -> float:
    return min(max(CACHE, delay), most)


def retry_delay(failures: int, error: BotError) -> float:
    """Seconds until the next poll after that many failed ones, the last with this error."""
    retry_after = error.retry_after if isinstance(error, Transient) else None
    usual = min(30.0, 2.0 ** min(failures, 6) / 2)
    return max(CACHE, min(retry_after or usual, BACK_OFF_MAX))


def worth_showing(old: Status | None, new: Status, since_shown: float) -> bool:
    """The card would change. `old` was shown `since_shown` seconds ago."""
    if old is None or _has_new_content(old, new, since_shown):
        return True
    started = new.phase is not old.phase or (new.processing > 0) != (old.processing > 0)
    if (started or new.detail != old.detail) and since_shown >= WORK_EDIT / 2:
        return True
    if new.phase is Phase.PROCESSING and since_shown >= _bar_edit(new.wait_time, since_shown):
        return True
    limit = WORK_EDIT if new.phase is Phase.PROCESSING else QUEUE_EDIT
    if since_shown < limit:
        return False
    eta_moved = new.is_possible and abs((old.wait_time - since_shown) - new.wait_time) > ETA_SHIFT
    return eta_moved or _counts(new) != _counts(old)


def _bar_edit(left: float, since_shown: float) -> float:
    """Seconds after which the bar is worth an edit: a share of the time left at the last edit."""
    share = BAR_SHARE * (since_shown + left) if left > 0 else BAR_EDIT
    return min(BAR_EDIT, max(LOOK_MAX, share))


def _has_new_content(old: Status, new: Status, since_shown: float) -> bool:
    if any(text.unfinished for text in new.texts):
        return since_shown >= STREAM_EDIT and _grew(old, new)
    if new.arrived > old.arrived:
        return True
    return since_shown >= PREVIEW_EDIT and _version(old) != _version(new)


def _grew(old: Status, new: Status) -> bool:
    """A text that is being written has more words."""
    return [each.text for each in new.texts] != [each.text for each in old.texts]


def _version(status: Status) -> str:
    return status.preview.version if status.preview is not None else ""


def _counts(status: Status) -> tuple[object, ...]:
    delays = (status.few_workers, status.late)
    return status.finished, status.warnings, status.queue_position, delays


def ends_soon(record: Record, now: float) -> bool:
    """The card cannot be edited any more soon, and has to announce that. `now`: UTC seconds."""
    ref = record.messages[-1]
    left = ref.token_expires_at - now
    return bool(ref.token) and record.token_only and 0 < left < ANNOUNCE_END
