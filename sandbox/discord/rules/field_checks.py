"""Checks for the field types of Discord's bodies, with Discord's error codes.

Each function builds a check. `model` handles null and missing fields, so a check never gets null.
Lengths are in code points, as Discord counts them.
"""

from collections.abc import Collection, Mapping
from typing import Any, TypeGuard, cast
from urllib.parse import urlsplit

from sandbox.discord.rules.error_report import Check, ErrorReport

JSON = Mapping[str, Any]
INT32 = 2**31 - 1
SNOWFLAKE = 2**63 - 1


def short_text(value: object) -> str:
    """A value as an error message quotes it: at most 50 characters, nested values as a type."""
    if isinstance(value, str):
        return value[:50]
    if value is None or isinstance(value, float) or (is_integer(value) and abs(value) < 2**64):
        return str(value)
    return type(value).__name__


def is_integer(value: object) -> TypeGuard[int]:
    """Whether a decoded JSON value is an integer (true and false are not)."""
    return isinstance(value, int) and not isinstance(value, bool)


def refuse_length(report: ErrorReport, low: int, high: int | None) -> None:
    """Report a text or list whose length is not within ``low`` and ``high``."""
    if high is None:
        report.refuse("BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length.")
    elif low:
        report.refuse("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
    else:
        report.refuse("BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")


def refuse_above(report: ErrorReport, high: float) -> None:
    """Report a number greater than ``high``."""
    kind = "int" if is_integer(high) else "float"
    report.refuse("NUMBER_TYPE_MAX", f"{kind} value should be less than or equal to {high}.")


def refuse_choice(report: ErrorReport, choices: Collection[object]) -> None:
    """Report a value outside a closed set."""
    listing = ", ".join(repr(choice) for choice in choices)
    report.refuse("BASE_TYPE_CHOICES", f"Value must be one of {{{listing}}}.")


def refuse_missing(report: ErrorReport) -> None:
    """Report a field that must be there."""
    report.refuse("BASE_TYPE_REQUIRED", "This field is required")


def text(low: int, high: int) -> Check:
    """A text of ``low`` to ``high`` characters; whitespace alone counts as empty."""

    def check(report: ErrorReport, value: Any) -> None:
        if not isinstance(value, str):
            report.refuse(
                "STRING_TYPE_CONVERT", f'Could not interpret "{short_text(value)}" as string.'
            )
        elif len(value) > high or (low and len(value.strip()) < low):
            refuse_length(report, low, high)

    return check


def filled_text(high: int) -> Check:
    """A text that counts as missing when blank, for example the name of an embed field."""
    inner = text(0, high)

    def check(report: ErrorReport, value: Any) -> None:
        if isinstance(value, str) and not value.strip():
            refuse_missing(report)
        else:
            inner(report, value)

    return check


def integer(low: int, high: int) -> Check:
    """An integer from ``low`` to ``high``."""

    def check(report: ErrorReport, value: Any) -> None:
        if not is_integer(value):
            report.refuse("NUMBER_TYPE_COERCE", f'Value "{short_text(value)}" is not int.')
        elif value < low:
            report.refuse("NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif value > high:
            refuse_above(report, high)

    return check


def number(bound: float) -> Check:
    """A finite number from ``-bound`` to ``bound``."""

    def check(report: ErrorReport, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            report.refuse("NUMBER_TYPE_COERCE", f'Value "{short_text(value)}" is not float.')
        elif not -bound <= value <= bound:
            refuse_above(report, bound)

    return check


def boolean(report: ErrorReport, value: Any) -> None:
    """A boolean; 0 and "true" are refused."""
    if not isinstance(value, bool):
        report.refuse("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")


def snowflake(report: ErrorReport, value: Any) -> None:
    """An id: decimal digits or an integer (discord.py sends both)."""
    is_id = (is_integer(value) and 0 <= value <= SNOWFLAKE) or (
        isinstance(value, str)
        and value.isascii()
        and value.isdigit()
        and len(value) <= 20
        and int(value) <= SNOWFLAKE
    )
    if not is_id:
        report.refuse("NUMBER_TYPE_COERCE", f'Value "{short_text(value)}" is not snowflake.')


def choice(*choices: int | str) -> Check:
    """One value of a closed set."""

    def check(report: ErrorReport, value: Any) -> None:
        # in Python 1.0 and true equal 1
        if not any(type(value) is type(one) and value == one for one in choices):
            refuse_choice(report, choices)

    return check


def url(high: int, *schemes: str) -> Check:
    """A URL with one of these schemes; ``attachment://name`` needs only a name."""

    def check(report: ErrorReport, value: Any) -> None:
        text(0, high)(report, value)
        if not isinstance(value, str) or len(value) > high:
            return
        try:
            parts = urlsplit(value)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in schemes:
            report.refuse(
                "URL_TYPE_INVALID_SCHEME",
                f'Scheme "{parts.scheme or "none"}" is not supported. '
                f"Scheme must be one of {schemes!r}.",
            )
        if not parts.scheme or not parts.netloc or any(map(str.isspace, value)):
            report.refuse("URL_TYPE_INVALID_URL", "Not a well formed URL.")

    return check


def listed(item: Check, low: int, high: int, *, unique: bool = False) -> Check:
    """A list of ``low`` to ``high`` items; ``item`` checks each of them."""

    def check(report: ErrorReport, value: Any) -> None:
        if not isinstance(value, list):
            report.refuse("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return
        items = cast("list[Any]", value)
        if not low <= len(items) <= high:
            refuse_length(report, low, high)
            return
        seen: set[str] = set()
        for n, one in enumerate(items):
            item(report / n, one)
            if unique and short_text(one) in seen:
                report.refuse(
                    "SET_TYPE_ALREADY_CONTAINS_VALUE", "The set already contains this value"
                )
            seen.add(short_text(one))

    return check


def model(
    fields: Mapping[str, Check], *, required: Collection[str] = (), also: Check | None = None
) -> Check:
    """An object with these fields, some of them required, and a rule for all of them together.

    ``also`` checks the object when all fields are valid. Unknown fields are ignored, as Discord
    ignores them.
    """

    def check(report: ErrorReport, value: Any) -> None:
        if not isinstance(value, dict):
            report.refuse("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        body = cast("JSON", value)
        before = report.error_count
        for name, field in fields.items():
            if body.get(name) is not None:
                field(report / name, body[name])
            elif name in required:
                refuse_missing(report / name)
        if also is not None and report.error_count == before:
            also(report, body)

    return check


def union(models: Mapping[int, Check]) -> Check:
    """An object whose ``type`` selects the model."""

    def check(report: ErrorReport, value: Any) -> None:
        if not isinstance(value, dict):
            report.refuse("MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
            return
        kind = cast("JSON", value).get("type")
        found = models.get(kind) if is_integer(kind) else None
        if found is None:
            report.refuse(
                "UNION_TYPE_CHOICES", f'Value of field "type" must be one of {tuple(models)!r}.'
            )
        else:
            found(report, cast("JSON", value))

    return check
