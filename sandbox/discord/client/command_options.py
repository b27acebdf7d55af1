"""Checks command options as Discord's client does before it sends an interaction."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from sandbox.discord.client.resolved_data import ResolvedData

Json = dict[str, Any]

LARGEST_INTEGER = 2**53  # the largest integer of JavaScript


class ClientRefusal(ValueError):
    """Discord's client would not send this; the message gives the reason."""


class OptionType(IntEnum):
    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


OBJECTS = {
    OptionType.ATTACHMENT: "an upload",
    OptionType.USER: "a user",
    OptionType.CHANNEL: "a channel",
    OptionType.ROLE: "a role",
    OptionType.MENTIONABLE: "a user or a role",
}


def typed_options(
    declared: list[Json], given: Mapping[str, Any], resolved: ResolvedData, focused: str | None
) -> list[Json]:
    """The options of an interaction. With `focused` (autocomplete) they may be incomplete.

    Raises ClientRefusal for an option that is missing, unknown, of another type or out of range.
    """
    by_name = {option["name"]: option for option in declared}
    if unknown := given.keys() - by_name.keys():
        raise ClientRefusal(f"there is no option {', '.join(sorted(unknown))}")
    if focused is not None and not by_name.get(focused, {}).get("autocomplete"):
        raise ClientRefusal(f"option {focused} has no autocomplete")
    missing = [
        option["name"]
        for option in declared
        if option.get("required") and given.get(option["name"]) is None
    ]
    if missing and focused is None:
        raise ClientRefusal(f"option {missing[0]} is required")
    options: list[Json] = []
    for option in declared:
        name = option["name"]
        if name == focused:
            typed = str(given.get(name, ""))
            options.append({"name": name, "type": option["type"], "value": typed, "focused": True})
        elif given.get(name) is not None:
            value = _checked_value(option, given[name], resolved)
            options.append({"name": name, "type": option["type"], "value": value})
    return options


def _checked_value(option: Json, value: Any, resolved: ResolvedData) -> Any:
    kind = OptionType(option["type"])
    if kind in OBJECTS:
        return _resolved_id(option, str(value), resolved)
    match kind:
        case OptionType.STRING:
            return _choice(option, _string(option, value))
        case OptionType.INTEGER:
            return _choice(option, _ranged(option, _integer(option, value)))
        case OptionType.NUMBER:
            return _choice(option, _ranged(option, _number(option, value)))
        case OptionType.BOOLEAN if isinstance(value, bool):
            return value
        case _:
            return _refuse(option, "true or false")


def _resolved_id(option: Json, object_id: str, resolved: ResolvedData) -> str:
    """The id of an existing object."""
    find: dict[OptionType, Callable[[str], str | None]] = {
        OptionType.ATTACHMENT: resolved.attachment,
        OptionType.USER: resolved.user,
        OptionType.CHANNEL: resolved.channel,
        OptionType.ROLE: resolved.role,
        OptionType.MENTIONABLE: lambda one: resolved.user(one) or resolved.role(one),
    }
    found = find[OptionType(option["type"])](object_id)
    return found or _refuse(option, f"the id of {OBJECTS[OptionType(option['type'])]}")


def _refuse(option: Json, wanted: str) -> Any:
    raise ClientRefusal(f"option {option['name']} must be {wanted}")


def _string(option: Json, value: Any) -> str:
    if not isinstance(value, str):
        _refuse(option, "text")
    text = str(value)
    low, high = option.get("min_length") or 0, option.get("max_length") or 6000
    return text if low <= len(text) <= high else _refuse(option, f"{low} to {high} characters long")


def _integer(option: Json, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        _refuse(option, "a whole number")
    return value


def _number(option: Json, value: Any) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or abs(value) > LARGEST_INTEGER
    ):
        _refuse(option, "a number")
    return value


def _ranged(option: Json, value: float) -> float:
    low, high = option.get("min_value"), option.get("max_value")
    if low is not None and value < low:
        _refuse(option, f"at least {low}")
    if high is not None and value > high:
        _refuse(option, f"at most {high}")
    return value


def _choice(option: Json, value: Any) -> Any:
    """One of the choices, if the option has any; the label of a choice is accepted too."""
    choices = option.get("choices")
    if not choices:
        return value
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    return _refuse(option, "one of its choices")
