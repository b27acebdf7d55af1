"""Parses JSON from outside within limits of size, depth and number of values."""

import codecs
import json
import math
import re
from typing import cast

from bot.chat.files.limits import TEXT_BYTES, check_file_size
from bot.domain.well_formed import well_formed
from bot.errors import CardError
from bot.i18n import _

Json = dict[str, object]

DEPTH_MAX = 60  # real cards need about 10
BRACKETS_MAX = 200_000  # opening ones, also in texts: each may cost 100 bytes when it is parsed
_OPENING = re.compile(rb"[\[{]")
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def parsed_json(data: bytes, most: int = TEXT_BYTES) -> object:
    """The value of that JSON text, with valid Unicode and finite numbers. Raises CardError.

    A byte order mark, line breaks inside texts and bytes that are no UTF-8 are accepted.
    """
    check_file_size(data, most)
    if sum(1 for _bracket in _OPENING.finditer(data)) > BRACKETS_MAX:
        raise _too_complex()
    try:
        found: object = json.loads(
            decoded_text(data), strict=False, parse_float=_finite, parse_constant=lambda _name: None
        )
    except RecursionError:
        raise _too_complex() from None
    except ValueError:
        raise CardError(_("The file contains no valid JSON. Export it again.")) from None
    return _cleaned(found, DEPTH_MAX)


def parsed_object(data: bytes, most: int = TEXT_BYTES) -> Json:
    """The same for a file that must be an object. Raises CardError."""
    found = parsed_json(data, most)
    if not isinstance(found, dict):
        raise CardError(_("The JSON of the file is not an object. Export it again."))
    return cast("Json", found)


def decoded_text(data: bytes) -> str:
    """The text of the bytes: UTF-8 or, with a byte order mark, UTF-16."""
    encoding = "utf-16" if data.startswith(_WIDE) else "utf-8-sig"
    return data.decode(encoding, "replace")


def _finite(text: str) -> float | None:
    value = float(text)
    return value if math.isfinite(value) else None


def _cleaned(value: object, depth: int) -> object:
    if isinstance(value, str):
        return well_formed(value)
    if not isinstance(value, dict | list):
        return value
    if depth == 0:
        raise _too_complex()
    if isinstance(value, dict):
        values = cast("Json", value)
        return {well_formed(name): _cleaned(one, depth - 1) for name, one in values.items()}
    return [_cleaned(one, depth - 1) for one in cast("list[object]", value)]


def _too_complex() -> CardError:
    return CardError(_("The JSON of the file is nested too deeply or has too many values."))


def compact(value: object) -> str:
    """The value as JSON text for the database."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def stored(text: str) -> Json:
    """The object of `compact`; an empty one for another text."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return {}
    return cast("Json", found) if isinstance(found, dict) else {}
