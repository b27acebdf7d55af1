"""config.toml and HORDECORD_* variables become Settings, or one line about what is wrong.

The line names the setting, its place and what is allowed. Never its value: that may be the
token, pasted into the wrong line.
"""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from bot.errors import SettingsError
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
    for name in variables:
        loc = name.removeprefix(PREFIX).lower().split(DELIMITER)
        if not _is_setting(loc):
            raise SettingsError(_sentence("extra_forbidden", loc, name))
    source = EnvSettingsSource(Settings)
    source.env_vars = {name.lower(): value for name, value in variables.items()}
    values = _merge(_read(path) if path else {}, source())
    for section in values.keys() - SECTIONS.keys():  # some would steer pydantic-settings
        raise SettingsError(_sentence("extra_forbidden", [section], str(path)))
    try:
        return Settings(**values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        variable = PREFIX + DELIMITER.join(str(key) for key in first["loc"][:3]).upper()
        found = [name for name in variables if variable.startswith(name)]
        place = found[0] if found else str(path or DEFAULT_FILE)
        raise SettingsError(_sentence(first["type"], first["loc"], place)) from None


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


def _merge(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = base | over
    for key in base.keys() & over.keys():
        below, above = base[key], over[key]
        if isinstance(below, dict) and isinstance(above, dict):
            merged[key] = _merge(cast("dict[str, Any]", below), cast("dict[str, Any]", above))
    return merged


def _depth(section: str) -> int:
    return 2 if section == "backends" else 1  # [backends.NAME]


def _is_setting(loc: Sequence[str]) -> bool:
    section = SECTIONS.get(loc[0])
    known = section is not None and loc[-1] in section.model_fields
    return known and len(loc) == _depth(loc[0]) + 1


def _sentence(kind: str, loc: Sequence[int | str], place: str) -> str:
    """One line about the setting at `loc`, from pydantic's word for what is wrong with it."""
    keys = [_shown(key) for key in loc if isinstance(key, str) and key != "[key]"]
    if kind == "missing":
        keys = ["discord", "token"]  # the only one without a default
    elif keys == ["webhook"] and kind == "value_error":
        keys = ["webhook", "public_url"]
    depth = _depth(keys[0])
    name = " ".join([f"[{'.'.join(keys[:depth])}]", *keys[depth:]])
    if kind == "missing":
        variable = PREFIX + DELIMITER.join(keys).upper()
        return f"{name} is missing: set it in {place} or as {variable}. It is {_allowed(keys)}."
    if kind == "extra_forbidden":
        return f"{name} (from {_shown(place)}) is not a setting. Allowed: {_allowed(keys[:depth])}."
    table = "a table of " if len(keys) == depth and keys != ["backends"] else ""
    return f"{name} (from {_shown(place)}) must be {table}{_allowed(keys)}."


def _shown(name: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in name)


def _allowed(keys: Sequence[str]) -> str:
    section = SECTIONS.get(keys[0])
    if section is None:
        return ", ".join(f"[{name}]" for name in SECTIONS)
    if keys == ["backends"]:
        return str(Settings.model_fields["backends"].description)
    field = section.model_fields.get(keys[-1]) if len(keys) > _depth(keys[0]) else None
    return str(field.description) if field else ", ".join(section.model_fields)
