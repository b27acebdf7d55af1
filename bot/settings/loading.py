"""Loads config.toml and HORDECORD_* variables into Settings, or raises one line about the error.

The line has the setting, its place and the allowed values, never its value: that may be the token,
pasted into the wrong line.
"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.errors import SettingsError
from bot.settings.messages import missing_message, refused_value, unknown_setting
from bot.settings.sections import Settings
from bot.settings.sources import SettingsFromSources
from bot.settings.variables import check_name, loc_of, setting_variables, variable_of

NO_LISTEN = (
    "[http] listen is missing: [webhook] public_url needs it. Set it in {file} or as {variable},"
    " such as 127.0.0.1:8080."
)
DEFAULT_FILE = Path("config.toml")


def load(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `path` (else ./config.toml if it exists) and the environment, which takes
    precedence.

    A relative [store] path is relative to the folder of the file; in a variable, to the current
    folder. Raises SettingsError with one line that names the setting, its place and the allowed
    values.
    """
    if path is None and DEFAULT_FILE.exists():
        path = DEFAULT_FILE
    path = path and path.expanduser()  # a shell does not expand the ~ of --config=~/config.toml
    variables = setting_variables(os.environ if env is None else env)
    for name in variables:
        check_name(name)
    try:
        found = SettingsFromSources.model_validate({"variables": variables, "file": path})
    except ValidationError as error:
        raise SettingsError(_sentence(error, variables, str(path or DEFAULT_FILE))) from None
    return found if variable_of("store", "path") in variables else _beside(found, path)


def _beside(settings: Settings, file: Path | None) -> Settings:
    """With the database in the folder of the file, whatever the current folder is."""
    if file is None or not file.is_file():  # a pipe is in no folder
        return settings
    store = settings.store.model_copy(update={"path": file.parent / settings.store.path})
    return settings.model_copy(update={"store": store})


def _sentence(error: ValidationError, variables: Mapping[str, str], file: str) -> str:
    """One line about the first error. It never contains the value."""
    found = error.errors(include_url=False, include_context=False)
    # An unknown name first: a missing setting may be misspelt.
    first = min(found, key=lambda each: each["type"] != "extra_forbidden")
    loc = [key for key in first["loc"] if isinstance(key, str) and key != "[key]"]
    place = next((name for name in variables if _is_of(name, loc)), "")
    if first["type"] == "missing":  # the only one without a default
        return missing_message(["discord", "token"], file, variable_of("discord", "token"))
    if first["type"] == "extra_forbidden":
        return unknown_setting(loc, place or file)
    if loc == ["webhook"] and first["type"] == "value_error":
        return NO_LISTEN.format(file=file, variable=variable_of("http", "listen"))
    return refused_value(
        loc, place or file, None if place else _mistyped(first["type"], first["input"])
    )


def _mistyped(kind: str, given: object) -> type[object] | None:
    """The type of a value of a wrong type; None for one that is only out of bounds."""
    word = kind == "literal_error" and not isinstance(given, str)
    return type(given) if word or kind.endswith(("_type", "_of")) else None


def _is_of(variable: str, loc: Sequence[str]) -> bool:
    return loc_of(variable) == list(loc)
