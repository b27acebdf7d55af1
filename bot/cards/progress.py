"""How far an open request is: its bar, its state, its results so far, its estimate."""

import math

from bot.cards import formatting, labels
from bot.cards.context import CardContext
from bot.domain.capabilities import HORDE
from bot.domain.requests import AlchemyRequest, Kind
from bot.domain.results import Phase, Status
from bot.i18n import N_, _

BAR = 14  # segments: as wide as fits beside a sentence on a phone
ETA_STEP = 5  # seconds; finer figures would cause needless edits
ALMOST = 0.95  # only a result fills the bar, never an estimate

DOING = {
    Kind.IMAGE: N_("creating the image"),
    Kind.TEXT: N_("writing"),
    Kind.ALCHEMY: N_("processing"),
    Kind.VIDEO: N_("creating the video"),
}
HANDING_OVER = N_("Sending to the Horde …")
HANDING_OVER_TO = N_("Sending to {backend} …")  # a backend of the operator
WAITING = N_("Waiting for a worker")
WAITING_FOR = N_("Waiting for {backend}")


def bar(fraction: float) -> str:
    """A bar of BAR segments. Full only when everything has arrived."""
    full = BAR if fraction >= 1 else int(max(0.0, fraction) * BAR)
    return "▰" * full + "▱" * (BAR - full)


def expected(scene: CardContext) -> tuple[int, int]:
    """Finished and expected results, as the requester counts them."""
    request = scene.record.request
    if isinstance(request, AlchemyRequest):
        ended = {form.form for form in scene.status.forms if form.state == "done"}
        return len(ended.intersection(request.forms)), len(request.forms)
    return min(scene.status.finished, request.n), request.n


def fraction(scene: CardContext) -> float:
    """Progress: by the results, as the backend tells it, or by the elapsed share of the time."""
    done, total = expected(scene)
    by_count = done / total
    started = scene.record.sent_at
    if started is None or scene.phase not in {Phase.WAITING, Phase.PROCESSING}:
        return by_count
    if scene.status.share > 0:
        return max(by_count, min(scene.status.share, ALMOST))
    elapsed, left = max(0.0, scene.now - started), scene.status.wait_time
    if waits_without_worker(scene.status):
        by_time = 0.0
    elif left > 0:
        by_time = elapsed / (elapsed + left)
    else:  # overdue while a worker makes it; else just sent, or without an estimate
        overdue = scene.phase is Phase.PROCESSING and total == 1 and elapsed > ETA_STEP
        by_time = ALMOST if overdue else 0.0
    return max(by_count, min(by_time, ALMOST))


def state_parts(scene: CardContext) -> list[str]:
    """The text beside the bar: the state, the place in the queue, the estimate."""
    status, kind, title = scene.status, scene.record.kind, scene.able.made_by.title
    done, total = expected(scene)
    parts = (
        [_("**{done} of {total} done**").format(done=done, total=total)]
        if total > 1 and done
        else []
    )
    if scene.phase in {Phase.QUEUED, Phase.SENDING}:
        handing = _handing_over(title)
        waits = scene.phase is Phase.QUEUED and status.queue_position > 0
        position = formatting.ordinal(status.queue_position)
        queued = _("**{position} in the queue of the bot**").format(position=position)
        return [queued if waits else handing]
    if scene.phase is Phase.PROCESSING and not parts:
        parts.append(f"**{_(DOING[kind])}**")
    if status.queue_position > 0:
        place = formatting.decimal(status.queue_position)
        parts.append(_(labels.PLACE).format(place=place))
    elif scene.phase is Phase.WAITING and not parts:
        waiting = _(WAITING) if scene.has_workers else _(WAITING_FOR).format(backend=title)
        parts.append(waiting)
    return [*parts, *filter(None, [expected_at(scene.status, scene.now)])]


def _handing_over(backend: str) -> str:
    """`backend`: its title."""
    if backend == HORDE.title:
        return _(HANDING_OVER)
    return _(HANDING_OVER_TO).format(backend=backend)


def expected_at(status: Status, now: float) -> str:
    """The estimate, as a timestamp that the reader's client counts down; "" for none.

    Its wording allows for an estimate that has passed: the Horde's often have. Without a worker
    that can take the request, the Horde's estimate means nothing.
    """
    if status.wait_time <= 0 or waits_without_worker(status):
        return ""
    at = now + status.wait_time
    return _("expected {time}").format(time=f"<t:{math.ceil(at / ETA_STEP) * ETA_STEP}:R>")


def waits_without_worker(status: Status) -> bool:
    """No online worker can take it, by the newest poll or the answer to the submit."""
    if status.phase is not Phase.WAITING:
        return False
    return not status.is_possible or bool(status.worker_warnings)
