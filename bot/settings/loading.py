"""config.toml and HORDECORD_* variables become Settings, or one line about what is wrong.

The line names the setting, its place and what is allowed. Never its value: that may be the
token, pasted into the wrong line.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_settings import EnvSettingsSource

from bot.errors import SettingsError
from bot.settings.messages import missing_message, refused, unknown
from bot.settings.sections import DELIMITER, PREFIX, SECTIONS, Settings

DEFAULT_FILE = Path("config.toml")


def load(path: Path | None = None, env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `path` (else ./config.toml if there) and the environment, which wins.

    Raises SettingsError with one line that names the setting, its place and what is allowed.
    """
    if path is None and DEFAULT_FILE.exists():
        path = DEFAULT_FILE
    everything = os.environ if env is None else env
    variables = {n.upper(): v for n, v in everything.items() if n.upper().startswith(PREFIX)}
    values = _merge(_read(path) if path else {}, _nested(variables))
    for section in values.keys() - SECTIONS.keys():  # some would steer pydantic-settings
        raise SettingsError(unknown([section], str(path)))
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError(_sentence(error, variables, str(path or DEFAULT_FILE))) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # Notepad writes a BOM
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} must be UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path} is not TOML: {error}.") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        raise SettingsError(f"{path} is not TOML that a program can read.") from None


def _nested(variables: Mapping[str, str]) -> dict[str, Any]:
    """What the variables set, as TOML would give it. Raises SettingsError for an unknown one."""
    sections = {name: _section(name) for name in variables}
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): text for name, text in variables.items()}
    found = source()
    for name, section in sections.items():
        *above, last = _loc(name)
        table = found
        for key in above:
            table = table[key]
        table[last] = _typed(section, last, variables[name])
    return found


def _section(variable: str) -> type[BaseModel]:
    """Where that setting stands. Raises SettingsError for a variable that is none."""
    loc = _loc(variable)
    section = SECTIONS.get(loc[0])
    depth = 2 if loc[0] == "backends" else 1  # [backends.NAME]
    if section is None or loc[-1] not in section.model_fields or len(loc) != depth + 1:
        raise SettingsError(unknown(loc, variable))
    return section


def _loc(variable: str) -> list[str]:
    return variable.removeprefix(PREFIX).lower().split(DELIMITER)


def _typed(section: type[BaseModel], name: str, text: str) -> object:
    """A variable is always text, so it is read as what its setting is; a list between commas.

    What cannot be read so stays text, and the setting refuses it.
    """
    annotation = section.model_fields[name].annotation or str
    listed = [item.strip(" \"'") for item in text.strip("[] ").split(",") if item.strip()]
    given = listed if getattr(annotation, "__origin__", None) is tuple else text
    try:
        return TypeAdapter[Any](annotation).validate_python(given, strict=False)
    except ValidationError:
        return given


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = base | over
    for key in base.keys() & over.keys():
        below, above = base[key], over[key]
        if isinstance(below, dict) and isinstance(above, dict):
            merged[key] = _merge(cast("dict[str, Any]", below), cast("dict[str, Any]", above))
    return merged


def _sentence(error: ValidationError, variables: Mapping[str, str], file: str) -> str:
    """One line about the first thing that is wrong. What is given is looked at, and never told."""
    first = error.errors(include_url=False, include_context=False)[0]
    loc = [key for key in first["loc"] if isinstance(key, str) and key != "[key]"]
    place = next((name for name in variables if _is_of(name, loc)), "")
    if first["type"] == "missing":  # the only one without a default
        return missing_message(
            ["discord", "token"], file, PREFIX + DELIMITER.join(("DISCORD", "TOKEN"))
        )
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
    return _loc(variable) == list(loc)
