"""Rules for the first response to an interaction."""

from collections.abc import Sequence
from typing import Any, cast

from sandbox.discord.rules.command_options import choice_name, choice_value
from sandbox.discord.rules.error_report import ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    is_integer,
    listed,
    model,
    refuse_choice,
    refuse_missing,
)
from sandbox.discord.rules.messages import EditedMessage, check_message
from sandbox.discord.rules.modals import modal

PONG, MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9

ALLOWED: dict[int, tuple[int, ...]] = {
    1: (PONG,),
    2: (MESSAGE, DEFERRED, MODAL),
    3: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE, MODAL),
    4: (CHOICES,),
    5: (MESSAGE, DEFERRED, DEFERRED_UPDATE, UPDATE),
}
"""The allowed response types by interaction type.

Discord also has 10 (premium required, withdrawn) and 12 (launch an Activity); a sandbox
application has no Activity, so 12 is refused as for any application without one.
"""

_choice = model({"name": choice_name, "value": choice_value}, required=("name", "value"))
_choices = model({"choices": listed(_choice, 0, 25)})


def check_callback(
    report: ErrorReport,
    body: Any,
    files: Sequence[str],
    interaction_type: int,
    before: EditedMessage,
    *,
    from_message: bool,
) -> None:
    """Report what Discord refuses of a response; see `callback_errors` for the parameters."""
    if not isinstance(body, dict):
        report.refuse("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return
    response = cast("JSON", body)
    allowed = ALLOWED.get(interaction_type, ())
    if not from_message:
        allowed = tuple(kind for kind in allowed if kind not in {DEFERRED_UPDATE, UPDATE})
    kind = response.get("type")
    if kind is None:
        refuse_missing(report / "type")
    elif not is_integer(kind) or kind not in allowed:
        refuse_choice(report / "type", allowed)
    else:
        _check_data(report / "data", kind, response.get("data"), files, before)


def _check_data(
    report: ErrorReport, kind: int, data: Any, files: Sequence[str], before: EditedMessage
) -> None:
    if data is None:
        if kind in {CHOICES, MODAL}:
            refuse_missing(report)
    elif kind in {MESSAGE, DEFERRED}:
        check_message(report, data, files)
    elif kind == UPDATE:
        check_message(report, data, files, before)
    elif kind == CHOICES:
        _choices(report, data)
    elif kind == MODAL:
        modal(report, data)
