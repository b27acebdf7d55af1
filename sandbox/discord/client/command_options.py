"""Command options as Discord's own client checks them before it sends anything."""

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any

from sandbox.discord.client.resolved_data import Resolved

Json = dict[str, Any]

LARGEST = 2**53  # what a client can count to


class Refused(ValueError):
    """The person's client would not send this; the message says why."""


class Kind(IntEnum):
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
    Kind.ATTACHMENT: "an upload",
    Kind.USER: "a user",
    Kind.CHANNEL: "a channel",
    Kind.ROLE: "a role",
    Kind.MENTIONABLE: "a user or a role",
}


def typed_options(
    declared: list[Json], given: Mapping[str, Any], resolved: Resolved, focused: str | None
) -> list[Json]:
    """The options of an interaction. With `focused` (autocomplete) they may be unfinished.

    Raises Refused for what is missing, unknown, of another type or out of range.
    """
    by_name = {option["name"]: option for option in declared}
    if unknown := given.keys() - by_name.keys():
        raise Refused(f"there is no option {', '.join(sorted(unknown))}")
    if focused is not None and not by_name.get(focused, {}).get("autocomplete"):
        raise Refused(f"option {focused} has no autocomplete")
    missing = [
        option["name"]
        for option in declared
        if option.get("required") and given.get(option["name"]) is None
    ]
    if missing and focused is None:
        raise Refused(f"option {missing[0]} is required")
    options: list[Json] = []
    for option in declared:
        name = option["name"]
        if name == focused:
            typed = str(given.get(name, ""))
            options.append({"name": name, "type": option["type"], "value": typed, "focused": True})
        elif given.get(name) is not None:
            value = _checked(option, given[name], resolved)
            options.append({"name": name, "type": option["type"], "value": value})
    return options


def _checked(option: Json, value: Any, resolved: Resolved) -> Any:
    kind = Kind(option["type"])
    if kind in OBJECTS:
        return _chosen(option, str(value), resolved)
    match kind:
        case Kind.STRING:
            return _choice(option, _string(option, value))
        case Kind.INTEGER:
            return _choice(option, _ranged(option, _integer(option, value)))
        case Kind.NUMBER:
            return _choice(option, _ranged(option, _number(option, value)))
        case Kind.BOOLEAN if isinstance(value, bool):
            return value
        case _:
            return _wrong(option, "true or false")


def _chosen(option: Json, object_id: str, resolved: Resolved) -> str:
    """The id of an object that there is."""
    find: dict[Kind, Callable[[str], str | None]] = {
        Kind.ATTACHMENT: resolved.attachment,
        Kind.USER: resolved.user,
        Kind.CHANNEL: resolved.channel,
        Kind.ROLE: resolved.role,
        Kind.MENTIONABLE: lambda one: resolved.user(one) or resolved.role(one),
    }
    found = find[Kind(option["type"])](object_id)
    return found or _wrong(option, f"the id of {OBJECTS[Kind(option['type'])]}")


def _wrong(option: Json, wanted: str) -> Any:
    raise Refused(f"option {option['name']} must be {wanted}")


def _string(option: Json, value: Any) -> str:
    if not isinstance(value, str):
        _wrong(option, "text")
    text = str(value)
    low, high = option.get("min_length") or 0, option.get("max_length") or 6000
    return text if low <= len(text) <= high else _wrong(option, f"{low} to {high} characters long")


def _integer(option: Json, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST:
        _wrong(option, "a whole number")
    return value


def _number(option: Json, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > LARGEST:
        _wrong(option, "a number")
    return value


def _ranged(option: Json, value: float) -> float:
    low, high = option.get("min_value"), option.get("max_value")
    if low is not None and value < low:
        _wrong(option, f"at least {low}")
    if high is not None and value > high:
        _wrong(option, f"at most {high}")
    return value


def _choice(option: Json, value: Any) -> Any:
    """One of the choices, if there are any; naming it by its label is as good."""
    choices = option.get("choices")
    if not choices:
        return value
    for choice in choices:
        if value in (choice["value"], choice["name"]):
            return choice["value"]
    return _wrong(option, "one of its choices")
