"""Outcomes of requests that are cancelled, and of those that the backend no longer knows."""

import logging

from bot.backends.base import Backend
from bot.domain.records import Payer, Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.errors import BackendError, RequestGone
from bot.i18n import N_, _
from bot.pipeline.tracking.state import TrackedRequest
from bot.pipeline.tracking.status_poll import as_outcome, carry_over
from bot.storage import Store

log = logging.getLogger(__name__)
EXPIRY_MARGIN = 30.0  # seconds by which a backend's clock may run ahead of the submit's answer
SENT_AGAIN = N_("{backend} lost the request, so it was sent again.")
DROPPED_SENT_AGAIN = N_(
    "{backend} dropped the request when its maintenance began, so it was sent again."
)
REFUSED_SENT_AGAIN = N_("{backend} did not process the request, so it was sent again.")
CANCEL_TRIES = 3  # after that it ends as cancelled without the backend's answer
EXPIRED = N_(
    "No worker took the request in time, so {backend} dropped it. Press **Again** to send it again."
)
GONE_LATE = N_(
    "{backend} dropped the request while a worker had it. Press **Again** to send it again."
)
STOPPED_LATE = N_("A worker had already started. Its results are charged.")
NO_ANSWER = N_("{backend} is not available at the moment. Your request keeps its place.")
NO_ROOM = N_("The result is ready, but the bot has no room for it at the moment. The bot retries.")
BROKEN_HERE = N_("The bot failed with an internal error. The operator can find it in the log.")
BAD_KEY = "InvalidAPIKey"  # the code of a key that is refused, at every backend
OWN_KEY = N_("{backend} does not know the API key of the bot. The operator must set another key.")
NOT_STOPPED = N_("{backend} did not confirm the cancellation. Results may still be charged.")


def private_reason(record: Record, backend: Backend, reason: str, code: str) -> str:
    """The reason of a refusal about an account; the operator sets the key of the bot."""
    if record.payer is not Payer.BOT:
        return reason
    log.warning("the backend %s refuses the bot's own key: %s", record.backend, code)
    return said(OWN_KEY, backend) if code == BAD_KEY else reason


async def cancel(tracked: TrackedRequest, backend: Backend) -> Status | None:
    """Cancel a request at its backend. None: it did not answer, and is to be asked again.

    Raises RequestGone.
    """
    record = tracked.record
    assert record.remote_id is not None
    before = await _before_cancel(tracked, backend)
    try:
        last = await backend.cancel(record.remote_id, record.kind, n=record.request.count)
    except RequestGone:
        raise
    except BackendError as error:
        tracked.failures += 1
        if tracked.failures < CANCEL_TRIES:
            return None
        log.info("#%d could not be cancelled at the backend: %s", record.id, error)
        last = (
            Status.cancelled().with_outcome(Phase.CANCELLED, said(NOT_STOPPED, backend)).as_begun()
        )
        return carry_over(record, last)
    if last.phase.is_open or last.phase is Phase.CANCELLED:  # otherwise it had ended before
        running = last.processing > 0 or (before is not None and before.processing > 0)
        last = _stopped_late(last) if running else last.with_phase(Phase.CANCELLED)
    return carry_over(record, last)


async def _before_cancel(tracked: TrackedRequest, backend: Backend) -> Status | None:
    """The status right before a cancel, for alchemy only; the last seen one if it is unknown.

    The answer to a cancel of alchemy shows the state after it: docs/horde-api.md#alchemy-requests.
    """
    record, queued = tracked.record, backend.capabilities.submits == "queued"
    if record.kind is not Kind.ALCHEMY or record.remote_id is None or not queued:
        return None
    try:
        return await backend.status(record.remote_id, record.kind, n=record.request.count)
    except RequestGone:
        raise
    except BackendError as error:
        log.info("#%d: no status before its cancel: %s", record.id, error)
        return tracked.seen or record.status


def was_lost(tracked: TrackedRequest, backend: Backend, age: float) -> bool:
    """It vanished before its time and before a worker had it, and was not sent again yet.

    `age`: seconds since its submit.
    """
    record, seen = tracked.record, tracked.record.status
    waits = seen is not None and seen.phase is Phase.WAITING and not seen.leaving
    untouched = seen is None or (waits and not seen.generations)
    early = age < backend.request_lifetime - EXPIRY_MARGIN
    again = backend.capabilities.resubmit != "never" and record.resends == 0
    return untouched and early and record.cancel_at is None and again


def why_again(backend: Backend) -> str:
    """Why a request that its backend dropped is sent again."""
    is_call = backend.capabilities.submits == "blocking"
    return said(REFUSED_SENT_AGAIN if is_call else DROPPED_SENT_AGAIN, backend)


async def queue_again(store: Store, record: Record, why: str) -> Record | None:
    """Put a request back into the queue of the bot. None: it was closed meanwhile."""
    earlier = record.status.warnings if record.status is not None else ()
    return await store.requests.change(
        record.id,
        unsettled=True,
        phase=Phase.QUEUED,
        remote_id=None,
        resends=1,
        attempts=0,
        status=Status(phase=Phase.QUEUED, warnings=(*earlier, why)),
    )


def outcome_when_gone(tracked: TrackedRequest, backend: Backend) -> Status:
    """Outcome of a request that the backend no longer knows."""
    record, seen = tracked.record, tracked.record.status
    if record.cancel_at is not None:
        last = tracked.seen or seen
        running = last is not None and last.processing > 0
        return _stopped_late(last) if last and running else as_outcome(seen, Phase.CANCELLED, "")
    phase = Phase.PARTIAL if seen and seen.arrived else Phase.EXPIRED
    begun = seen is not None and seen.phase is Phase.PROCESSING
    return as_outcome(seen, phase, said(GONE_LATE if begun else EXPIRED, backend))


def said(message: str, backend: Backend) -> str:
    """The message in the current language, with the name of the backend."""
    return _(message).format(backend=backend.capabilities.title)


def outcome_when_broken(record: Record) -> Status:
    """Outcome of a request that bugs of the bot ended: the results it has."""
    arrived = record.status is not None and record.status.arrived
    phase = Phase.PARTIAL if arrived else Phase.FAULTED
    return as_outcome(record.status, phase, _(BROKEN_HERE))


def _stopped_late(last: Status) -> Status:
    """Outcome of a request that was cancelled while a worker had it."""
    return as_outcome(last, Phase.CANCELLED, _(STOPPED_LATE)).as_begun()
