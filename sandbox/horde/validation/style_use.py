"""Applies a style or a collection to a request."""

import random
from dataclasses import dataclass
from typing import Any

from sandbox.horde.errors import ApiError, bad_request, internal_error
from sandbox.horde.prices import STYLE_TAX
from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.styles import Collection, Style, StyleKind
from sandbox.horde.style_rules import declarations, templates

Json = dict[str, Any]


@dataclass(slots=True)
class Styled:
    """The prompt, parameters and models that a request gets, and the style that they are from."""

    prompt: str
    params: Json
    models: list[str]
    style: Style | None = None


def apply_style(horde: HordeState, kind: StyleKind, body: Json, models: list[str]) -> Styled:
    """Replace prompt, parameters and models by those of the requested style.

    Raises ApiError for an unknown style, one of the other kind, fields that do not fit, and a
    collection on the older server (a 500, as it has).
    """
    params: Json = dict(body.get("params", {}))
    newer = horde.settings.newer
    values = declarations.values_of(body) if newer else {}
    if "style" not in body:
        return Styled(body["prompt"], params, models)
    style = _chosen(horde.styles.find(body["style"]), values, newer=newer)
    if style.kind != kind:
        # The real server says "image" for texts, too.
        message = f"{style.kind.title()} styles cannot be used on image requests"
        raise bad_request(message, "StyleMismatch")
    styled = (
        _newer(style, body["prompt"], params, values)
        if newer
        else _older(style, body["prompt"], params)
    )
    style.use_count += 1
    return styled


def _chosen(found: Style | Collection, values: dict[str, str], *, newer: bool) -> Style:
    """The style itself, or one of the collection, at random among those whose fields fit."""
    if isinstance(found, Style):
        return found
    if not newer:
        raise internal_error()  # a bug of the real server
    found.use_count += 1
    fitting = [each for each in found.styles if not declarations.misfit(each.fields or [], values)]
    if not fitting:
        message = "No style of this collection has the template fields that were sent."
        raise ApiError(400, "TemplateFieldsMatchNoCollectionStyle", message)
    return random.choice(fitting)  # noqa: S311 - a choice of pictures, no secret


def _older(style: Style, prompt: str, params: Json) -> Styled:
    """Server 5.1.5: all parameters but `n` are dropped, and sizes that the style has."""
    positive, _, negative = prompt.partition("###")
    image = style.kind == "image"
    text = style.prompt.replace("{p}", positive if image else prompt)
    if image:
        text = text.replace("{np}", f"###{negative}" if negative else "")
    kept = declarations.open_params(style.kind, None, style.params, params)
    return Styled(text, {**kept, **style.params}, list(style.models), style)


def _newer(style: Style, prompt: str, params: Json, values: dict[str, str]) -> Styled:
    """Server 5.1.13 and later: the policy of the style decides, and its fields are filled."""
    fields = style.fields or []
    problem = declarations.misfit(fields, values)
    if problem is not None:
        raise problem
    _check_declarations(style)
    filled = {each["name"]: values.get(each["name"], "") for each in fields}
    if style.kind == "image":
        positive, _, negative = prompt.partition("###")
        filled |= {"p": positive, "np": f"###{negative}" if negative else ""}
    else:
        filled["p"] = prompt
    kept = declarations.open_params(style.kind, style.policy, style.params, params)
    merged = {**kept, **style.params} if style.policy is None else {**style.params, **kept}
    text = templates.fill(style.kind, style.prompt, filled)
    return Styled(text, merged, list(style.models), style)


def _check_declarations(style: Style) -> None:
    """Raises ApiError for a stored style that is no longer valid."""
    try:
        templates.check_braces(style.kind, style.prompt)
        declarations.check_policy(style.kind, style.policy or {})
    except ApiError as problem:
        message = f"This style cannot be used: {problem.body['message']}"
        raise ApiError(400, "StyleDeclarationInvalid", message) from problem


def paying_key(style: Style | None) -> SharedKey | None:
    """The shared key of a style, which pays instead of the caller while it is valid."""
    if style is None or style.shared_key is None:
        return None
    try:
        style.shared_key.check()
    except ApiError:
        return None
    return style.shared_key


def credit_style(style: Style | None, payer: User) -> None:
    """Credit the owner of a style that another account uses; Anonymous credits nothing."""
    if style is not None and style.owner is not payer and not payer.anonymous:
        style.owner.receive_style_credit(STYLE_TAX)
