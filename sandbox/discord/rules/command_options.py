"""Rules for the options of a command: values, subcommands and groups."""

from collections.abc import Callable
from typing import Any

from sandbox.discord.rules.command_names import command_name, localised
from sandbox.discord.rules.error_report import Check, ErrorReport
from sandbox.discord.rules.field_checks import (
    JSON,
    boolean,
    choice,
    integer,
    is_integer,
    listed,
    model,
    number,
    refuse_above,
    text,
    union,
)
from sandbox.discord.rules.selects import CHANNEL_TYPES

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN = 1, 2, 3, 4, 5
USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = 6, 7, 8, 9, 10, 11

# The integers that every JSON parser reads exactly, and Discord's bound for doubles.
_integer = integer(-(2**53) + 1, 2**53 - 1)
_double = number(2.0**53)

description = text(1, 100)
choice_name = text(1, 100)
# Discord's OpenAPI file has 6,000; its documentation and its answers have 100.
choice_text = text(0, 100)


def choice_value(report: ErrorReport, value: Any) -> None:
    """The value of a choice: a text, an integer or another number."""
    if isinstance(value, str):
        choice_text(report, value)
    elif is_integer(value):
        _integer(report, value)
    else:
        _double(report, value)


def described_model(*needed: str, also: Check | None = None, **fields: Check) -> Check:
    """A model with name and description, both of which may be translated."""
    return model(
        {
            "name": command_name,
            "name_localizations": localised(command_name),
            "description": description,
            "description_localizations": localised(description),
            **fields,
        },
        required=("name", "description", *needed),
        also=also,
    )


def _choices(value: Check) -> Check:
    one = model(
        {"name": choice_name, "name_localizations": localised(choice_name), "value": value},
        required=("name", "value"),
    )
    return listed(one, 0, 25)


def _value_rules(low: str, high: str) -> Check:
    """Rules of typed options: bounds in order; choices or autocomplete, not both."""

    def check(report: ErrorReport, option: JSON) -> None:
        least, most = option.get(low), option.get(high)
        if least is not None and most is not None and least > most:
            refuse_above(report / low, most)
        choices: list[JSON] = option.get("choices") or []
        if choices and option.get("autocomplete"):
            report.refuse(
                "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
                "Options with choices cannot have autocomplete",
            )
        refuse_repeated_names(report / "choices", choices, "choices")

    return check


def refuse_repeated_names(report: ErrorReport, named: list[JSON], kind: str) -> None:
    """Report each item of a list that has the name of an earlier item."""
    seen: set[str] = set()
    for n, one in enumerate(named):
        if one["name"] in seen:
            (report / n).refuse(
                "APPLICATION_COMMAND_OPTIONS_NAME_INVALID",
                f"Option name {one['name']} is already used in these {kind}",
            )
        seen.add(one["name"])


def _typed(value: Check, low: str, high: str, bounds: Callable[[bool], Check]) -> Check:
    return described_model(
        required=boolean,
        autocomplete=boolean,
        choices=_choices(value),
        also=_value_rules(low, high),
        **{low: bounds(False), high: bounds(True)},
    )


_object_option = described_model(required=boolean)
_VALUES: dict[int, Check] = {
    STRING: _typed(
        choice_text, "min_length", "max_length", lambda upper: integer(int(upper), 6000)
    ),
    INTEGER: _typed(_integer, "min_value", "max_value", lambda _: _integer),
    **dict.fromkeys((BOOLEAN, USER), _object_option),
    CHANNEL: described_model(
        required=boolean,
        channel_types=listed(choice(*CHANNEL_TYPES), 0, len(CHANNEL_TYPES), unique=True),
    ),
    **dict.fromkeys((ROLE, MENTIONABLE), _object_option),
    NUMBER: _typed(_double, "min_value", "max_value", lambda _: _double),
    ATTACHMENT: _object_option,
}


def refuse_bad_options(report: ErrorReport, command: JSON) -> None:
    """Report options of one command or subcommand that cannot be combined."""
    report /= "options"
    options: list[JSON] = command.get("options") or []
    nested = [option["type"] in {SUBCOMMAND, GROUP} for option in options]
    if any(nested) and not all(nested):
        report.refuse(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other"
            " types",
        )
    required = [option.get("required") is True for option in options]
    for n, needed in enumerate(required):
        if needed and not all(required[:n]):
            (report / n).refuse(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
    refuse_repeated_names(report, options, "options")


_subcommand = described_model(options=listed(union(_VALUES), 0, 25), also=refuse_bad_options)
_group = described_model(
    options=listed(union({SUBCOMMAND: _subcommand}), 0, 25), also=refuse_bad_options
)
options = listed(union({SUBCOMMAND: _subcommand, GROUP: _group, **_VALUES}), 0, 25)
"""The check of a command's ``options``."""
