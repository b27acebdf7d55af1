"""Converts every answer that is not a success to a typed error. Pure."""

import re
from typing import cast

from bot.backends.openai.responses import ErrorFacts
from bot.errors import BackendDown, BackendError, BadReply, RateLimited, RequestRejected
from bot.http.schema import read_as
from bot.i18n import N_, _

# From a proxy that did not reach the server: docs/horde-api.md#error-codes has the same list.
NEVER_ARRIVED = frozenset({503, 521, 523})
NO_QUOTA = "insufficient_quota"  # OpenAI's 429 of an account without credit, which no wait helps
LONG = re.compile("context.(length|window)|exceed_context|too long")
NOT_TAKEN = re.compile("unsupported|not support|unrecognized|not permitted|unknown parameter")
# The codes that are passed on. A server can send any other text, which may be a code of a Horde.
CODES = frozenset(
    {
        NO_QUOTA,
        "model_not_found",
        "context_length_exceeded",
        "content_policy_violation",
        "unsupported_parameter",
        "unsupported_value",
    }
)
BAD_KEY = "InvalidAPIKey"  # the name that the rest of the bot knows for a key that is refused
FIELDS = ("max_tokens", "stop", "temperature")  # that some models refuse
NO_TEMPLATE = re.compile("chat template")

UNREACHED = N_("{backend} cannot be reached. Try again later.")
BROKE = N_("The connection to {backend} broke before the answer was complete.")
FAILED = N_("{backend} failed with an error ({status}). Try again later.")
BUSY = N_("{backend} receives too many requests. Try again in a moment.")
WRONG_KEY = N_("{backend} does not accept the API key. Set another key.")
NO_CREDIT = N_("The account at {backend} has no credit left. Add credit, or set another key.")
NO_MODEL = N_("{backend} does not have this model. Choose another model.")
NO_SUCH_MODEL = N_("{backend} does not list the model {name}. Choose another model.")
TOO_LONG = N_(
    "The prompt and the text are too long for this model at {backend}. Use a shorter prompt or a "
    "shorter length."
)
FILTERED = N_("The filter of {backend} refused the prompt. Change it and send it again.")
REFUSED = N_("{backend} did not accept the request ({status}). Change it and send it again.")
NONSENSE = N_("{backend} gave an answer that makes no sense.")


class NoSuchRoute(BackendError):
    """The server does not have this route, or the model cannot be used with it."""


class UnsupportedField(RequestRejected):
    """The model does not take one of the usual fields of a text."""

    def __init__(self, message: str, *, field: str, rc: str, status: int) -> None:
        super().__init__(message, rc=rc, status=status)
        self.field = field


def unreached(title: str, error: BackendDown) -> BackendDown:
    """The error of a call without a whole answer, with the name of the backend."""
    text = _(BROKE if error.in_doubt else UNREACHED).format(backend=title)
    return BackendDown(text, in_doubt=error.in_doubt, title=title)


def wrong_key(title: str) -> RequestRejected:
    """The error of a key that the server does not accept, or that fits into no header."""
    return _rejected(WRONG_KEY, title, 401, BAD_KEY, private=True)


def unlisted(title: str, model: str) -> RequestRejected:
    """The error of a chosen model that the server does not list."""
    text = _(NO_SUCH_MODEL).format(backend=title, name=model)
    return RequestRejected(text, rc="model_not_found")


def unreadable(title: str) -> BadReply:
    """The error of a success that cannot be read."""
    return BadReply(_(NONSENSE).format(backend=title))


def facts_of(body: object) -> ErrorFacts | None:
    """The error in a body, whatever its form; None without one."""
    fields = cast("dict[str, object]", body) if isinstance(body, dict) else {}
    error = fields.get("error", fields.get("detail", fields.get("message")))
    if isinstance(error, str):
        return ErrorFacts(message=error[:1000])
    return read_as(ErrorFacts, cast("object", error)) if isinstance(error, dict) else None


def openai_refusal(
    title: str, status: int, facts: ErrorFacts | None, *, retry_after: float | None = None
) -> BackendError:
    """The error for an answer with that HTTP status (not a 2xx)."""
    facts_or_none, facts = facts, facts or ErrorFacts()
    code = next((word for word in (facts.code, facts.type) if word in CODES), "")
    if status == 402 or NO_QUOTA in {facts.code, facts.type}:
        return _rejected(NO_CREDIT, title, status, code, private=True)
    if status == 429:
        return RateLimited(_(BUSY).format(backend=title), status=429, retry_after=retry_after)
    if status in {401, 403}:
        # OpenRouter refuses a prompt so, too.
        reason, code = (FILTERED, code) if _is_filtered(facts) else (WRONG_KEY, BAD_KEY)
        return _rejected(reason, title, status, code, private=True)
    if _is_routeless(status, facts_or_none):
        return NoSuchRoute(_(REFUSED).format(backend=title, status=status), status=status)
    if status >= 500 or status in {408, 425} or status < 400:
        return _down(title, status, retry_after)
    return _for_good(title, status, facts, code)


def _for_good(title: str, status: int, facts: ErrorFacts, code: str) -> RequestRejected:
    if field := _unsupported(status, facts):
        text = _(REFUSED).format(backend=title, status=status)
        return UnsupportedField(text, field=field, rc=code, status=status)
    return _rejected(_reason(status, facts), title, status, code)


def _unsupported(status: int, facts: ErrorFacts) -> str:
    """The field that a model does not take; "" for any other error.

    OpenAI's code is `unsupported_parameter`, or `unsupported_value` for a temperature.
    """
    words = f"{facts.code} {facts.message}".lower()
    if status not in {400, 422} or not NOT_TAKEN.search(words):
        return ""
    quoted = (name for name in FIELDS if f"'{name}'" in words or f"`{name}`" in words)
    return facts.param if facts.param in FIELDS else next(quoted, "")


def _is_routeless(status: int, facts: ErrorFacts | None) -> bool:
    """No such route, or a model without a template for chats."""
    if status in {405, 501} or (status == 404 and facts is None):
        return True
    message = facts.message.lower() if facts is not None else ""
    unknown_path = status == 404 and "model" not in message and "url" in message
    return unknown_path or (status == 400 and NO_TEMPLATE.search(message) is not None)


def _reason(status: int, facts: ErrorFacts) -> str:
    words = f"{facts.code} {facts.type} {facts.message}".lower()
    if status == 404 or "model_not_found" in words:
        return NO_MODEL
    if status == 413 or LONG.search(words):
        return TOO_LONG
    return FILTERED if _is_filtered(facts) else REFUSED


def _is_filtered(facts: ErrorFacts) -> bool:
    words = f"{facts.code} {facts.type} {facts.message}".lower()
    return any(each in words for each in ("content_policy", "content_filter", "moderation"))


def _rejected(
    message: str, title: str, status: int, code: str, *, private: bool = False
) -> RequestRejected:
    text = _(message).format(backend=title, status=status)
    return RequestRejected(text, rc=code, status=status, private=private)


def _down(title: str, status: int, retry_after: float | None) -> BackendDown:
    text = _(FAILED).format(backend=title, status=status)
    in_doubt = status >= 500 and status not in NEVER_ARRIVED
    return BackendDown(text, status=status, retry_after=retry_after, in_doubt=in_doubt, title=title)
