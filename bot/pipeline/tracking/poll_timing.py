"""When to look again and when to show it. Pure."""

from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status

CACHE = 1.05  # the Horde caches a check for one second (HORDE 2): never ask an id faster
FIRST_LOOK = 1.5  # place and wait are not computed in the first 1-2 s after a submit (HORDE 2.1)
EARLY = 1.2  # an estimate is up to 30 % of the whole off; few of them end before this share of it
LOOK_MAX = 10.0  # seconds; however long the Horde thinks it will take, it may be wrong
SECOND_LOOK = 3.1  # HORDE 2.0: an end that only two looks 3 s apart may believe
QUEUE_EDIT = 15.0  # a card of a waiting request changes at most this often
WORK_EDIT = 4.0  # ... and that of a running one this often
LAST_WORDS = 60.0  # seconds before a card's only door shuts, in which it says so
BAR_EDIT = 30.0  # ... which moves by itself only when it is drawn anew
ETA_SHIFT = 20.0  # seconds by which the shown end must be wrong before it is shown anew


def poll_delay(status: Status, kind: Kind, age: float, worked: float) -> float:
    """Seconds until the next look. `age`: since it was sent; `worked`: since a worker has it.

    What the Horde's estimate is wrong by stays the same while it counts down, so it is a share of
    the whole time and not of what is left: the earliest likely end is that of the whole.
    """
    if not status.settled:
        return SECOND_LOOK
    if kind is Kind.ALCHEMY:  # says neither place nor wait
        return min(max(CACHE, age / 8), 5.0)
    if status.wait_time <= 0:
        return CACHE if status.processing or age > FIRST_LOOK else FIRST_LOOK
    earliest = (worked + status.wait_time) / EARLY
    return min(max(CACHE, earliest - worked), LOOK_MAX)


def worth_showing(old: Status | None, new: Status, since_shown: float) -> bool:
    """Would the card say something new? `old` was shown so many seconds ago."""
    if old is None or new.arrived > old.arrived:
        return True
    started = new.phase is not old.phase or (new.processing > 0) != (old.processing > 0)
    if (started or new.detail != old.detail) and since_shown >= WORK_EDIT / 2:
        return True
    limit = WORK_EDIT if new.phase is Phase.PROCESSING else QUEUE_EDIT
    if since_shown < limit:
        return False
    if new.phase is Phase.PROCESSING and since_shown >= BAR_EDIT:
        return True
    eta_moved = abs((old.wait_time - since_shown) - new.wait_time) > ETA_SHIFT
    return eta_moved or _said(new) != _said(old)


def _said(status: Status) -> tuple[object, ...]:
    return status.finished, status.warnings, status.queue_position


def falls_silent(record: Record, now: float) -> bool:
    """Soon its card cannot be changed any more, and has to say so. `now`: UTC seconds."""
    ref = record.messages[-1]
    return bool(ref.token) and record.alone and 0 < ref.token_expires_at - now < LAST_WORDS
