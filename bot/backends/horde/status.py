"""Decides whether a request has ended, and how.

The Horde's `done` is not reliable, so the counts decide: docs/horde-api.md#end-of-a-request.
"""

from collections.abc import Sequence

from bot.backends.horde.alchemy import ENDS
from bot.domain.generations import (
    FormResult,
    Generation,
    ImageGeneration,
    TextGeneration,
    VideoGeneration,
)
from bot.domain.results import Phase, Status
from bot.horde.job_responses import Check, TextStatus
from bot.i18n import N_, _

GAVE_UP = N_("The workers failed several times, so the Horde stopped trying.")
REST_FAILED = N_("The workers failed to create the other results.")
DROPPED = N_("The Horde dropped the request when its maintenance began.")
REST_DROPPED = N_("The Horde dropped the other results when its maintenance began.")
LET_GO = N_("The request was cancelled at the Horde, outside of the bot.")
REST_LET_GO = N_("The other results were cancelled at the Horde, outside of the bot.")
ALREADY_BEGUN = N_("A worker had already started. The request may still cost kudos.")
EMPTY = N_("The worker sent an empty text.")
REASONING_ONLY = N_("The model used the whole length for its reasoning. Ask for a longer text.")
_WITHHELD = {
    "censored": N_("The filter of the worker withheld the text."),
    "csam": N_("The filter of the worker withheld the text as illegal content."),
}


def has_ended(answer: Check, n: int) -> bool:
    """No more results seem to come: given up, complete, or nothing waits and nothing runs."""
    return (
        answer.faulted or answer.finished >= n or (answer.waiting == 0 and answer.processing == 0)
    )


def status_of(answer: Check, n: int, made: Sequence[Generation]) -> Status:
    """Status of a picture or text request. `n`: expected results, `made`: results so far.

    `settled` is False when the end is only likely: poll again after 3 s.
    """
    good = sum(_is_good(generation) for generation in made)
    if not has_ended(answer, n):
        phase = Phase.PROCESSING if answer.processing or answer.finished else Phase.WAITING
        return _build_status(answer, phase, made)
    settled = answer.faulted or len(made) >= n
    if good >= n:
        return _build_status(answer, Phase.DONE, made, settled=settled)
    phase = Phase.PARTIAL if good else Phase.FAULTED
    missing = _why_missing(answer, rest=good > 0)
    ended = _build_status(
        answer, phase, made, detail=_detail(made, missing, rest=good > 0), settled=settled
    )
    return ended.as_dropped() if missing in {DROPPED, REST_DROPPED} else ended


def _why_missing(answer: Check, *, rest: bool) -> str:
    """Why results never came: the workers failed, or the Horde dropped the request itself.

    A request dropped by a maintenance is never `done`; a cancelled one is, except a text
    (docs/horde-api.md#end-of-a-request).
    """
    if answer.faulted or answer.restarted or answer.waiting or answer.processing:
        return REST_FAILED if rest else GAVE_UP
    if isinstance(answer, TextStatus) or answer.done:
        return REST_LET_GO if rest else LET_GO
    return REST_DROPPED if rest else DROPPED


def status_after_cancel(answer: Check, n: int, made: Sequence[Generation]) -> Status:
    """Status from the answer to a cancel, which describes the moment before.

    A request that had ended keeps its outcome. Running jobs are still delivered and paid.
    """
    before = status_of(answer, n, made)
    if not before.phase.is_open and before.settled:
        return before
    detail = _(ALREADY_BEGUN) if answer.processing else ""
    return before.with_outcome(Phase.CANCELLED, detail)


def forms_status(forms: Sequence[FormResult]) -> Status:
    """Status of an alchemy request. It has ended when each form has.

    Without forms (the server lost them, or never had any) only a second poll confirms the end.
    """
    good = sum(_is_good(form) for form in forms)
    if any(form.state not in ENDS for form in forms):
        begun = any(form.state != "waiting" for form in forms)
        return _build_forms_status(forms, Phase.PROCESSING if begun else Phase.WAITING)
    if good and good == len(forms):
        return _build_forms_status(forms, Phase.DONE)
    if any(form.state == "cancelled" for form in forms):
        return _build_forms_status(forms, Phase.CANCELLED)
    phase = Phase.PARTIAL if good else Phase.FAULTED
    detail = _detail(forms, REST_FAILED if good else GAVE_UP, rest=good > 0)
    return _build_forms_status(forms, phase, detail=detail, settled=bool(forms))


def forms_status_after_cancel(forms: Sequence[FormResult]) -> Status:
    """Status from the answer to a cancel of alchemy: finished forms stay, the rest is cancelled."""
    status = forms_status(forms)
    if status.phase.is_open:
        running = any(form.state == "processing" for form in forms)
        return status.with_outcome(Phase.CANCELLED, _(ALREADY_BEGUN) if running else "")
    return status


def _is_good(generation: Generation) -> bool:
    """There is something to show, or a link to fetch it from."""
    match generation:
        case ImageGeneration() | VideoGeneration():
            return bool(generation.url or generation.file) and not generation.problem
        case TextGeneration():
            return generation.arrived
        case FormResult():
            has_link = bool(generation.url) and not generation.problem
            return generation.arrived or (generation.state == "done" and has_link)


def _build_status(
    answer: Check,
    phase: Phase,
    made: Sequence[Generation],
    *,
    detail: str = "",
    settled: bool = True,
) -> Status:
    return Status(
        phase=phase,
        waiting=answer.waiting,
        processing=answer.processing,
        finished=answer.finished,
        restarted=answer.restarted,
        queue_position=answer.queue_position,
        wait_time=answer.wait_time,
        cost=answer.kudos,
        is_possible=answer.is_possible,
        might_stall=answer.might_stall,
        eligible_workers=answer.eligible_workers,
        generations=tuple(made),
        detail=detail,
        settled=settled,
    )


def _build_forms_status(
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


def _detail(made: Sequence[Generation], missing: str, *, rest: bool) -> str:
    """Why results are missing. `missing`: why some were not sent. `rest`: others arrived."""
    problems = {problem for generation in made if (problem := _problem(generation))}
    if len(problems) == 1:
        return problems.pop()
    if problems:
        return _("The other results cannot be shown.") if rest else _("No result can be shown.")
    return _(missing)


def _problem(generation: Generation) -> str:
    if isinstance(generation, TextGeneration):
        if generation.censored:
            return _(_WITHHELD[generation.censored])
        empty = REASONING_ONLY if generation.reasoning_only else EMPTY
        return "" if generation.text else _(empty)
    return generation.problem
