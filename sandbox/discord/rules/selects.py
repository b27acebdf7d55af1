"""Rules for select menus, in a row of a message or in a label of a modal."""

from sandbox.discord.rules.buttons import emoji
from sandbox.discord.rules.component_types import (
    CHANNEL_SELECT,
    MENTIONABLE_SELECT,
    ROLE_SELECT,
    STRING_SELECT,
    USER_SELECT,
    component,
    custom_id,
)
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
    snowflake,
    text,
)

CHANNEL_TYPES = (0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 16)


def _select_rules(report: ErrorReport, select: JSON) -> None:
    high = select.get("max_values") or 1
    if (select.get("min_values") or 0) > high:
        refuse_above(report / "min_values", high)
    if len(select.get("default_values") or ()) > high:
        _too_many_defaults(report)


def _string_select_rules(report: ErrorReport, select: JSON) -> None:
    _select_rules(report, select)
    high = select.get("max_values") or 1
    options: list[JSON] = select["options"]
    if len(options) < high:
        refuse_length(report / "options", high, 25)
    if sum(option.get("default") is True for option in options) > high:
        _too_many_defaults(report)
    refuse_repeated_values(report, options)


def _too_many_defaults(report: ErrorReport) -> None:
    report.refuse(
        "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES",
        "The specified number of default values exceeds the specified maximum values",
    )


def refuse_repeated_values(report: ErrorReport, options: list[JSON]) -> None:
    """Report each option that has the ``value`` of an earlier option."""
    seen: set[str] = set()
    for n, option in enumerate(options):
        if option["value"] in seen:
            (report / "options" / n / "value").refuse(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option["value"])


option = model(
    {
        "label": text(1, 100),
        "value": text(1, 100),
        "description": text(0, 100),
        "emoji": emoji,
        "default": boolean,
    },
    required=("label", "value"),
)


def _select(*needed: str, also: Check = _select_rules, **fields: Check) -> Check:
    return component(
        "custom_id",
        *needed,
        custom_id=custom_id,
        placeholder=text(0, 150),
        min_values=integer(0, 25),
        max_values=integer(1, 25),
        disabled=boolean,
        required=boolean,
        also=also,
        **fields,
    )


def _default_values(*kinds: str) -> Check:
    value = model({"id": snowflake, "type": choice(*kinds)}, required=("id", "type"))
    return listed(value, 0, 25)


SELECTS: dict[int, Check] = {
    STRING_SELECT: _select("options", options=listed(option, 1, 25), also=_string_select_rules),
    USER_SELECT: _select(default_values=_default_values("user")),
    ROLE_SELECT: _select(default_values=_default_values("role")),
    MENTIONABLE_SELECT: _select(default_values=_default_values("user", "role")),
    CHANNEL_SELECT: _select(
        default_values=_default_values("channel"),
        channel_types=listed(choice(*CHANNEL_TYPES), 0, len(CHANNEL_TYPES), unique=True),
    ),
}
