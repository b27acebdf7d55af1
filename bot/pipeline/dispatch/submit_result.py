"""The result of one submit: accepted, retried or ended."""

from dataclasses import dataclass
from typing import Self

from bot.domain.records import Record

RATE_PAUSE = 1.0  # seconds after a rate limit that names no time


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """Result of one submit. Times in seconds.

    `record`: for the poller, which polls it first after `delay`. `retry`: the request goes back
    into the queue for `delay`. Neither: nothing is left to do. `pause`: no request of its kind is
    submitted for so long. `probe`: after that one at a time, since the submits of several
    requesters fail. `account_full`: the account has no free slot. `account`: of the next payer, ""
    for the same one.
    """

    record: Record | None = None
    retry: bool = False
    delay: float = 0.0
    pause: float = 0.0
    probe: bool = False
    account_full: bool = False
    account: str = ""

    @classmethod
    def follow(cls, record: Record, delay: float = 0.0) -> Self:
        """The backend has it, or its outcome is stored."""
        return cls(record=record, delay=delay)

    @classmethod
    def retry_in(cls, delay: float, *, probe_pause: float = 0.0) -> Self:
        """Once more. `probe_pause`: of all requests of its kind, then one at a time; 0: no."""
        return cls(retry=True, delay=delay, pause=probe_pause, probe=probe_pause > 0)

    @classmethod
    def rate_limited(cls, retry_after: float | None) -> Self:
        """The rate limit refused it: all requests of its kind wait."""
        return cls(retry=True, pause=retry_after or RATE_PAUSE)

    @classmethod
    def passed_on(cls, account: str) -> Self:
        """Once more, paid by the next payer."""
        return cls(retry=True, account=account)


NOTHING_LEFT = SubmitResult()
RETRY = SubmitResult(retry=True)
ACCOUNT_FULL = SubmitResult(retry=True, account_full=True)
