"""Interprets and stores the result of a submit: accepted, retried or ended.

Only this process knows the result, so it is stored however long the database is busy.
"""

import logging
import time
from collections.abc import Callable

from bot.accounts.next_payer import NextPayer
from bot.aio.clock import ticks
from bot.aio.retry import until_stored
from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.backends.values import Receipt
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BadOption,
    BotError,
    FeatureMissing,
    RateLimited,
    RequestRejected,
    SharedKeyLow,
    TooManyPrompts,
    Transient,
    VaultError,
)
from bot.i18n import N_, _
from bot.pipeline.dispatch.failure_streak import FailureStreak
from bot.pipeline.dispatch.submit_result import ACCOUNT_FULL, NOTHING_LEFT, RETRY, SubmitResult
from bot.pipeline.fallback.mover import Mover
from bot.pipeline.fallback.sentences import Cause
from bot.pipeline.tracking.endings import BROKEN_HERE, private_reason
from bot.pipeline.tracking.poll_timing import FIRST_POLL
from bot.pipeline.tracking.settlement import Settlement
from bot.storage import Store

log = logging.getLogger(__name__)
TRIES = 3  # failures of its own (not of an outage) before a request is rejected
TRIES_UNREACHED = 10  # failures before the backend's code was reached: six minutes at least
UPLOAD_TRIES = 7  # downloads of an upload from Discord: about two minutes
DELAY_MAX = 60.0
SENT_TWICE = N_("{backend} did not confirm the first attempt, so the request was sent again.")
MAY_RUN_TWICE = N_(
    "{backend} did not confirm the first attempt, so the request was sent again. It may run twice."
)
NOT_TWICE = N_(
    "The answer of {backend} was lost. Press **Again** to send the request again; it may then be "
    "charged twice."
)
# After internal errors of the backend, which say nothing about the request.
REFUSED = N_(
    "{backend} failed three times with an internal error. Press **Again** later, or change the "
    "options."
)
REFUSED_ALCHEMY = N_(
    "{backend} failed three times with an internal error. Press **Again** later, or use the key of "
    "a trusted account with `/account login`: alchemy may be accepted from trusted accounts only."
)
UNREACHED = N_(
    "{backend} could not accept the request for several minutes. Press **Again** to send it again."
)


class SubmitResults:
    """Stores the results of the submits to one backend."""

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        outage_monitor: OutageMonitor,
        settlement: Settlement,
        next_payer: NextPayer,
        mover: Mover,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._backend = backend
        self._outage_monitor = outage_monitor
        self._settlement = settlement
        self._next_payer = next_payer
        self._mover = mover
        self._clock = clock
        self._streaks = {kind: FailureStreak() for kind in Kind}

    async def accepted(self, record: Record, receipt: Receipt) -> SubmitResult:
        """The backend has the request."""
        self._streaks[record.kind].over()
        now = self._clock()
        earlier = record.status.warnings if record.status else ()
        status = Status(
            phase=Phase.WAITING,
            waiting=record.request.count,
            warnings=tuple(dict.fromkeys((*earlier, *receipt.warnings))),
            worker_warnings=receipt.worker_warnings,
            cut=receipt.cut,
            price=receipt.price,
        )
        sent = await until_stored(
            lambda: self._store.requests.change(
                record.id,
                when={Phase.SENDING},
                phase=Phase.WAITING,
                remote_id=receipt.remote_id,
                status=status,
                sent_at=now,
                attempts=0,
            )
        )
        log.info("#%d submitted", record.id)
        if sent is None:
            return NOTHING_LEFT
        at_once = sent.cancel_at or self._backend.capabilities.submits == "blocking"
        return SubmitResult.follow(sent, 0.0 if at_once else FIRST_POLL)

    async def not_found(self, record: Record, *, may_exist: bool = True) -> SubmitResult:
        """The answer was lost: submitted once more.

        `may_exist`: the backend could not be asked, so that it may have the first one, too.
        """
        if self._backend.capabilities.resubmit == "never" or record.resends > 0:
            wanted = record.cancel_at is None
            outcome = Status.rejected(self._say(NOT_TWICE)) if wanted else Status.cancelled()
            return await self.end(record, outcome.as_begun())  # it may have arrived after all
        earlier = record.status.warnings if record.status else ()
        warning = self._say(MAY_RUN_TWICE if may_exist else SENT_TWICE)
        status = Status(phase=Phase.QUEUED, warnings=(*earlier, warning))
        queued = await until_stored(
            lambda: self._store.requests.change(
                record.id, when={Phase.SENDING}, phase=Phase.QUEUED, resends=1, status=status
            )
        )
        return RETRY if queued is not None else NOTHING_LEFT

    async def no_answer(self, record: Record, error: Transient) -> SubmitResult:
        """The answer was lost. The row stays SENDING; the next turn looks the request up."""
        outage = await self._outage_monitor.is_outage(error)
        return SubmitResult.retry_in(0.0, probe_pause=0.0 if outage else self._probe_pause(record))

    async def failed(self, record: Record, error: BotError) -> SubmitResult:
        """The backend does not have the request: retried, or rejected with the reason."""
        if isinstance(error, FeatureMissing) and await self._mover.move(record, Cause.UNABLE):
            return NOTHING_LEFT
        if isinstance(error, RateLimited):
            result = SubmitResult.rate_limited(error.retry_after)
            return await self._queue_again(record, record.attempts, result)
        if isinstance(error, TooManyPrompts):
            return await self._queue_again(record, record.attempts, ACCOUNT_FULL)
        if isinstance(error, Transient) and await self._outage_monitor.is_outage(error):
            return await self._retry(record, record.attempts)
        if isinstance(error, RequestRejected | VaultError | BadOption):
            if record.phase is Phase.SENDING:  # otherwise it was refused before the call
                self._streaks[record.kind].over()
            return await self._reject(record, error)
        pause = self._probe_pause(record) if isinstance(error, BackendDown) else 0.0
        tries, reason = TRIES, REFUSED_ALCHEMY if record.kind is Kind.ALCHEMY else REFUSED
        if pause or _is_unreached(error):
            tries, reason = TRIES_UNREACHED, UNREACHED
        return await self._once_more(record, error, tries, self._say(reason), pause)

    async def no_upload(self, record: Record, error: BackendDown) -> SubmitResult:
        """Discord did not deliver the uploaded file."""
        return await self._once_more(record, error, UPLOAD_TRIES, str(error))

    async def broken(self, record: Record) -> SubmitResult:
        """A bug before the call."""
        reason = _(BROKEN_HERE)
        return await self._once_more(record, BotError(reason), TRIES, reason)

    async def end(self, record: Record, outcome: Status) -> SubmitResult:
        """Store the outcome; the poller shows it."""
        settled = await self._settlement.settle(record, outcome)
        return SubmitResult.follow(settled) if settled is not None else NOTHING_LEFT

    def _say(self, message: str) -> str:
        return _(message).format(backend=self._backend.capabilities.title)

    def _probe_pause(self, record: Record) -> float:
        """Count a failure while the backend is up. Seconds of pause for its kind, 0 for none."""
        return self._streaks[record.kind].failed(record.user_id, ticks())

    async def _once_more(
        self, record: Record, error: BotError, tries: int, reason: str, probe_pause: float = 0.0
    ) -> SubmitResult:
        if record.attempts + 1 >= tries:
            return await self.end(record, Status.rejected(reason))
        log.info("#%d: %s", record.id, error)
        return await self._retry(record, record.attempts + 1, probe_pause)

    async def _retry(self, record: Record, attempts: int, probe_pause: float = 0.0) -> SubmitResult:
        delay = min(DELAY_MAX, 2.0**attempts)
        result = SubmitResult.retry_in(delay, probe_pause=probe_pause)
        return await self._queue_again(record, attempts, result)

    async def _pass_on(self, record: Record, error: SharedKeyLow) -> SubmitResult | None:
        """Let the next payer pay; None when none can."""
        queued = await until_stored(lambda: self._next_payer.pass_on(record, error))
        if queued is None:
            return None
        log.info("#%d: its shared key ran low; %s pays", record.id, queued.payer)
        return SubmitResult.passed_on(queued.slot_owner)

    async def _queue_again(
        self, record: Record, attempts: int, result: SubmitResult
    ) -> SubmitResult:
        queued = await until_stored(
            lambda: self._store.requests.change(
                record.id,
                when={Phase.QUEUED, Phase.SENDING},
                phase=Phase.QUEUED,
                remote_id=None,
                attempts=attempts,
            )
        )
        return result if queued is not None else NOTHING_LEFT

    async def _reject(self, record: Record, error: BotError) -> SubmitResult:
        """Reject the request, unless another payer can pay. The channel reads no facts about an
        account: the settlement tells them in private.
        """
        if isinstance(error, SharedKeyLow) and (passed := await self._pass_on(record, error)):
            return passed
        mistake = isinstance(error, BadOption)
        if not (isinstance(error, VaultError) or getattr(error, "private", False)):
            return await self.end(record, Status.rejected(str(error), mistake=mistake))
        code = (error.rc if isinstance(error, RequestRejected) else "") or type(error).__name__
        reason = private_reason(record, self._backend, str(error), code)
        return await self.end(record, Status.rejected(reason, public=False))


def _is_unreached(error: BotError) -> bool:
    """The call did not reach the backend's own code: docs/horde-api.md#errors."""
    return isinstance(error, BackendDown) and error.status != 500
