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
    SharedKeyLow,
    TooManyPrompts,
)
from bot.horde.error_codes import meaning
from bot.i18n import N_, _
from bot.i18n.formats import number

# From a proxy that did not reach the server: 503 (none is up), Cloudflare's 521 (refused) and 523
# (unreachable). After any other 5xx of a proxy the call may have been carried out.
NEVER_ARRIVED = frozenset({503, 521, 523})
# Names of codes since 5.1.14, and the names at 5.1.5 that the rest of the bot knows.
RENAMED = {"BadClientAgent": "BannedClientAgent", "InvalidRemixModel": "InvalidRemix"}

_RC = re.compile(r"[A-Za-z0-9_ ]{1,60}")
_FIELD = re.compile(r"[a-z0-9_.]{1,60}")
_SECONDS = re.compile(r"timeout for (\d{1,6}) more seconds")
_NUMBER = r"(\d{1,9}(?:\.\d{1,20})?)"
# How the two refusals for missing kudos name the price.
_PRICES = {
    "KudosUpfront": re.compile(rf"requires {_NUMBER} kudos"),
    "SharedKeyInsufficientKudos": re.compile(rf"fulfill this request \({_NUMBER}\)"),
}
SHARED_KEY_LOW = frozenset({"SharedKeyEmpty", "SharedKeyInsufficientKudos"})
MAINTENANCE = N_("The Horde is in maintenance and does not accept new requests.")
ADDRESS_BLOCKED = N_(
    "The Horde does not accept requests from the address of the bot at the moment."
)
INVALID = N_("The Horde does not accept this value of {field}.")
# Ends of jsonschema's messages. The part before is the value, which is private.
_INVALID = (
    (
        re.compile(r"greater than the maximum of (?P<limit>\d[\d.]*)$"),
        N_("The Horde does not accept this value of {field}. The maximum is {limit}."),
    ),
    (
        re.compile(r"less than the minimum of (?P<limit>\d[\d.]*)$"),
        N_("The Horde does not accept this value of {field}. The minimum is {limit}."),
    ),
    (
        re.compile(r"not a multiple of (?P<step>\d[\d.]*)$"),
        N_("The Horde does not accept this value of {field}. It must be a multiple of {step}."),
    ),
    (re.compile(r"is too long$"), N_("The value of {field} is too long for the Horde.")),
    (re.compile(r"is too short$"), N_("The value of {field} is too short for the Horde.")),
    (re.compile(r"should be non-empty$"), N_("The value of {field} must not be empty.")),
    (re.compile(r"is a required property$"), N_("The Horde needs a value of {field}.")),
    (re.compile(r"is not one of \["), N_("The Horde does not know this value of {field}.")),
    (
        re.compile(r"has non-unique elements$"),
        N_("The Horde does not accept the same value of {field} twice."),
    ),
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
    if status == 404 and fields is not None and isinstance(fields.get("detail"), str):
        # From the host of the model reference, which has no rc.
        text = _("The list of models has no entry of this name. Choose another name.")
        return RequestGone(text, status=status)
    # A 404 without an rc concerns the address, not a request.
    if fields is not None and 400 <= status < 500 and (rc or status not in {404, 408}):
        return _known(rc, status, fields) if rc else _invalid(status, fields)
    return _down(status, retry_after, data=fields is not None)


def _rc(fields: Mapping[str, object]) -> str:
    """Its rc by the name of 5.1.5, without the dot at the end of some of them, or ""."""
    rc = fields.get("rc")
    bare = rc.rstrip(".") if isinstance(rc, str) else ""
    return RENAMED.get(bare, bare) if _RC.fullmatch(bare) else ""


def _known(rc: str, status: int, fields: Mapping[str, object]) -> BackendError:
    if rc in {"RequestNotFound", "RequestExpired"}:
        return RequestGone(_("The Horde no longer knows this request."), rc=rc, status=status)
    code = meaning(rc)
    sentence = code.sentence
    found = _PRICES[rc].search(str(fields.get("message"))) if rc in _PRICES else None
    price = float(found[1]) if found else 0.0
    if rc == "KudosUpfront" and price:
        sentence = _(
            "The Horde needs {kudos} kudos in advance, and the account has too few. Choose a "
            "smaller size or fewer steps, or use another key with `/account login`."
        ).format(kudos=number(math.ceil(price)))
    refusal = SharedKeyLow if rc in SHARED_KEY_LOW else RequestRejected
    return refusal(sentence, rc=rc, status=status, private=code.private, kudos=price)


def _too_much(rc: str, retry_after: float | None) -> BackendError:
    # The limiter's 429 differs only by the missing rc.
    if rc == "TooManyPrompts":
        text = _("This account has the maximum number of open requests at the Horde.")
        return TooManyPrompts(text, rc=rc, status=429)
    text = _("The Horde receives too many requests. Try again in a moment.")
    return RateLimited(text, rc=rc, status=429, retry_after=retry_after)


def _down(status: int, retry_after: float | None, *, data: bool) -> BackendDown:
    if 300 <= status < 400:
        text = _("The Horde answered with a redirect ({status}). The operator must check this.")
    elif data:
        text = _("The Horde failed with an internal error ({status}). Try again later.")
    else:
        text = _("The Horde did not answer with data ({status}). Try again later.")
    text = text.format(status=status)
    own_error = status == 500 and data  # raised before the request was queued
    in_doubt = status >= 500 and status not in NEVER_ARRIVED and not own_error
    return BackendDown(text, status=status, retry_after=retry_after, in_doubt=in_doubt)


def _paused(rc: str, status: int, message: str, retry_after: float | None) -> BackendPaused:
    if rc == "MaintenanceMode":
        return BackendPaused(_(MAINTENANCE), rc=rc, status=status, retry_after=retry_after)
    found = _SECONDS.search(message)
    seconds = float(found[1]) if found else retry_after
    return AddressBlocked(_(ADDRESS_BLOCKED), rc=rc, status=status, retry_after=seconds)


def _invalid(status: int, fields: Mapping[str, object]) -> RequestRejected:
    """A 4xx without rc: refused by the schema, with the names of the fields if any."""
    errors = fields.get("errors")
    if not isinstance(errors, dict) or not errors:
        text = _("The Horde did not accept the request ({status}).").format(status=status)
        return RequestRejected(text, status=status)
    path, message = next(iter(cast("dict[str, object]", errors).items()))
    name = path.removeprefix("params.") if _FIELD.fullmatch(path) else ""
    if name == "apikey":
        text = _("The Horde needs an API key. Set a key with `/account login`.")
        return RequestRejected(text, status=status, private=True)
    if not name:
        text = _("The Horde does not accept one of the options.")
        return RequestRejected(text, status=status)
    return RequestRejected(_invalid_value(f"`{name}`", str(message)), status=status)


def _invalid_value(field: str, message: str) -> str:
    for pattern, sentence in _INVALID:
        if found := pattern.search(message):
            return _(sentence).format(field=field, **found.groupdict())
    return _(INVALID).format(field=field)
