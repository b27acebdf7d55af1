"""Retries of database writes that must not be lost."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tenacity import RetryCallState

from bot.aio.retry import doubling, one_of, retry
from bot.errors import StoreBusy

log = logging.getLogger(__name__)
PAUSE_FIRST, PAUSE_MAX = 0.25, 5.0  # seconds between attempts
T = TypeVar("T")


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
