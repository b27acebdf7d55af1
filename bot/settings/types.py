"""Types of values: ports, addresses, keys, paths."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, TypeVar, cast

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

_PORT = r"(?:6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|\d{1,4})"
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_HOST = r"(?:\[[0-9a-fA-F:]+\]|[\w.-]+)"
_PATH = r"(?:/[\w./~%-]*)?"

# Not replaced "~user", "$HOME" and "%h"; addresses such as sqlite:///x; quotes; folders.
_NO_PATH = re.compile(r"""^~|[$%\0]|^\w{2,}:|^:|^["']|["'/\\]$""")
_HEADER_WORD = re.compile(r"^Bot\s+", re.IGNORECASE)

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
    """A path written as text; `~` and environment variables are replaced.

    Raises ValueError for text that would become the literal name of a file: an address, an unknown
    variable, quotes, a folder.
    """
    if not isinstance(value, str):
        return value
    text = os.path.expandvars(os.path.expanduser(value.strip()))  # noqa: PTH111 - Path raises
    if _NO_PATH.search(text) or (os.name == "posix" and "\\" in text):
        raise ValueError("another notation")
    return Path(text)


def bare_secret(value: object) -> object:
    """A token without surrounding spaces and without the prefix `Bot`."""
    return _HEADER_WORD.sub("", value.strip()) if isinstance(value, str) else value


def upper(value: object) -> object:
    """The text in capitals."""
    return value.upper() if isinstance(value, str) else value


def not_empty(path: Path) -> Path:
    """Raises ValueError for a path without a name."""
    if not path.name:
        raise ValueError("empty")
    return path


# Goes into a header. Without #: it begins a comment that an env file left in the value.
Word = Annotated[SecretStr, BeforeValidator(bare_secret), type_name(r"[!\"$-~]+")]
FernetKey = Annotated[SecretStr, type_name(r"[\w-]{43}=")]
Snowflake = Annotated[int, Field(gt=0, lt=2**63)]
_LOOPBACK = rf"https?://(127(\.{_OCTET}){{3}}|localhost|\[::1\])(:{_PORT})?{_PATH}"
Loopback = Annotated[str, type_name(rf"({_LOOPBACK})?")]
Web = Annotated[str, type_name(rf"https?://{_HOST}(:{_PORT})?{_PATH}")]
OptionalWeb = Annotated[str, type_name(rf"(https?://{_HOST}(:{_PORT})?{_PATH})?")]
Https = Annotated[str, type_name(rf"(https://{_HOST}(:{_PORT})?{_PATH})?")]
Source = Annotated[str, type_name(rf"(https://{_HOST}(:{_PORT})?{_PATH}|{_LOOPBACK})?")]
Listen = Annotated[str, type_name(rf"({_HOST}:{_PORT})?")]
Level = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]
