"""The commands as the bot declared them, each with options that its declaration takes."""

from collections.abc import Iterator
from typing import Any

from tests.support.json_types import Json


def calls_of(command: Json, *, optional: bool = False) -> Iterator[tuple[str, Json]]:
    """Each way to call a command, with options that its declaration takes.

    `optional`: also with those that may be left out.
    """
    data = {key: command[key] for key in ("id", "name")} | {"type": command.get("type", 1)}
    options: list[Json] = command.get("options") or []
    inner = [one for one in options if one["type"] in {1, 2}]
    if not inner:
        yield command["name"], data | {"options": _required_options(options, optional=optional)}
    for one in inner:
        for name, called in calls_of(one | {"id": "0"}, optional=optional):
            sub: Json = {"name": one["name"], "type": one["type"], "options": called["options"]}
            yield f"{command['name']} {name}", data | {"options": [sub]}


def _required_options(options: list[Json], *, optional: bool) -> list[Json]:
    values: dict[int, Any] = {3: "x", 4: 1, 5: True, 10: 1.0, 11: "1"}
    values |= {6: "{user}", 7: "{channel}", 8: "{guild}", 9: "{user}"}  # of the caller
    found: list[Json] = []
    for one in options:
        if (optional or one.get("required")) and one["type"] in values:
            choices = one.get("choices") or [{"value": one.get("min_value", values[one["type"]])}]
            value = choices[0]["value"]
            if isinstance(value, str):
                value = value.ljust(one.get("min_length") or 1, "x")
            found.append({"name": one["name"], "type": one["type"], "value": value})
    return found
