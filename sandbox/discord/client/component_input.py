"""Checks used components and submitted modals as Discord's client does."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from sandbox.discord.client.command_options import ClientRefusal
from sandbox.discord.client.resolved_data import ResolvedData
from sandbox.discord.messages.stored_components import walk

Json = dict[str, Any]

BUTTON, STRING_SELECT, TEXT_INPUT = 2, 3, 4
USERS, ROLES, MENTIONABLES, CHANNELS = 5, 6, 7, 8
ROW, TEXT, LABEL, FILE_UPLOAD = 1, 10, 18, 19
RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 21, 22, 23
LINK = 5  # button style


def component_data(
    components: list[Json], custom_id: str | None, values: list[str], resolved: ResolvedData
) -> Json:
    """The data of a component interaction. Raises ClientRefusal for an unusable component."""
    found = next((part for part in walk(components) if part.get("custom_id") == custom_id), None)
    if found is None or custom_id is None:
        raise ClientRefusal("the message has no such component")
    if found.get("disabled"):
        raise ClientRefusal("that component is disabled")
    data: Json = {"custom_id": custom_id, "component_type": found["type"], "id": found["id"]}
    if found["type"] == BUTTON:
        return data
    return data | {"values": _selected_values(found, values, resolved)}


def _selected_values(part: Json, values: list[str], resolved: ResolvedData) -> list[str]:
    """The selected values, checked and resolved."""
    given = part.get("min_values")  # null means the default, like a missing key
    low = 1 if given is None else given
    high = part.get("max_values") or 1
    if not low <= len(values) <= high:
        raise ClientRefusal(f"choose {low} to {high} values of {part['custom_id']}")
    if part["type"] in (STRING_SELECT, RADIO_GROUP, CHECKBOX_GROUP):
        known = {option["value"] for option in part["options"]}
    else:
        check = _resolver(part["type"], resolved)
        known = {value for value in values if check(value)}
    if unknown := set(values) - known:
        raise ClientRefusal(f"{part['custom_id']} does not offer {', '.join(sorted(unknown))}")
    return values


def _resolver(kind: int, resolved: ResolvedData) -> Callable[[str], str | None]:
    checks: dict[int, Callable[[str], str | None]] = {
        USERS: resolved.user,
        ROLES: resolved.role,
        CHANNELS: resolved.channel,
        FILE_UPLOAD: resolved.attachment,
        MENTIONABLES: lambda value: resolved.user(value) or resolved.role(value),
    }
    return checks[kind]


def modal_data(modal: Json, fields: Mapping[str, Any], resolved: ResolvedData) -> Json:
    """The data of a modal interaction. Raises ClientRefusal for an invalid field."""
    known = {part["custom_id"] for part in walk(modal["components"]) if "custom_id" in part}
    if unknown := fields.keys() - known:
        raise ClientRefusal(f"the modal has no field {', '.join(sorted(unknown))}")
    numbers = iter(range(1, 1000))
    rows = [_row(row, fields, resolved, numbers) for row in modal["components"]]
    return {"custom_id": modal["custom_id"], "components": rows}


def _row(
    row: Json, fields: Mapping[str, Any], resolved: ResolvedData, numbers: Iterator[int]
) -> Json:
    body: Json = {"type": row["type"], "id": row.get("id") or next(numbers)}
    if row["type"] == LABEL:
        return body | {"component": _field(row["component"], fields, resolved, numbers)}
    if row["type"] == ROW:
        inner = [_field(part, fields, resolved, numbers) for part in row["components"]]
        return body | {"components": inner}
    return body


def _field(
    part: Json, fields: Mapping[str, Any], resolved: ResolvedData, numbers: Iterator[int]
) -> Json:
    custom_id = part["custom_id"]
    body: Json = {
        "type": part["type"],
        "id": part.get("id") or next(numbers),
        "custom_id": custom_id,
    }
    if part["type"] == TEXT_INPUT:
        return body | {"value": _text(part, str(fields.get(custom_id, part.get("value") or "")))}
    if part["type"] == CHECKBOX:
        return body | {"value": bool(fields.get(custom_id, part.get("default", False)))}
    given: Any = fields.get(custom_id, [])
    many = cast("list[Any]", given) if isinstance(given, list) else [given]
    values = [str(value) for value in many]
    if not values and not part.get("required", True):
        chosen: list[str] = []
    else:
        chosen = _selected_values(part, values, resolved)
    if part["type"] == RADIO_GROUP:
        return body | {"value": chosen[0] if chosen else None}
    return body | {"values": chosen}


def _text(part: Json, value: str) -> str:
    low = part.get("min_length") or 0
    high = part.get("max_length") or 4000
    if not value and not part.get("required", True):
        return value
    if not max(low, 1) <= len(value) <= high:
        raise ClientRefusal(f"{part['custom_id']} takes {max(low, 1)} to {high} characters")
    return value
