"""Discord's OpenAPI file as JSON Schema validators that are quick enough to run on every body."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend  # pyright: ignore[reportUnknownVariableType]
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

LONGEST = 160  # characters of one finding
SCHEMAS = "#/components/schemas/"

formats = FormatChecker(formats=())


@formats.checks("date-time", raises=ValueError)
def _is_time(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@formats.checks("uri", raises=ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme)


@formats.checks("int32")
def _is_int32(value: object) -> bool:
    return not isinstance(value, int) or -(2**31) <= value < 2**31


def simplified(schema: Any) -> Any:
    """The same schema with fewer ways to say it: a union of constants is an enum.

    Beside an enum the file repeats the whole set of which it is a part; that goes as well. Both
    took most of the time.
    """
    if isinstance(schema, list):
        return [simplified(one) for one in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    found = {key: simplified(one) for key, one in cast("dict[str, Any]", schema).items()}
    options = found.get("oneOf")
    if isinstance(options, list) and all("const" in one for one in cast("list[Any]", options)):
        found["enum"] = [one["const"] for one in cast("list[Any]", found.pop("oneOf"))]
    elif "enum" in found:
        found.pop("allOf", None)
    return found


class Schemas:
    """The validators of one version of the file, made when first asked for."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        contents = simplified(spec)
        resource: Resource[Any] = Resource(contents=contents, specification=DRAFT202012)
        self._registry: Any = cast("Any", Registry)().with_resource("discord:", resource)
        self._kind: Any = extend(
            Draft202012Validator, {key: _union_of(contents, key) for key in ("oneOf", "anyOf")}
        )
        self._validators: dict[str, Any] = {}

    def findings(self, place: Iterable[str], value: Any) -> list[str]:
        """Faults of a value, by the schema at a place of the file; [] when it is right."""
        pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in place)
        if pointer not in self._validators:
            self._validators[pointer] = self._kind(
                {"$ref": f"discord:#/{pointer}"}, registry=self._registry, format_checker=formats
            )
        return sorted({*_lines(self._validators[pointer].iter_errors(value))})


def _union_of(spec: Mapping[str, Any], keyword: str) -> Callable[..., Iterator[ValidationError]]:
    """The keyword, but of a union of models only those are tried whose ``type`` fits."""
    schemas: Mapping[str, Any] = spec["components"]["schemas"]
    plain: Callable[..., Iterator[ValidationError]] = Draft202012Validator.VALIDATORS[keyword]

    def kinds(branch: Mapping[str, Any]) -> list[Any] | None:
        name = branch.get("$ref", "").removeprefix(SCHEMAS)
        return schemas.get(name, {}).get("properties", {}).get("type", {}).get("enum")

    def check(
        validator: Any, branches: list[Mapping[str, Any]], value: Any, schema: Any
    ) -> Iterator[ValidationError]:
        if isinstance(value, dict) and "type" in value:
            kind = cast("dict[str, Any]", value)["type"]
            known = [kinds(one) for one in branches]
            branches = [
                one for one, own in zip(branches, known, strict=True) if own is None or kind in own
            ]
            if not branches:
                taken = sorted(one for own in known if own for one in own)
                yield ValidationError(f"type {kind!r} is none of {taken!r}")
                return
        yield from plain(validator, branches, value, schema)

    return check


def _lines(errors: Iterable[ValidationError]) -> Iterator[str]:
    for error in errors:
        if error.context:
            yield from _lines(_likeliest(error.context))
        else:
            place = ".".join(map(str, error.absolute_path)) or "body"
            shown = repr(error.instance)
            message = error.message.replace(shown, "…") if len(shown) > 40 else error.message
            yield f"{place}: {message}"[:LONGEST]


def _likeliest(branches: Iterable[ValidationError]) -> list[ValidationError]:
    """Of the branches of a union the one that was meant: not null, and it misses least."""
    by_branch: dict[Any, list[ValidationError]] = {}
    for error in branches:
        by_branch.setdefault(error.relative_schema_path[0], []).append(error)
    return min(by_branch.values(), key=lambda errors: (_is_other_type(errors), len(errors)))


def _is_other_type(errors: list[ValidationError]) -> bool:
    return any(error.validator == "type" and not error.relative_path for error in errors)


def as_sent(text: str) -> dict[str, Any]:
    """The file for what a client sends: Discord takes ids as numbers too; discord.py uses that."""
    spec: dict[str, Any] = json.loads(text)
    spec["components"]["schemas"]["SnowflakeType"] = {"type": ["string", "integer"]}
    return spec


def as_answered(text: str) -> dict[str, Any]:
    """The file for what Discord answers.

    In one point it is mended: it says that the codes inside ``errors`` are integers, where
    Discord's documentation and all its answers have names.
    """
    spec: dict[str, Any] = json.loads(text)
    one = {"type": "string"}
    inner = spec["components"]["schemas"]["InnerErrors"]["properties"]["_errors"]
    inner["items"] = {"required": ["code", "message"], "properties": {"code": one, "message": one}}
    return spec
