"""What a style declares: the parameters that a request may set, and the fields of its prompt."""

import re
from typing import Any

from sandbox.horde.errors import ApiError, bad_request
from sandbox.horde.style_rules import contract

Json = dict[str, Any]
MOST_FIELDS = 16
MOST_WORDS = 7500
FIELD_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def check_policy(kind: str, policy: Json) -> None:
    """Raises ApiError for a `parameter_policy` that contradicts itself."""
    mode = policy.get("override", "none")
    if "overridable" in policy and mode != "listed":
        message = "overridable belongs to the mode listed only."
        raise ApiError(400, "StylePolicyOverridableMisplaced", message)
    for name in policy.get("overridable", ()):
        if name not in contract.OVERRIDABLE[kind]:
            raise bad_request(f"{name} is not a parameter that a request may set.")
    for name, most in policy.get("ceilings", {}).items():
        if name not in contract.CEILINGS[kind]:
            raise bad_request(f"{name} cannot have a ceiling.")
        least, largest = contract.ceiling_range(kind, name)
        if isinstance(most, bool) or not isinstance(most, int) or not least <= most <= largest:
            raise bad_request(f"The ceiling of {name} must be between {least} and {largest}.")


def check_fields(fields: list[Json]) -> None:
    """Raises ApiError for `template_fields` that cannot be placeholders."""
    names = [each["name"] for each in fields]
    if len(names) > MOST_FIELDS:
        raise bad_request(f"A style can have at most {MOST_FIELDS} template fields.")
    for name in names:
        if not FIELD_NAME.fullmatch(name) or name in contract.PLACEHOLDERS["image"]:
            raise bad_request(f"{name!r} cannot be the name of a template field.")
    if len(set(names)) < len(names):
        raise bad_request("Two template fields have the same name.")


def values_of(body: Json) -> dict[str, str]:
    """The `template_fields` of a request. Raises ApiError: no style, no texts, or too long."""
    values = body.get("template_fields")
    if not values:
        return {}
    if "style" not in body:
        message = "template_fields can only be sent together with a style."
        raise ApiError(400, "TemplateFieldsRequireStyle", message)
    if not all(isinstance(each, str) for each in values.values()):
        raise bad_request("All template_fields have to be texts.")
    if sum(len(each.split()) for each in values.values()) > MOST_WORDS:
        raise ApiError(400, "InvalidPromptSize", "The template fields are too long.")
    return values


def misfit(fields: list[Json], values: dict[str, str]) -> ApiError | None:
    """Why these values do not fit the declared fields; None when they do."""
    declared = {each["name"]: bool(each.get("required", False)) for each in fields}
    for name in values:
        if name not in declared:
            message = f"The style has no template field {name!r}."
            return ApiError(400, "TemplateFieldUnknown", message)
    for name, required in declared.items():
        if required and name not in values:
            message = f"The style needs the template field {name!r}."
            return ApiError(400, "TemplateFieldMissing", message)
    return None


def open_params(kind: str, policy: Json | None, style: Json, params: Json) -> Json:
    """The parameters of a request that a style leaves to it; `n` always belongs to the request.

    Raises ApiError for a value above its ceiling.
    """
    if policy is None:
        sizes = () if kind == "text" else ("width", "height")
        chosen = {"n", *(name for name in sizes if name not in style)}
    elif policy.get("override", "none") == "all":
        chosen = {"n", *contract.OVERRIDABLE[kind]}
    else:
        chosen = {"n", *policy.get("overridable", ())}
    kept = {name: value for name, value in params.items() if name in chosen}
    for name, most in (policy or {}).get("ceilings", {}).items():
        if kept.get(name, 0) > most:
            message = f"{name} is {kept[name]}, but this style allows at most {most}."
            raise ApiError(400, "StyleParameterAboveCeiling", message)
    return kept
