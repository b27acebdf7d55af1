"""The document of /status/style_contract, and the parameters that a style may leave open."""

from typing import Any

from sandbox.horde import request_schemas as older
from sandbox.horde.json_schema import Schema
from sandbox.horde.newer import request_schemas

Json = dict[str, Any]
SCHEMA_VERSION = 1
_TEXT_SIZES = ("max_length", "max_context_length")
TEXT_PARAMS: dict[str, Schema] = older.TEXT["properties"]["params"]["properties"]
TEXT_STYLE_PARAMS: dict[str, Schema] = {
    **older.TEXT_STYLE_PARAMS,
    **{name: TEXT_PARAMS[name] for name in _TEXT_SIZES},
}
IMAGE_PARAMS: dict[str, Schema] = request_schemas.IMAGE_PARAMS["properties"]
STYLE_PARAMS = {"image": request_schemas.IMAGE_STYLE_PARAMS, "text": TEXT_STYLE_PARAMS}
OVERRIDABLE = {
    "image": tuple(name for name in IMAGE_PARAMS if name != "n"),
    "text": tuple(TEXT_STYLE_PARAMS),
}
CEILINGS = {"image": ("width", "height", "steps", "n"), "text": (*_TEXT_SIZES, "n")}
PLACEHOLDERS = {"image": ("p", "np"), "text": ("p",)}
PROTECTED = r"\{\{\[[A-Z_]+\]\}\}"


def ceiling_range(kind: str, name: str) -> tuple[float, float]:
    """The lowest and highest possible ceiling of a parameter."""
    schema = (IMAGE_PARAMS if kind == "image" else TEXT_PARAMS)[name]
    return schema["minimum"], schema["maximum"]


def document() -> Json:
    """The whole document."""
    return {"schema_version": SCHEMA_VERSION, "text": _part("text"), "image": _part("image")}


def _part(kind: str) -> Json:
    text = kind == "text"
    protected = {"pattern": PROTECTED, "description": "Replaced by the backend of the worker."}
    braces = (
        "Write {{ and }} for literal braces; a placeholder is a bare name in braces."
        if text
        else "All braces are literal, except those of placeholders and declared fields."
    )
    ranges = {name: ceiling_range(kind, name) for name in CEILINGS[kind]}
    return {
        "placeholders": list(PLACEHOLDERS[kind]),
        "declared_fields_are_placeholders": True,
        "protected_patterns": [protected] if text else [],
        "brace_handling": braces,
        "overridable_parameters": sorted(OVERRIDABLE[kind]),
        "ceiling_parameters": {
            name: {"minimum": least, "maximum": most} for name, (least, most) in ranges.items()
        },
        "context_fit_modes": ["ignore", "reject", "grow"] if text else None,
        "style_create_rate_limits": ["20/hour", "2/second"],
        "style_modify_rate_limits": ["90/minute", "2/second"],
    }
