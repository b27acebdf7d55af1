"""The two sources of Settings: the file, and the environment, which takes precedence.

They extend those of pydantic-settings: errors with the name and the place of the setting, and
values as env files and hosting panels write them.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    TomlConfigSettingsSource,
)

from bot.errors import SettingsError
from bot.settings.messages import refused_value, unknown_setting
from bot.settings.sections import SECTIONS, Settings
from bot.settings.variables import unquoted

_ADVICE = {  # by the message of tomllib
    "Invalid value": 'Put text in quotes, such as level = "INFO"; true and false in lower case.',
    "Cannot declare": "A section is allowed once: put its settings below one heading.",
    "Cannot overwrite": "A setting is allowed once: delete one of the two lines.",
    "Expected '=' after": "Write each setting as name = value, and comments after #.",
    "Expected ']'": "Close the brackets of the heading or the list.",
    "Unclosed array": "Close the brackets of the list, with commas between its items.",
    "Illegal character": "Close the quotes at the end of the line.",
    'Expected "\'"': "Close the quotes at the end of the value.",
    "Unterminated string": "Close the quotes at the end of the value.",
    "Unescaped '\\'": "Put a path with \\ in single quotes.",
    "Invalid hex value": "Put a path with \\ in single quotes.",
    "Expected newline or end of document": "Write one setting on each line, text in quotes.",
}


_TEXTS = (Path, SecretStr)


class SettingsFromSources(Settings):
    """Settings of `variables` (name -> text) and of `file` (a Path or None)."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The variables, then the file: the first source with a value counts."""
        del env_settings, dotenv_settings, file_secret_settings
        given: dict[str, Any] = vars(init_settings)["init_kwargs"]
        return (
            VariablesSource(settings_cls, given["variables"]),
            FileSource(settings_cls, given["file"]),
        )


class VariablesSource(EnvSettingsSource):
    """HORDECORD_SECTION__NAME variables; a list is separated by commas, and is not JSON."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self.env_vars = {name.lower(): text for name, text in variables.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """The items in the type of the list; unreadable text stays text."""
        del field_name
        texts = [unquoted(item) for item in str(value).strip("[] ").split(",") if item.strip()]
        try:
            return TypeAdapter[Any](field.annotation or str).validate_python(texts)
        except ValidationError:
            return texts

    def _coerce_env_val_strict(self, field: FieldInfo | None, value: Any) -> Any:
        # As in the file, a path and a secret stay text until the setting's validators.
        if isinstance(field, FieldInfo) and field.annotation in cast("tuple[Any, ...]", _TEXTS):
            return value
        return super()._coerce_env_val_strict(field, value)


class FileSource(TomlConfigSettingsSource):
    """A TOML file of tables. Raises SettingsError for one that cannot be read."""

    def __init__(self, settings_cls: type[BaseSettings], file: Path | None) -> None:
        self._file = file
        super().__init__(settings_cls, file)

    def _read_files(self, files: object, deep_merge: bool = False) -> dict[str, Any]:
        # The inherited method skips a missing file, a folder and a pipe without an error.
        del files, deep_merge
        if self._file is None:
            return {}
        tables = _read(self._file)
        _check_tables(tables, str(self._file))
        return tables


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Notepad writes a BOM
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{file} must be UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not TOML: {_plain(error)}") from None
    except (ValueError, RecursionError):  # numbers with thousands of digits, brackets without end
        raise SettingsError(f"{file} is not valid TOML.") from None


def _plain(error: tomllib.TOMLDecodeError) -> str:
    """The parser's message, and advice for common mistakes."""
    said = str(error)
    for part, advice in _ADVICE.items():
        if part in said:
            return f"{said}. {advice}"
    return f"{said}."


def _check_tables(tables: Mapping[str, object], file: str) -> None:
    """Raises SettingsError for an unknown section and for a value in the place of a table.

    A variable of that section would hide the second mistake.
    """
    for section, table in tables.items():
        if section not in SECTIONS:
            raise SettingsError(unknown_setting([section], file))
        _check_table([section], table, file)
    for name, backend in cast("dict[str, object]", tables.get("backends", {})).items():
        _check_table(["backends", name], backend, file)


def _check_table(loc: Sequence[str], given: object, file: str) -> None:
    if not isinstance(given, dict):
        raise SettingsError(refused_value(loc, file, type(given)))
