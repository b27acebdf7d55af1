"""Converts every answer that is not a success to a typed error. Pure."""

from typing import cast

from bot.backends.openai.error_mapping import (
    BUSY,
    FAILED,
    NEVER_ARRIVED,
    NO_CREDIT,
    NO_MODEL,
    REFUSED,
    TOO_LONG,
    WRONG_KEY,
)
from bot.errors import (
    BackendDown,
    BackendError,
    RateLimited,
    RequestGone,
    RequestRejected,
    TooManyPrompts,
)
from bot.i18n import N_, _
from bot.i18n.formats import duration

# Seconds after the limiter's 429, which names no time: its windows are whole minutes.
LIMITER_PAUSE = 10.0
NOT_ALLOWED = N_("The API key is not allowed to do this at {backend}. Use another key.")
NO_QUOTA = N_(
    "The free requests of the account at {backend} are used up. They return in {time}; or add "
    "credit."
)
NO_JOB = N_("{backend} does not know this job.")


class SeveralJobs(BackendError):
    """Two jobs have the same token, so that only a job id could tell them apart."""


def aipg_refusal(
    title: str, status: int, body: object, *, retry_after: float | None = None
) -> BackendError:
    """The error for an answer with that HTTP status (not a 2xx). `body`: its JSON."""
    fields = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    if status == 429:
        return _too_much(title, fields, retry_after)
    if status >= 500 or status < 400 or status in {408, 425}:
        return _down(title, status, retry_after)
    if status == 409:
        return SeveralJobs(_(NO_JOB).format(backend=title), status=status)
    message, private = _reason(status)
    text = _(message).format(backend=title, status=status)
    # The name that the rest of the bot knows for a key that is refused.
    rc = "InvalidAPIKey" if status == 401 else ""
    return RequestRejected(text, rc=rc, status=status, private=private)


def gone(title: str) -> RequestGone:
    """The error of a job that the server does not know, or did not charge."""
    return RequestGone(_(NO_JOB).format(backend=title), status=404)


def _reason(status: int) -> tuple[str, bool]:
    """The sentence, and whether it concerns an account."""
    match status:
        case 401:
            return WRONG_KEY, True
        case 402:
            return NO_CREDIT, True
        case 403:
            return NOT_ALLOWED, True
        case 404:
            return NO_MODEL, False
        case 413:
            return TOO_LONG, False
        case _:
            return REFUSED, False


def _too_much(title: str, fields: dict[str, object], retry_after: float | None) -> BackendError:
    """The limiter answers with `error`; the daily quota with `detail` and a time, too many jobs at
    once with `detail` alone.
    """
    if "detail" not in fields:
        wait = LIMITER_PAUSE if retry_after is None else retry_after
        return RateLimited(_(BUSY).format(backend=title), status=429, retry_after=wait)
    if retry_after is None:
        return TooManyPrompts(_(BUSY).format(backend=title), status=429)
    text = _(NO_QUOTA).format(backend=title, time=duration(retry_after))
    return RequestRejected(text, rc="quota", status=429, private=True)


def _down(title: str, status: int, retry_after: float | None) -> BackendDown:
    text = _(FAILED).format(backend=title, status=status)
    in_doubt = status not in NEVER_ARRIVED
    return BackendDown(text, status=status, retry_after=retry_after, in_doubt=in_doubt, title=title)
