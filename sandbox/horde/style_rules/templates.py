"""The prompt template of a style: placeholders, braces, and what fills them."""

import re
from collections.abc import Mapping

from sandbox.horde.errors import ApiError, bad_request
from sandbox.horde.style_rules.contract import PROTECTED

# The parts of a text template; a brace that is in none of them is unbalanced.
_TEXT_PART = re.compile(rf"({PROTECTED})|(\{{\{{)|(\}}\}})|\{{([A-Za-z_]\w*)\}}", re.ASCII)


def check(kind: str, prompt: str) -> None:
    """Raises ApiError for a template that cannot be filled."""
    needed = ("{p}", "{np}") if kind == "image" else ("{p}",)
    if any(name not in prompt for name in needed):
        message = "The prompt needs a {p}, and for image styles an {np}."
        raise bad_request(message, "StylePromptMissingVars")


def check_braces(kind: str, prompt: str) -> None:
    """Raises ApiError for a text template whose placeholders are more than bare names."""
    rest = _TEXT_PART.sub("", prompt) if kind == "text" else ""
    if "{" in rest or "}" in rest:
        message = "A placeholder has to be a bare name; write {{ and }} for literal braces."
        raise ApiError(400, "StylePromptFieldInvalid", message)


def fill(kind: str, prompt: str, values: Mapping[str, str]) -> str:
    """The template with these values. A name without a value is emptied in a text template."""
    if kind == "text":
        return _TEXT_PART.sub(lambda found: _text_part(found, values), prompt)
    names = "|".join(re.escape(name) for name in values)
    return re.sub(rf"\{{({names})\}}", lambda found: values[found[1]], prompt)


def _text_part(found: re.Match[str], values: Mapping[str, str]) -> str:
    protected, opening, closing, name = found.groups()
    if protected:
        return protected
    return "{" if opening else "}" if closing else values.get(name, "")
