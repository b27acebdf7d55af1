"""Is it over, and how did it end? The Horde's own `done` cannot be trusted alone.

Seen on the real server: done although a third attempt is still running (and may deliver); done
with nothing made and `faulted` false for ever; done never true after a text was cancelled or the
Horde went into maintenance. So the counts decide, and where both counts are zero for the instant
in which a worker takes a job, only a second look a few seconds later may believe it.
"""

from collections.abc import Sequence

from bot.backends.horde_alchemy import ENDS
from bot.domain.results import (
    FormResult,
    Generation,
    ImageGeneration,
    Phase,
    Status,
    TextGeneration,
)
from bot.horde.job_responses import Check

GAVE_UP = "The workers failed at this several times, so the Horde gave up."
REST_FAILED = "The workers failed at the rest."
ALREADY_BEGUN = "A worker had already begun, so it may still cost kudos."
_WITHHELD = {
    "censored": "The worker's filter withheld the text.",
    "csam": "The worker's filter withheld the text: it took it for something illegal.",
}


def looks_over(look: Check, n: int) -> bool:
    """Nothing more seems to come: given up, all there, or nothing waits and nothing runs."""
    return look.faulted or look.finished >= n or (look.waiting == 0 and look.processing == 0)


def judge(look: Check, n: int, made: Sequence[Generation]) -> Status:
    """One look at a picture or text request. `n`: results asked for, `made`: those seen with it.

    `settled` is False when the end is only likely: look again after 3 s.
    """
    good = sum(_is_good(generation) for generation in made)
    if not looks_over(look, n):
        phase = Phase.PROCESSING if look.processing or look.finished else Phase.WAITING
        return _status(look, phase, made)
    settled = look.faulted or len(made) >= n
    if good >= n:
        return _status(look, Phase.DONE, made, settled=settled)
    phase = Phase.PARTIAL if good else Phase.FAULTED
    return _status(look, phase, made, detail=_detail(good, n, made), settled=settled)


def judge_cancel(look: Check, n: int, made: Sequence[Generation]) -> Status:
    """The answer to a cancel, which tells how it was just before.

    What had ended by then stays as it ended. Jobs that were running are still delivered and paid.
    """
    before = judge(look, n, made)
    if not before.phase.is_open and before.settled:
        return before
    detail = ALREADY_BEGUN if look.processing else ""
    return before.with_outcome(Phase.CANCELLED, detail)


def judge_forms(forms: Sequence[FormResult]) -> Status:
    """One look at an alchemy request. It is over when each form is.

    Without forms (the server once forgot them, or never had any) only a second look believes it.
    """
    good = sum(_is_good(form) for form in forms)
    if any(form.state not in ENDS for form in forms):
        begun = any(form.state != "waiting" for form in forms)
        return _forms_status(forms, Phase.PROCESSING if begun else Phase.WAITING)
    if good and good == len(forms):
        return _forms_status(forms, Phase.DONE)
    if any(form.state == "cancelled" for form in forms):
        return _forms_status(forms, Phase.CANCELLED)
    phase = Phase.PARTIAL if good else Phase.FAULTED
    detail = _detail(good, len(forms), forms)
    return _forms_status(forms, phase, detail=detail, settled=bool(forms))


def judge_forms_cancel(forms: Sequence[FormResult]) -> Status:
    """The answer to a cancel of alchemy: what was done stays, the rest is cancelled."""
    status = judge_forms(forms)
    if status.phase.is_open:
        running = any(form.state == "processing" for form in forms)
        return status.with_outcome(Phase.CANCELLED, ALREADY_BEGUN if running else "")
    return status


def _is_good(generation: Generation) -> bool:
    """There is something to show, or a link to fetch it from."""
    match generation:
        case ImageGeneration():
            return bool(generation.url or generation.file) and not generation.problem
        case TextGeneration():
            return generation.arrived
        case FormResult():
            has_link = bool(generation.url) and not generation.problem
            return generation.arrived or (generation.state == "done" and has_link)


def _status(
    look: Check,
    phase: Phase,
    made: Sequence[Generation],
    *,
    detail: str = "",
    settled: bool = True,
) -> Status:
    return Status(
        phase=phase,
        waiting=look.waiting,
        processing=look.processing,
        finished=look.finished,
        restarted=look.restarted,
        queue_position=look.queue_position,
        wait_time=look.wait_time,
        kudos=look.kudos,
        is_possible=look.is_possible,
        generations=tuple(made),
        detail=detail,
        settled=settled,
    )


def _forms_status(
    forms: Sequence[FormResult], phase: Phase, *, detail: str = "", settled: bool = True
) -> Status:
    states = [form.state for form in forms]
    return Status(
        phase=phase,
        waiting=states.count("waiting"),
        processing=states.count("processing"),
        finished=states.count("done"),
        generations=tuple(forms),
        detail=detail,
        settled=settled,
    )


def _detail(good: int, n: int, made: Sequence[Generation]) -> str:
    """Why it is less than was asked for, in a sentence or two."""
    problems = {problem for generation in made if (problem := _problem(generation))}
    if len(problems) == 1:
        why = problems.pop()
    elif problems:
        why = "The others cannot be shown." if good else "What came back cannot be shown."
    else:
        why = REST_FAILED if good else GAVE_UP
    return f"{good} of {n} arrived. {why}" if good else why


def _problem(generation: Generation) -> str:
    if isinstance(generation, TextGeneration):
        empty = "" if generation.text else "The worker sent an empty text."
        return _WITHHELD.get(generation.censored, empty)
    return generation.problem
