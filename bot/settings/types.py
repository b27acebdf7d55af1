"""The shape of each kind of value: ports, addresses, keys, paths."""

import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import AfterValidator, Field, SecretStr

_PORT = r"(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4})"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HOST = r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+)"
_PATH = r"(?:/[\w./~%-]*)?"

Shaped = TypeVar("Shaped", str, SecretStr)


def type_name(pattern: str) -> AfterValidator:
    """The whole text matches. Patterns and not URL parsers: two of those may read one odd address
    differently, and the token would go to a stranger.
    """
    compiled = re.compile(pattern, re.ASCII)

    def check(value: Shaped) -> Shaped:
        text = value if isinstance(value, str) else value.get_secret_value()
        if not compiled.fullmatch(text):
            raise ValueError("another shape")
        return value

    return AfterValidator(check)


def items(value: object) -> object:
    """TOML's lists are not frozen."""
    return tuple(cast("list[object]", value)) if isinstance(value, list) else value


def as_path(value: object) -> object:
    """TOML has no paths."""
    return Path(value) if isinstance(value, str) else value


def upper(value: object) -> object:
    """Small letters are as good."""
    return value.upper() if isinstance(value, str) else value


def not_empty(path: Path) -> Path:
    """Raises ValueError for a path that names nothing."""
    if not path.name:
        raise ValueError("empty")
    return path


Word = Annotated[SecretStr, type_name(r"[!-~]+")]  # goes into a header
FernetKey = Annotated[SecretStr, type_name(r"[\w-]{43}=")]
Snowflake = Annotated[int, Field(gt=0, lt=2**63)]
_LOOPBACK = rf"https?://(127(\.{_OCTET}){{3}}|localhost|\[::1\])(:{_PORT})?{_PATH}"
Loopback = Annotated[str, type_name(rf"({_LOOPBACK})?")]
Web = Annotated[str, type_name(rf"https?://{_HOST}(:{_PORT})?{_PATH}")]
Https = Annotated[str, type_name(rf"(https://{_HOST}(:{_PORT})?{_PATH})?")]
Source = Annotated[str, type_name(rf"(https://{_HOST}(:{_PORT})?{_PATH}|{_LOOPBACK})?")]
Listen = Annotated[str, type_name(rf"({_HOST}:{_PORT})?")]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
