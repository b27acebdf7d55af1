"""config.toml and HORDECORD_* variables become Settings, or one line about what is wrong.

The line names the setting, its place and what is allowed. Never its value: that may be the
token, pasted into the wrong line.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.errors import SettingsError
from bot.settings.messages import missing_message, refused, unknown
from bot.settings.sections import Settings
from bot.settings.sources import SettingsFromSources
from bot.settings.variables import check_name, loc_of, setting_variables, variable_of

DEFAULT_FILE = Path("config.toml")


def load(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `path` (else ./config.toml if there) and the environment, which wins.

    Raises SettingsError with one line that names the setting, its place and what is allowed.
    """
    if path is None and DEFAULT_FILE.exists():
        path = DEFAULT_FILE
    variables = setting_variables(os.environ if env is None else env)
    for name in variables:
        check_name(name)
    try:
        return SettingsFromSources.model_validate({"variables": variables, "file": path})
    except ValidationError as error:
        raise SettingsError(_sentence(error, variables, str(path or DEFAULT_FILE))) from None


def _sentence(error: ValidationError, variables: Mapping[str, str], file: str) -> str:
    """One line about the first thing that is wrong. What is given is looked at, and never told."""
    first = error.errors(include_url=False, include_context=False)[0]
    loc = [key for key in first["loc"] if isinstance(key, str) and key != "[key]"]
    place = next((name for name in variables if _is_of(name, loc)), "")
    if first["type"] == "missing":  # the only one without a default
        return missing_message(["discord", "token"], file, variable_of("discord", "token"))
    if first["type"] == "extra_forbidden":
        return unknown(loc, place or file)
    if loc == ["webhook"] and first["type"] == "value_error":
        loc = ["webhook", "public_url"]
        place = next((name for name in variables if _is_of(name, loc)), "")
    return refused(loc, place or file, None if place else _mistyped(first["type"], first["input"]))


def _mistyped(kind: str, given: object) -> type[object] | None:
    """The type of a value of another type than allowed; None for one that is only out of bounds."""
    word = kind == "literal_error" and not isinstance(given, str)
    return type(given) if word or kind.endswith(("_type", "_of")) else None


def _is_of(variable: str, loc: Sequence[str]) -> bool:
    return loc_of(variable) == list(loc)
