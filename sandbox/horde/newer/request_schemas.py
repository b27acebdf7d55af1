"""The schemas of the request bodies of the newer server: those of 5.1.5 and additions."""

from sandbox.horde import request_schemas as older
from sandbox.horde.json_schema import Schema
from sandbox.horde.newer import samplers
from sandbox.horde.newer.control_types import IMAGE_CONTROL_TYPES

ANNOTATION = "annotation"
MOOD = "mood"  # of the sandbox alone: a form that no client knows
NEWER_FORMS = (ANNOTATION, MOOD)
_NUMBER: Schema = {"type": "number"}
# The ranges have codes of their own, so the schema checks the types only.
_ADDED: dict[str, Schema] = {
    "sampler_name": {"type": "string", "enum": list(samplers.SAMPLERS)},
    "scheduler": {"type": "string", "enum": list(samplers.SCHEDULERS)},
    **dict.fromkeys(samplers.SETTINGS, _NUMBER),
    "sampler_solver_type": {"type": "string", "enum": list(samplers.SOLVER_TYPES)},
    "flow_shift": _NUMBER,
    "control_strength": _NUMBER,
}
_TEMPLATE_FIELDS: Schema = {"type": "object"}


def _extended(schema: Schema, properties: dict[str, Schema]) -> Schema:
    return {**schema, "properties": {**schema["properties"], **properties}}


IMAGE_STYLE_PARAMS: dict[str, Schema] = {
    **older.IMAGE_STYLE_PARAMS,
    **{name: schema for name, schema in _ADDED.items() if name != "control_strength"},
}
IMAGE_PARAMS = _extended(
    older.IMAGE_PARAMS,
    {**_ADDED, "control_type": {"type": "string", "enum": list(IMAGE_CONTROL_TYPES)}},
)
IMAGE = _extended(older.IMAGE, {"params": IMAGE_PARAMS, "template_fields": _TEMPLATE_FIELDS})
TEXT = _extended(
    older.TEXT,
    {
        "template_fields": _TEMPLATE_FIELDS,
        "context_fit": {"type": "string", "enum": ["ignore", "reject", "grow"]},
    },
)
_FORM: Schema = older.ALCHEMY["properties"]["forms"]["items"]
ALCHEMY = _extended(
    older.ALCHEMY,
    {
        "forms": {
            "type": "array",
            "items": _extended(
                _FORM, {"name": {"type": "string", "enum": [*older.FORMS, *NEWER_FORMS]}}
            ),
        }
    },
)
POLICY: Schema = {
    "type": "object",
    "properties": {
        "override": {"type": "string", "enum": ["none", "listed", "all"]},
        "overridable": {"type": "array", "items": {"type": "string"}},
        "ceilings": {"type": "object"},
    },
}
TEMPLATE_FIELD_LIST: Schema = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "description"],
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 32},
            "description": {"type": "string", "minLength": 1, "maxLength": 200},
            "required": {"type": "boolean"},
        },
    },
}
