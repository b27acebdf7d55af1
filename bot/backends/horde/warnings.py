"""Warnings of the Horde about a request that it took, and the refusal of videos."""

from bot.backends.horde.workers import WorkerLimits
from bot.backends.inline_results import plain_answer
from bot.domain.requests import ImageRequest, Request, TextRequest
from bot.errors import RequestRejected
from bot.horde.job_responses import Submitted
from bot.i18n import N_, _

NO_WORKER_CODE = "NoAvailableWorker"
NO_WORKER = N_(
    "No worker can take the request at the moment. It waits for a worker for up to 20 minutes."
)
NO_VIDEOS = N_("{backend} makes no videos. Choose another command.")
WARNINGS = {
    "StepsTooFew": N_("The number of steps is low for this model."),
    "StepsTooMany": N_("The number of steps is higher than this model needs."),
    "CfgScaleMismatch": N_("This model works best with another CFG scale."),
    "CfgScaleTooSmall": N_("The CFG scale is low for this model."),
    "CfgScaleTooLarge": N_("The CFG scale is high for this model."),
    "CfgPPScaleTooLarge": N_("This sampler works best with a CFG scale of 1 to 2."),
    "SamplerMismatch": N_("This model works best with another sampler."),
    "SchedulerMismatch": N_("This model works best with another scheduler (Karras)."),
    "ClipSkipMismatch": N_("This model works best with another clip skip."),
}


def warnings_of(taken: Submitted) -> tuple[str, ...]:
    """The server's warnings in the bot's words, in a fixed order (theirs is random).

    Without the one about workers.
    """
    remarks = {warning.code: warning.message for warning in taken.warnings}
    known = [_(WARNINGS[code]) for code in WARNINGS if code in remarks]
    others = remarks.keys() - WARNINGS.keys() - {NO_WORKER_CODE}
    other = sorted(plain_answer(remarks[code], 300) for code in others)
    return tuple(known + [text for text in other if text])


def lacks_worker(taken: Submitted) -> bool:
    """No worker can take it now. For texts and alchemy that is the only warning, as `message`."""
    codes = {warning.code for warning in taken.warnings}
    return bool(taken.message) or NO_WORKER_CODE in codes


async def worker_warnings(
    request: Request, taken: Submitted, limits: WorkerLimits
) -> tuple[str, ...]:
    """That no worker can take the request now, and why; empty when one can."""
    if not lacks_worker(taken):
        return ()
    if not isinstance(request, ImageRequest | TextRequest):
        return (_(NO_WORKER),)
    return (_(NO_WORKER), *await limits.excluding(request))


def no_videos(title: str) -> RequestRejected:
    """The error for a request for a video at that backend."""
    return RequestRejected(_(NO_VIDEOS).format(backend=title))
