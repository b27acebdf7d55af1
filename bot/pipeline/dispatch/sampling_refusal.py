"""A sampler, a scheduler or a setting that the backend refused, although its list allowed it."""

from collections.abc import Awaitable, Callable

from bot.domain.records import Record
from bot.domain.requests import ImageRequest
from bot.errors import BotError, RequestRejected

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
    """The error; for refused sampling, one that says what the backend accepts now."""
    if not isinstance(error, RequestRejected) or not isinstance(record.request, ImageRequest):
        return error
    if error.rc not in CODES and (error.rc or error.status != SCHEMA):
        return error
    said = await ask(record.backend, record.request)
    return RequestRejected(said, rc=error.rc, status=error.status) if said else error
