"""Rules for modals."""

from sandbox.discord.rules import component_tree
from sandbox.discord.rules.component_types import (
    CHECKBOX,
    CHECKBOX_GROUP,
    FILE_UPLOAD,
    LABEL,
    RADIO_GROUP,
    ROW,
    TEXT_DISPLAY,
    TEXT_INPUT,
    component,
    custom_id,
)
from sandbox.discord.rules.components import text_display
from sandbox.discord.rules.error_report import Check, ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    boolean,
    choice,
    integer,
    listed,
    model,
    refuse_above,
    refuse_length,
    refuse_missing,
    text,
    union,
)
from sandbox.discord.rules.selects import SELECTS, option, refuse_repeated_values


def _input_rules(report: ErrorReport, field: JSON) -> None:
    low, high = field.get("min_length") or 0, field.get("max_length") or 4000
    if low > high:
        refuse_above(report / "min_length", high)
    if len(field.get("value") or "") > high:
        refuse_length(report / "value", 0, high)


text_input = component(
    "custom_id",
    "style",
    custom_id=custom_id,
    style=choice(1, 2),
    label=text(1, 45),
    min_length=integer(0, 4000),
    max_length=integer(1, 4000),
    required=boolean,
    value=text(0, 4000),
    placeholder=text(0, 100),
    also=_input_rules,
)


def _row_rules(report: ErrorReport, row: JSON) -> None:
    for n, child in enumerate(row["components"]):
        if child.get("label") is None:
            refuse_missing(report / "components" / n / "label")
        if n:
            (report / "components" / n).refuse(
                "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
                "The specified component exceeds the maximum width",
            )


# The old form, still accepted: a row with one text input that has its own label.
_row = component(
    "components", components=listed(union({TEXT_INPUT: text_input}), 1, 5), also=_row_rules
)


def _modal_rules(report: ErrorReport, field: JSON) -> None:
    """Rules for modals only: a required field has at least one value and is not disabled."""
    if field.get("min_values") == 0 and field.get("required") is not False:
        (report / "min_values").refuse(
            "NUMBER_TYPE_MIN", "int value should be greater than or equal to 1."
        )
    if field.get("disabled"):
        (report / "disabled").refuse(
            "COMPONENT_DISABLED_IN_MODAL", "Modals cannot have disabled components"
        )


def _in_modal(select: Check) -> Check:
    """The check of a select in a message, plus the rules for modals."""

    def check(report: ErrorReport, value: JSON) -> None:
        before = report.error_count
        select(report, value)
        if report.error_count == before:
            _modal_rules(report, value)

    return check


def _upload_rules(report: ErrorReport, upload: JSON) -> None:
    _modal_rules(report, upload)
    high = upload.get("max_values") or 1
    if (upload.get("min_values") or 0) > high:
        refuse_above(report / "min_values", high)


def _group_rules(report: ErrorReport, group: JSON) -> None:
    _modal_rules(report, group)
    options = group["options"]
    high = group.get("max_values") or len(options)
    if (group.get("min_values") or 0) > high:
        refuse_above(report / "min_values", high)
    refuse_repeated_values(report, options)


_values = {"min_values": integer(0, 10), "max_values": integer(1, 10)}


def _group(low: int, **fields: Check) -> Check:
    return component(
        "custom_id",
        "options",
        custom_id=custom_id,
        required=boolean,
        options=listed(option, low, 10),
        also=_group_rules,
        **fields,
    )


_FIELDS: dict[int, Check] = {
    **{kind: _in_modal(select) for kind, select in SELECTS.items()},
    TEXT_INPUT: text_input,
    FILE_UPLOAD: component(
        "custom_id", custom_id=custom_id, required=boolean, also=_upload_rules, **_values
    ),
    RADIO_GROUP: _group(2),
    CHECKBOX_GROUP: _group(1, **_values),
    CHECKBOX: component("custom_id", custom_id=custom_id, default=boolean),
}

_label = component(
    "label",
    "component",
    label=text(1, 45),
    description=text(1, 100),
    component=union(dict(sorted(_FIELDS.items()))),
)


def _whole_rules(report: ErrorReport, modal: JSON) -> None:
    component_tree.refuse_repeated_ids(report / "components", modal["components"])


modal = model(
    {
        "custom_id": custom_id,
        "title": text(1, 45),
        "components": listed(union({ROW: _row, TEXT_DISPLAY: text_display, LABEL: _label}), 1, 5),
    },
    required=("custom_id", "title", "components"),
    also=_whole_rules,
)
"""The check of the ``data`` of a callback of type 9."""
