"""Reads the fields of an object of JSON, whose values may have another type than usual."""

from collections.abc import Iterable
from typing import cast

from bot.chat.files.json_input import Json
from bot.chat.files.limits import NUMBER_MAX, check_count, check_text_length
from bot.errors import CardError
from bot.i18n import _


class Fields:
    """The fields of an object. `rest` are those that were not read. Methods raise CardError.

    `path`: the name of the object in its file, for messages.
    """

    def __init__(self, values: Json, path: str = "") -> None:
        self._values = values
        self._path = path
        self._read: set[str] = set()

    def named(self, name: str) -> str:
        """The name of a field for messages."""
        return f"{self._path}.{name}" if self._path else name

    def get(self, *names: str) -> object:
        """The first value that is not null; all these fields count as read."""
        self._read.update(names)
        return next((self._values[name] for name in names if not self._missing(name)), None)

    def rest(self) -> Json:
        """The fields that were not read."""
        return {name: one for name, one in self._values.items() if name not in self._read}

    def text(self, *names: str, most: int) -> str:
        """A text; a number or a list of texts becomes one, null becomes empty."""
        text = self._text_of(names[0], self.get(*names))
        check_text_length(self.named(names[0]), text, most)
        return text

    def texts(self, name: str, *, count: int, most: int, separator: str = "") -> tuple[str, ...]:
        """A list of texts without the empty ones. `separator`: where a single text is divided."""
        found = self.get(name)
        if isinstance(found, list):
            values: Iterable[object] = cast("list[object]", found)
        else:
            text = self._text_of(name, found)
            values = text.split(separator) if separator else (text,)
        texts = [self._text_of(name, value) for value in values]
        texts = [text.strip() if separator else text for text in texts]
        kept = tuple(text for text in texts if text.strip())
        check_count(self.named(name), len(kept), count)
        for text in kept:
            check_text_length(self.named(name), text, most)
        return kept

    def flag(self, name: str, *, default: bool) -> bool:
        """A truth value, also as a number or as a text."""
        found = self.optional_flag(name)
        return default if found is None else found

    def optional_flag(self, *names: str) -> bool | None:
        """The same, None for null or for another value."""
        found = self.get(*names)
        if isinstance(found, str):
            return {"true": True, "1": True, "false": False, "0": False}.get(found.strip().lower())
        return bool(found) if isinstance(found, bool | int | float) else None

    def number(self, name: str, *, default: int, least: int = -NUMBER_MAX) -> int:
        """A whole number, also as a text, within limits."""
        found = self.optional_number(name, least=least)
        return default if found is None else found

    def optional_number(self, name: str, *, least: int = 0, most: int = NUMBER_MAX) -> int | None:
        """The same, None for null or for another value."""
        found = whole_number(self.get(name))
        return None if found is None else min(max(found, least), most)

    def inside(self, name: str) -> Json:
        """An object, empty for null or for another value, which then stays in `rest`."""
        found = self._values.get(name)
        if found is not None and not isinstance(found, dict):
            return {}
        self._read.add(name)
        return cast("Json", found or {})

    def _missing(self, name: str) -> bool:
        return self._values.get(name) is None

    def _text_of(self, name: str, value: object) -> str:
        if isinstance(value, list):
            parts = cast("list[object]", value)
            return "\n".join(self._text_of(name, part) for part in parts)
        if isinstance(value, dict):
            said = _("The field `{name}` of the file is not a text. Export it again.")
            raise CardError(said.format(name=self.named(name)))
        return plain_field(value)


def plain_field(value: object) -> str:
    """A single value as text, with the line breaks of the bot and without null characters."""
    if value is None or isinstance(value, bool):
        return ""
    return str(value).replace("\r\n", "\n").replace("\0", "")


def whole_number(value: object) -> int | None:
    """A number, or the number in a text; None for another value."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return int(value)
    except (ValueError, OverflowError):  # not a number, or infinite
        return None


def listed(value: object) -> list[object] | None:
    """The values of a list, or of an object whose names are numbers or ids; None for others."""
    if isinstance(value, dict):
        return list(cast("Json", value).values())
    return cast("list[object]", value) if isinstance(value, list) else None


def says_something(value: object) -> bool:
    """Whether a field that is not used is worth being named: not for its empty values."""
    return value not in (None, "", "none", False, 0, [], {})
