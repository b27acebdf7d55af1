"""The schemas of the bodies that create and change styles."""

from sandbox.horde import request_schemas as older
from sandbox.horde.json_schema import Schema
from sandbox.horde.newer.request_schemas import POLICY, TEMPLATE_FIELD_LIST
from sandbox.horde.style_rules.contract import STYLE_PARAMS

PROMPTS = {"image": "{p}{np}", "text": "{p}"}
STRINGS: Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
EXAMPLE: Schema = {
    "type": "object",
    "properties": {"url": {"type": "string"}, "primary": {"type": "boolean"}},
}


def _schema(params: dict[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 100},
            "info": {"type": "string", "minLength": 10, "maxLength": 1000},
            "prompt": {"type": "string"},
            "params": {"type": "object", "properties": params},
            "public": {"type": "boolean"},
            "nsfw": {"type": "boolean"},
            "tags": STRINGS,
            "models": STRINGS,
            "sharedkey": {"type": "string", "minLength": 36, "maxLength": 36},
        },
    }


_OLDER = {
    "image": _schema(older.IMAGE_STYLE_PARAMS),
    "text": _schema(older.TEXT_STYLE_PARAMS),
}
_DECLARED: dict[str, Schema] = {"parameter_policy": POLICY, "template_fields": TEMPLATE_FIELD_LIST}
_NEWER = {kind: _schema(params) for kind, params in STYLE_PARAMS.items()}


def schema(kind: str, *, newer: bool) -> Schema:
    """The schema of the body of POST and PATCH /styles/{kind}."""
    if not newer:
        return _OLDER[kind]
    found = _NEWER[kind]
    return {**found, "properties": {**found["properties"], **_DECLARED}}
