"""Reasons of refusals that only a further question to the backend tells."""

import logging
from collections.abc import Awaitable, Callable

from bot.backends.base import Backend
from bot.backends.values import ALCHEMY_FACTOR
from bot.domain.records import Payer, Record
from bot.domain.requests import ImageRequest, Kind
from bot.errors import BackendError, BotError, RequestRejected, TooManyPrompts
from bot.i18n import ngettext

log = logging.getLogger(__name__)
# The backend's name and the request; what it accepts now, "" if that is unknown.
SamplingRefusal = Callable[[str, ImageRequest], Awaitable[str]]
CODES = frozenset(
    {
        "SamplerKnobInapplicable",
        "SamplerKnobOutOfRange",
        "SamplerSolverTypeUnsupported",
        "SamplerSchedulerMismatch",
        "SchedulerBaselineMismatch",
        "FlowShiftInapplicable",
        "FlowShiftOutOfRange",
        "ControlStrengthWithoutControlType",
        "ControlStrengthOutOfRange",
        "InvalidControlType",
    }
)
SCHEMA = 400  # status of a refusal by the schema, without a code: an unknown sampler


async def unknown(_backend: str, _request: ImageRequest) -> str:
    """Of a backend without a list."""
    return ""


async def sampling_refusal(record: Record, error: BotError, ask: SamplingRefusal) -> BotError:
    """The error; for a sampler, a scheduler or a setting that the backend refused although its list
    allowed it, one that says what the backend accepts now.
    """
    if not isinstance(error, RequestRejected) or not isinstance(record.request, ImageRequest):
        return error
    if error.rc not in CODES and (error.rc or error.status != SCHEMA):
        return error
    said = await ask(record.backend, record.request)
    return RequestRejected(said, rc=error.rc, status=error.status) if said else error


async def slot_refusal(record: Record, key: str, error: BotError, backend: Backend) -> BotError:
    """The error; a refusal when the account may never have so many results waiting."""
    shared = record.payer in {Payer.ANONYMOUS, Payer.STYLE}
    if shared or not isinstance(error, TooManyPrompts):
        return error
    try:
        most = (await backend.account(key)).concurrency
    except BackendError as unanswered:
        log.info("#%d: the slots of the account are unknown: %s", record.id, unanswered)
        return error
    most *= ALCHEMY_FACTOR if record.kind is Kind.ALCHEMY else 1
    count = record.request.count
    if count <= most:
        return error
    text = ngettext(
        "This request has {count} results, and this account can have {most} open result at the "
        "Horde. Ask for fewer, or use another key with `/account login`.",
        "This request has {count} results, and this account can have {most} open results at "
        "the Horde. Ask for fewer, or use another key with `/account login`.",
        most,
    ).format(most=most, count=count)
    return RequestRejected(text, rc="TooManyPrompts", private=True)
