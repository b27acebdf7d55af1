"""Checks a JSON body against the part of JSON Schema that the Horde's own schemas use.

The error messages equal those of the jsonschema library, which the real server uses: users see
them. The sandbox does not depend on that library.
"""

import math
from collections.abc import Callable, Iterator
from typing import Any

Schema = dict[str, Any]
SchemaError = tuple[str, str]  # dotted path, message


def errors(value: Any, schema: Schema) -> dict[str, str]:
    """The errors of a value by dotted path ("params.steps", "forms.0.name")."""
    return dict(_errors(value, schema, ()))


def _errors(value: Any, schema: Schema, path: tuple[str, ...]) -> Iterator[SchemaError]:
    here = ".".join(path)
    kind = schema.get("type")
    if kind is not None and not _TYPES[kind](value):
        yield here, f"{value!r} is not of type {kind!r}"
        return
    for complaint in (*_bounds(value, schema), *_lengths(value, schema)):
        yield here, complaint
    if "enum" in schema and value not in schema["enum"]:
        yield here, f"{value!r} is not one of {schema['enum']!r}"
    if isinstance(value, dict):
        yield from _members(value, schema, path)  # pyright: ignore[reportUnknownArgumentType] JSON
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] JSON
            yield from _errors(item, schema["items"], (*path, str(index)))


def _members(value: dict[str, Any], schema: Schema, path: tuple[str, ...]) -> Iterator[SchemaError]:
    for name in schema.get("required", ()):
        if name not in value:
            yield ".".join((*path, name)), f"{name!r} is a required property"
    for name, part in schema.get("properties", {}).items():
        if name in value:
            yield from _errors(value[name], part, (*path, name))


def _bounds(value: Any, schema: Schema) -> Iterator[str]:
    if not _is_number(value):
        return
    if value < schema.get("minimum", -math.inf):
        yield f"{value!r} is less than the minimum of {schema['minimum']!r}"
    if value > schema.get("maximum", math.inf):
        yield f"{value!r} is greater than the maximum of {schema['maximum']!r}"
    if "multipleOf" in schema and value % schema["multipleOf"]:
        yield f"{value!r} is not a multiple of {schema['multipleOf']!r}"


def _lengths(value: Any, schema: Schema) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield f"{value!r} is too short"
        if len(value) > schema.get("maxLength", math.inf):
            yield f"{value!r} is too long"
    elif isinstance(value, list) and schema.get("uniqueItems"):
        seen = list(map(repr, value))  # pyright: ignore[reportUnknownArgumentType] JSON
        if len(set(seen)) < len(seen):
            yield f"{value!r} has non-unique elements"


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and (isinstance(value, int) or value.is_integer()),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
