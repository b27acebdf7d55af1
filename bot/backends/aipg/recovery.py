"""Asks for the result of a job whose answer was lost, until its end is known."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.aio.clock import ticks
from bot.backends.aipg.client import AipgClient
from bot.backends.aipg.error_mapping import SeveralJobs
from bot.backends.aipg.responses import MediaOutput, RecoveredJob
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, RequestGone, Transient
from bot.i18n import N_, _

log = logging.getLogger(__name__)
# Seconds between questions: a key may ask 60 times a minute, and four of its jobs run at once.
FIRST, EVERY, EVERY_MAX = 1.0, 5.0, 30.0
UNKNOWN = 60.0  # seconds for which the call may still be on its way to the server
LONGEST = 600.0  # seconds; no job takes longer
COMPLETED, CLOSED = "completed", "closed_without_result"
UNTOLD = N_("{backend} does not tell the result of the request.")
NO_CHARGE = N_("The answer of {backend} was lost. It shows no charge for it. Press **Again**.")
NO_RESULT = N_("{backend} made no result and charged nothing. Press **Again**.")
NO_FILE = N_("{backend} charged the request, but its result has no file.")


@dataclass(frozen=True, slots=True)
class MediaJob:
    """One job. `price` in micro-USD; `seconds` that such a job takes; 0 is unknown.

    `outcome`: the status with the result, from the result and what it cost.
    """

    token: str
    key: str = field(repr=False)
    outcome: Callable[[MediaOutput, float], Status]
    price: float = 0.0
    seconds: float = 0.0


class MediaRecovery:
    """Finds the results of lost jobs at one server."""

    def __init__(self, client: AipgClient) -> None:
        self._client = client

    async def outcome(self, job: MediaJob, job_id: str = "") -> Status:
        """The outcome of a job. `job_id`: its id at the server, "" when it is unknown.

        Raises BackendDown, in doubt, when the server does not tell it in time.
        """
        began, pause = ticks(), FIRST
        while ticks() - began < LONGEST:
            try:
                found = await self._client.recovered(job.key, client_ref=job.token, job_id=job_id)
            except RequestGone:
                if ticks() - began >= UNKNOWN:
                    return self._failed(NO_CHARGE)
            except Transient as error:
                log.info("the result of a media job cannot be asked for: %s", error)
                pause = min(max(pause, error.retry_after or EVERY), EVERY_MAX)
            except SeveralJobs:
                break
            except BackendError as error:
                log.info("the result of a media job cannot be asked for: %s", error)
                break
            else:
                if (ended := self._ended(found, job)) is not None:
                    return ended
            await asyncio.sleep(pause)
            pause = min(2 * pause, EVERY)
        title = self._client.title
        raise BackendDown(_(UNTOLD).format(backend=title), in_doubt=True, title=title)

    def _ended(self, found: RecoveredJob, job: MediaJob) -> Status | None:
        """The outcome; None while the job is open."""
        if found.state == CLOSED:
            return self._failed(NO_RESULT)
        if found.state != COMPLETED:
            return None
        cost = job.price if found.actual_micro is None else float(found.actual_micro)
        if found.result is None or not any(item.url for item in found.result.media):
            return self._failed(NO_FILE).with_cost(cost)
        return job.outcome(found.result, cost)

    def _failed(self, reason: str) -> Status:
        detail = _(reason).format(backend=self._client.title)
        return Status(phase=Phase.FAULTED, detail=detail)
