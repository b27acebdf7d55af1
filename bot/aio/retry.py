"""Retries of failed calls, with growing pauses; tenacity counts."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, wait_exponential
from tenacity.wait import wait_base

from bot.errors import StoreBusy

log = logging.getLogger(__name__)
PAUSE_FIRST, PAUSE_MAX = 0.25, 5.0  # seconds between attempts of a database write
T = TypeVar("T")
Pause = wait_base | Callable[[RetryCallState], float]  # seconds before the next attempt
Report = Callable[[BaseException, RetryCallState], None]


def doubling(first: float, most: float) -> wait_exponential:
    """Pauses of `first` seconds, then twice as long each time, up to `most`."""
    return wait_exponential(multiplier=first, max=most)


async def retry(
    call: Callable[[], Awaitable[T]],
    wait: Pause,
    *,
    when: Callable[[BaseException], bool],
    report: Report | None = None,
) -> T:
    """The result of `call`, repeated while `when` is true for its error.

    Raises the first error for which it is not. `report` receives each other error before the pause.
    """

    async def attempt() -> T:
        return await call()

    def before_sleep(state: RetryCallState) -> None:
        error = state.outcome and state.outcome.exception()
        if report is not None and error:
            report(error, state)

    retrying = AsyncRetrying(
        sleep=asyncio.sleep,
        wait=wait,
        retry=retry_if_exception(when),
        before_sleep=before_sleep,
    )
    return await retrying(attempt)


def one_of(*errors: type[BaseException]) -> Callable[[BaseException], bool]:
    """True for an error of these classes."""
    return lambda error: isinstance(error, errors)


async def until_stored(write: Callable[[], Awaitable[T]]) -> T:
    """The result of `write`, retried until the database accepts it.

    For facts that are stored nowhere else, such as the id of a request that was just submitted.
    """
    return await retry(
        write, doubling(PAUSE_FIRST, PAUSE_MAX), when=one_of(StoreBusy), report=_log_first
    )


def _log_first(error: BaseException, state: RetryCallState) -> None:
    if state.attempt_number == 1:
        log.warning("waiting for the database: %s", error)
