"""Warnings of the Horde about an image request that it took."""

from bot.backends.horde_generations import plain_answer
from bot.horde.job_responses import Submitted

NO_WORKER = "NoAvailableWorker"
WARNINGS = {
    NO_WORKER: "No worker can take this at the moment. It waits up to 20 minutes for one.",
    "StepsTooFew": "These are few steps for this model.",
    "StepsTooMany": "These are more steps than this model needs.",
    "CfgScaleMismatch": "This model is meant for another guidance (cfg scale).",
    "CfgScaleTooSmall": "This is little guidance (cfg scale) for this model.",
    "CfgScaleTooLarge": "This is a lot of guidance (cfg scale) for this model.",
    "SamplerMismatch": "This model is meant for another sampler.",
    "SchedulerMismatch": "This model is meant for another scheduler (karras).",
    "ClipSkipMismatch": "This model is meant for another clip skip.",
}


def warnings_of(taken: Submitted) -> tuple[str, ...]:
    """The server's warnings in the bot's words, in a fixed order (theirs is random)."""
    remarks = {warning.code: warning.message for warning in taken.warnings}
    if taken.message:
        remarks.setdefault(NO_WORKER, taken.message)  # texts and pictures share only this one
    known = [WARNINGS[code] for code in WARNINGS if code in remarks]
    other = sorted(plain_answer(remarks[code], 300) for code in remarks if code not in WARNINGS)
    return tuple(known + [text for text in other if text])
