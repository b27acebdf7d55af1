"""Turns the error answers of the web UI into typed errors."""

import re
from typing import Any, cast

from bot.backends.a1111.responses import Fault
from bot.errors import BackendDown, BackendError, RateLimited, RequestRejected
from bot.http.schema import read_as
from bot.i18n import N_, _

WRONG_KEY = N_("{backend} refused the password of the bot. The operator must set `api_key`.")
NO_MEMORY = N_(
    "The GPU of {backend} has too little memory for this request. Choose a smaller size or fewer "
    "images."
)
NO_SAMPLER = N_("{backend} does not have this sampler. Choose another one.")
BAD_VALUE = N_("{backend} does not accept the value of `{field}`. Change it.")
NOT_ACCEPTED = N_("{backend} does not accept this request. Change it.")
NO_FUNCTION = N_("{backend} does not have this function.")
FAILED = N_("{backend} failed with the error {error}.")
UNAVAILABLE = N_("{backend} is not available at the moment.")
_EXCEPTION = re.compile("[A-Za-z_][A-Za-z0-9_.]{0,60}")  # its name; other words are not shown
_MEMORY = re.compile("out of memory", re.IGNORECASE)
_GATEWAY = frozenset({502, 503, 504})  # of a proxy in front of the web UI


def fault_of(status: int, body: Any, title: str) -> BackendError:
    """The error of an answer with that status and JSON (None without one)."""
    known = cast("dict[str, Any]", body) if isinstance(body, dict) else {}
    fault = read_as(Fault, known)
    if status in {401, 403}:
        text = _(WRONG_KEY).format(backend=title)
        return RequestRejected(text, rc="InvalidAPIKey", status=status, private=True)
    if status == 429:
        return RateLimited(_(UNAVAILABLE).format(backend=title), status=status)
    if status in _GATEWAY:
        return BackendDown(_(UNAVAILABLE).format(backend=title), status=status, title=title)
    if status >= 500:
        return _failure(fault, status, title)
    return _refusal(fault, status, title)


def _failure(fault: Fault, status: int, title: str) -> BackendError:
    """An exception inside the web UI, or of Forge, which does not name it."""
    if fault.error == "OutOfMemoryError" or _MEMORY.search(fault.errors):
        return RequestRejected(_(NO_MEMORY).format(backend=title), status=status)
    name = fault.error if _EXCEPTION.fullmatch(fault.error) else str(status)
    return BackendError(_(FAILED).format(backend=title, error=name), status=status)


def _refusal(fault: Fault, status: int, title: str) -> BackendError:
    if isinstance(fault.detail, str) and "sampler" in fault.detail.lower():
        return RequestRejected(_(NO_SAMPLER).format(backend=title), status=status)
    if status == 404:
        return RequestRejected(_(NO_FUNCTION).format(backend=title), status=status)
    field = _field(fault.detail)
    if field:
        text = _(BAD_VALUE).format(backend=title, field=field)
        return RequestRejected(text, status=status)
    return RequestRejected(_(NOT_ACCEPTED).format(backend=title), status=status)


def _field(detail: Any) -> str:
    """The first field that FastAPI names as invalid; "" for none."""
    entries = cast("list[Any]", detail) if isinstance(detail, list) else []
    first = entries[0] if entries else None
    place = cast("dict[str, Any]", first).get("loc") if isinstance(first, dict) else None
    last = cast("list[Any]", place)[-1] if isinstance(place, list) and place else ""
    name = str(last)
    return name if name.isascii() and name.replace("_", "").isalnum() and len(name) <= 60 else ""
