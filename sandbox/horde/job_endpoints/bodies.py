"""The schemas of the bodies that workers send."""

from sandbox.horde.json_schema import Schema
from sandbox.horde.newer.request_schemas import NEWER_FORMS
from sandbox.horde.request_schemas import FORMS

_STRINGS: Schema = {"type": "array", "items": {"type": "string"}}
_FLAG: Schema = {"type": "boolean"}
_POP: dict[str, Schema] = {
    "name": {"type": "string"},
    "nsfw": _FLAG,
    "models": {
        "type": "array",
        "items": {"type": "string", "minLength": 3, "maxLength": 255},
    },
    "bridge_agent": {"type": "string", "maxLength": 1000},
    "threads": {"type": "integer", "minimum": 1, "maximum": 50},
    "amount": {"type": "integer", "minimum": 1, "maximum": 20},
    "priority_usernames": _STRINGS,
}
POP: dict[str, Schema] = {
    "image": {
        "type": "object",
        "required": ["name"],
        "properties": {**_POP, "max_pixels": {"type": "integer"}, "blacklist": _STRINGS},
    },
    "text": {
        "type": "object",
        "required": ["name"],
        "properties": {
            **_POP,
            "max_length": {"type": "integer"},
            "max_context_length": {"type": "integer"},
            "softprompts": _STRINGS,
        },
    },
    "alchemy": {
        "type": "object",
        "required": ["name"],
        "properties": {
            **_POP,
            "forms": {
                "type": "array",
                "items": {"type": "string", "enum": [*FORMS, *NEWER_FORMS]},
            },
            "max_tiles": {"type": "integer", "minimum": 1, "maximum": 256},
        },
    },
}
_SUBMIT: dict[str, Schema] = {
    "id": {"type": "string"},
    "generation": {"type": "string"},
    "state": {"type": "string", "enum": ["ok", "censored", "faulted", "csam"]},
    "gen_metadata": {"type": "array", "items": {"type": "object"}},
}
SUBMIT: dict[str, Schema] = {
    "image": {
        "type": "object",
        "required": ["id", "seed"],
        "properties": {**_SUBMIT, "seed": {"type": "integer"}},
    },
    "text": {"type": "object", "required": ["id"], "properties": _SUBMIT},
    "alchemy": {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "string"}, "state": {"type": "string"}},
    },
}
