"""What becomes of a turn: the request was taken, goes back into the queue, or ends.

Everything here is known to this process alone, so it is written down however long that takes.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.aio.clock import ticks
from bot.aio.database_retry import insist
from bot.backends.base import Backend, Receipt
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BadOption,
    BotError,
    RateLimited,
    RequestRejected,
    TooManyPrompts,
    Transient,
    VaultError,
)
from bot.pipeline.dispatch.failure_streak import FailureStreak
from bot.pipeline.tracking.poll_step import BROKEN_HERE
from bot.pipeline.tracking.poll_timing import FIRST_LOOK
from bot.pipeline.tracking.settlement import Settlement
from bot.storage import Store

log = logging.getLogger(__name__)
TRIES = 3  # failures of its own (not an outage's) before a request is refused
TRIES_BLAMELESS = 10  # ... when it is hardly its own fault: six minutes at the least
FETCHES = 7  # of fetching an upload from Discord: about two minutes
DELAY_MAX = 60.0
SENT_TWICE = "The Horde did not confirm the first try, so it was sent a second time."
NOT_TWICE = "The answer was lost and sending it again might pay twice. Press Again to do so."
REFUSED = "The Horde failed on this request three times. Change something and try again."
UNREACHED = "The Horde could not take this for several minutes. Press Again to try once more."
PRIVATE_REASON = "This could not be sent. Its requester was told why."


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """What became of a turn. `again`: it is back in the queue, `delay` seconds from now.

    Otherwise `record` is for the tracker (in `delay` seconds), or None when it is over.
    `hold`: for so many seconds nothing of its kind should leave, and then one at a time.
    """

    again: bool = False
    record: Record | None = None
    delay: float = 0.0
    error: BotError | None = None
    hold: float = 0.0


OVER = SubmitResult()
AGAIN = SubmitResult(again=True)
CANCELLED = Status.cancelled()


class SubmitResults:
    """Writes down how the turns of one backend went."""

    def __init__(
        self,
        *,
        store: Store,
        backend: Backend,
        weather: OutageMonitor,
        outcomes: Settlement,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._store = store
        self._backend = backend
        self._weather = weather
        self._outcomes = outcomes
        self._clock = clock
        self._streaks = {kind: FailureStreak() for kind in Kind}

    def unanswered(self, record: Record) -> float:
        """Its submit failed although the backend is up. Gives what `hold` of a verdict means."""
        return self._streaks[record.kind].failed(record.user_id, ticks())

    async def taken(self, record: Record, receipt: Receipt) -> SubmitResult:
        """The backend has it."""
        self._streaks[record.kind].over()
        now = self._clock()
        earlier = record.status.warnings if record.status else ()
        status = Status(
            phase=Phase.WAITING,
            waiting=record.request.count,
            warnings=tuple(dict.fromkeys((*earlier, *receipt.warnings))),
        )
        sent = await insist(
            lambda: self._store.requests.change(
                record.id,
                when={Phase.SENDING},
                phase=Phase.WAITING,
                remote_id=receipt.remote_id,
                status=status,
                sent_at=now,
                due_at=now + FIRST_LOOK,
                expires_at=now + self._backend.request_lifetime,
                attempts=0,
            )
        )
        log.info("#%d sent", record.id)
        if sent is None:
            return OVER
        return SubmitResult(record=sent, delay=0.0 if sent.cancel_at else FIRST_LOOK)

    async def lost(self, record: Record) -> SubmitResult:
        """The backend does not seem to have it: it is sent once more, and says so."""
        if self._backend.capabilities.resubmit == "never" or record.resends > 0:
            wanted = record.cancel_at is None
            return await self.end(record, Status.rejected(NOT_TWICE) if wanted else CANCELLED)
        earlier = record.status.warnings if record.status else ()
        status = Status(phase=Phase.QUEUED, warnings=(*earlier, SENT_TWICE))
        back = await insist(
            lambda: self._store.requests.change(
                record.id, when={Phase.SENDING}, phase=Phase.QUEUED, resends=1, status=status
            )
        )
        return AGAIN if back is not None else OVER

    async def failed(self, record: Record, error: BotError) -> SubmitResult:
        """It was refused or could not be made; the backend does not have it."""
        if isinstance(error, RateLimited | TooManyPrompts):
            return await self._back(record, error, attempts=record.attempts)
        if isinstance(error, Transient) and await self._weather.is_outage(error):
            return await self._back(record, error, attempts=record.attempts)
        if isinstance(error, RequestRejected | VaultError | BadOption):
            if record.phase is Phase.SENDING:  # else it was refused here, before anything left
                self._streaks[record.kind].over()
            return await self._reject(record, error)
        hold = self.unanswered(record) if isinstance(error, BackendDown) else 0.0
        if hold or _is_blameless(error):
            return await self._once_more(record, error, TRIES_BLAMELESS, UNREACHED, hold)
        return await self._once_more(record, error, TRIES, REFUSED)

    async def not_fetched(self, record: Record, error: BackendDown) -> SubmitResult:
        """Discord did not hand out its upload."""
        return await self._once_more(record, error, FETCHES, str(error))

    async def stumbled(self, record: Record) -> SubmitResult:
        """A bug of ours, before anything left."""
        return await self._once_more(record, BotError(BROKEN_HERE), TRIES, BROKEN_HERE)

    async def end(self, record: Record, outcome: Status) -> SubmitResult:
        """It is over; the tracker shows that."""
        settled = await self._outcomes.settle(record, outcome)
        return SubmitResult(record=settled) if settled is not None else OVER

    async def _once_more(
        self, record: Record, error: BotError, tries: int, last_word: str, hold: float = 0.0
    ) -> SubmitResult:
        if record.attempts + 1 >= tries:
            return await self.end(record, Status.rejected(last_word))
        log.info("#%d: %s", record.id, error)
        return await self._back(record, error, attempts=record.attempts + 1, hold=hold)

    async def _back(
        self, record: Record, error: BotError, *, attempts: int, hold: float = 0.0
    ) -> SubmitResult:
        back = await insist(
            lambda: self._store.requests.change(
                record.id,
                when={Phase.QUEUED, Phase.SENDING},
                phase=Phase.QUEUED,
                attempts=attempts,
            )
        )
        delay = min(DELAY_MAX, 2.0**attempts)
        return SubmitResult(again=True, delay=delay, error=error, hold=hold) if back else OVER

    async def _reject(self, record: Record, error: BotError) -> SubmitResult:
        """What is about an account is told in private; the card says only that it was not sent."""
        if not (isinstance(error, VaultError) or getattr(error, "private", False)):
            return await self.end(record, Status.rejected(str(error)))
        await self._outcomes.tell(record, str(error))
        detail = str(error) if record.private else PRIVATE_REASON
        return await self.end(record, Status.rejected(detail, public=False))


def _is_blameless(error: BotError) -> bool:
    """It did not get as far as the Horde's own code, whose errors are 500 (HORDE 0)."""
    return isinstance(error, BackendDown) and error.status != 500
