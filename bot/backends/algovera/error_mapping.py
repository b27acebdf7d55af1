"""Converts every answer of Algovera that is not a success to a typed error. Pure.

The sentences of the server are known from an earlier version of it: docs/backends.md#algovera.
"""

from typing import cast

from bot.errors import (
    BackendDown,
    BackendError,
    RateLimited,
    RequestGone,
    RequestRejected,
)
from bot.i18n import N_, _

# From a proxy that did not reach the server. After any other 5xx the job may exist.
NEVER_ARRIVED = frozenset({503, 521, 523})
UNKNOWN_JOB = "Invalid Credentials for job_id"
WRONG_KEY = N_("{backend} does not accept the API key. Set another key.")
NO_CREDITS = N_("The account at {backend} has no credits left.")
NO_JOB = N_("{backend} does not know this request.")
REFUSED = N_("{backend} did not accept the request ({status}).")
BAD_VALUE = N_("{backend} does not accept one of the options.")
FAILED = N_("{backend} failed with an error ({status}). Try again later.")
BUSY = N_("{backend} receives too many requests. Try again in a moment.")
# What the server says with 403, and the sentence for it.
_REFUSALS = {
    "Unknown user": WRONG_KEY,
    "Invalid API key": WRONG_KEY,
    "Insufficient credits": NO_CREDITS,
}


def algovera_refusal(title: str, status: int, body: object) -> BackendError:
    """The error for an answer with that HTTP status (not a 2xx) and JSON (None without one)."""
    detail = cast("dict[str, object]", body).get("detail") if isinstance(body, dict) else None
    if status == 429:
        return RateLimited(_(BUSY).format(backend=title), status=status)
    if status >= 500 or 300 <= status < 400 or status in {404, 408}:
        in_doubt = status >= 500 and status not in NEVER_ARRIVED
        text = _(FAILED).format(backend=title, status=status)
        return BackendDown(text, status=status, in_doubt=in_doubt, title=title)
    if isinstance(detail, str) and detail.startswith(UNKNOWN_JOB):
        return RequestGone(_(NO_JOB).format(backend=title), status=status)
    if isinstance(detail, str) and detail in _REFUSALS:
        sentence = _(_REFUSALS[detail]).format(backend=title)
        return RequestRejected(sentence, status=status, private=True)
    if status == 422:
        return RequestRejected(_(BAD_VALUE).format(backend=title), status=status)
    return RequestRejected(_(REFUSED).format(backend=title, status=status), status=status)


def wrong_algovera_key(title: str) -> RequestRejected:
    """A key that cannot be one of Algovera; it is not sent."""
    return RequestRejected(_(WRONG_KEY).format(backend=title), private=True)
