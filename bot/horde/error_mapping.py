"""Converts every answer of the Horde that is not a success to a typed error. Pure."""

import math
import re
from collections.abc import Mapping
from typing import cast

from bot.errors import (
    AddressBlocked,
    BackendDown,
    BackendError,
    BackendPaused,
    RateLimited,
    RequestGone,
    RequestRejected,
    TooManyPrompts,
)
from bot.horde.error_codes import meaning

# From a proxy that did not reach the server: 503 (none is up), Cloudflare's 521 (refused) and 523
# (unreachable). After any other 5xx of a proxy the call may have been carried out.
NEVER_ARRIVED = frozenset({503, 521, 523})

_RC = re.compile(r"[A-Za-z0-9_ ]{1,60}")
_FIELD = re.compile(r"[a-z0-9_.]{1,60}")
_SECONDS = re.compile(r"timeout for (\d{1,6}) more seconds")
_NUMBER = r"(\d{1,9}(?:\.\d{1,20})?)"
# How the two refusals for missing kudos name the price.
_PRICES = {
    "KudosUpfront": re.compile(rf"requires {_NUMBER} kudos"),
    "SharedKeyInsufficientKudos": re.compile(rf"fulfill this request \({_NUMBER}\)"),
}
UPFRONT = (
    "The Horde wants {} kudos up front for this, and the account has too few. "
    "Make it smaller, use fewer steps, or use a key that has them with /account login."
)
# Ends of jsonschema's messages. The part before is the value, which is private.
_REASONS = (
    (re.compile(r"greater than the maximum of (\d[\d.]*)$"), "{} is the most"),
    (re.compile(r"less than the minimum of (\d[\d.]*)$"), "{} is the least"),
    (re.compile(r"not a multiple of (\d[\d.]*)$"), "it must be a multiple of {}"),
    (re.compile(r"is too (long|short)$"), "it is too {}"),
    (re.compile(r"should be non-empty$"), "it must not be empty"),
    (re.compile(r"is a (required) property$"), "it is {}"),
    (re.compile(r"is not one of \["), "the Horde has no such choice"),
    (re.compile(r"has (non-unique) elements$"), "no entry may come twice"),
)


def refusal_of(status: int, body: object, *, retry_after: float | None = None) -> BackendError:
    """The error for an answer with that HTTP status (not a 2xx).

    `body`: its JSON, None when it was none; `retry_after`: its header, in seconds.
    """
    fields = cast("dict[str, object]", body) if isinstance(body, dict) else None
    rc = _rc(fields or {})
    if status == 429:
        return _too_much(rc, retry_after)
    if rc in {"MaintenanceMode", "TimeoutIP"}:  # 400 and 403, but nothing is wrong with the request
        return _paused(rc, status, str((fields or {}).get("message")), retry_after)
    # A 404 without an rc concerns the address, not a request.
    if fields is not None and 400 <= status < 500 and (rc or status not in {404, 408}):
        return _known(rc, status, fields) if rc else _invalid(status, fields)
    return _down(status, retry_after, data=fields is not None)


def _rc(fields: Mapping[str, object]) -> str:
    """Its rc, without the dot at the end of some of them, or ""."""
    rc = fields.get("rc")
    bare = rc.rstrip(".") if isinstance(rc, str) else ""
    return bare if _RC.fullmatch(bare) else ""


def _known(rc: str, status: int, fields: Mapping[str, object]) -> BackendError:
    if rc in {"RequestNotFound", "RequestExpired"}:
        return RequestGone("The Horde no longer knows this request.", rc=rc, status=status)
    code = meaning(rc)
    sentence = code.sentence
    found = _PRICES[rc].search(str(fields.get("message"))) if rc in _PRICES else None
    price = float(found[1]) if found else 0.0
    if rc == "KudosUpfront" and price:
        sentence = UPFRONT.format(math.ceil(price))
    return RequestRejected(sentence, rc=rc, status=status, private=code.private, kudos=price)


def _too_much(rc: str, retry_after: float | None) -> BackendError:
    # The limiter's 429 differs only by the missing rc.
    if rc == "TooManyPrompts":
        text = "All waiting places of this account at the Horde are taken."
        return TooManyPrompts(text, rc=rc, status=429)
    text = "The Horde gets too many calls at once."
    return RateLimited(text, rc=rc, status=429, retry_after=retry_after)


def _down(status: int, retry_after: float | None, *, data: bool) -> BackendDown:
    if 300 <= status < 400:
        text = f"The Horde answered with a redirection ({status}): its address has changed."
    elif data:
        text = f"The Horde answered with an error of its own ({status})."
    else:
        text = f"The Horde answered with a page instead of data ({status})."
    own_error = status == 500 and data  # raised before the request was queued
    in_doubt = status >= 500 and status not in NEVER_ARRIVED and not own_error
    return BackendDown(text, status=status, retry_after=retry_after, in_doubt=in_doubt)


def _paused(rc: str, status: int, message: str, retry_after: float | None) -> BackendPaused:
    if rc == "MaintenanceMode":
        text = "The Horde is in maintenance and takes no new requests."
        return BackendPaused(text, rc=rc, status=status, retry_after=retry_after)
    found = _SECONDS.search(message)
    text = "The Horde takes no requests from the bot's address for a while."
    seconds = float(found[1]) if found else retry_after
    return AddressBlocked(text, rc=rc, status=status, retry_after=seconds)


def _invalid(status: int, fields: Mapping[str, object]) -> RequestRejected:
    """A 4xx without rc: refused by the schema, with the names of the fields if any."""
    errors = fields.get("errors")
    if not isinstance(errors, dict) or not errors:
        return RequestRejected(f"The Horde did not accept this ({status}).", status=status)
    path, message = next(iter(cast("dict[str, object]", errors).items()))
    name = path.removeprefix("params.") if _FIELD.fullmatch(path) else ""
    if name == "apikey":
        text = "The Horde wants an API key for this. Set one with /account login."
        return RequestRejected(text, status=status, private=True)
    subject = f"`{name}`" if name else "one of the settings"
    reason = _reason(str(message))
    return RequestRejected(f"The Horde does not accept {subject}{reason}.", status=status)


def _reason(message: str) -> str:
    for pattern, words in _REASONS:
        if found := pattern.search(message):
            return f": {words.format(*found.groups())}"
    return ""
