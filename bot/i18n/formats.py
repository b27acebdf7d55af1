"""Numbers, lists, durations and sizes in the current language.

English is written here: Babel and its data take 9 MB, and are loaded for other languages only.
"""

from collections.abc import Iterable
from typing import Literal

from bot.i18n.languages import ENGLISH
from bot.i18n.messages import current_language

NBSP = "\N{NO-BREAK SPACE}"  # between a number and its unit
MEGABYTE = 1_000_000
ENGLISH_UNITS = {"second": "s", "minute": "min", "hour": "h"}


def number(value: float) -> str:
    """A number with the separators of the language: 12,345.6."""
    language = current_language()
    if language is ENGLISH:
        return f"{value:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415 - 9 MB that English does not need

    return format_decimal(value, locale=language.code)


def list_and(words: Iterable[str]) -> str:
    """a; a and b; a, b and c."""
    return _list(list(words), "and", "standard")


def list_or(words: Iterable[str]) -> str:
    """a; a or b; a, b or c."""
    return _list(list(words), "or", "or")


def duration(seconds: float) -> str:
    """14 s, 2 min 5 s, 1 h 3 min, 2 days."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if whole < 60:
        parts = [_unit(whole, "second")]
    elif hours < 1:
        parts = [_unit(minutes, "minute")] + ([_unit(rest, "second")] if rest else [])
    elif hours < 48:
        parts = [_unit(hours, "hour")] + ([_unit(minutes_left, "minute")] if minutes_left else [])
    else:
        parts = [_unit(hours // 24, "day")]
    return NBSP.join(parts).replace(" ", NBSP)


def megabytes(size: float) -> str:
    """A size in bytes, as megabytes: 1.2 MB, 25 MB."""
    amount = size / MEGABYTE
    rounded = round(amount) if amount >= 10 or amount.is_integer() else round(amount, 1)
    language = current_language()
    if language is ENGLISH:
        return f"{rounded:,}{NBSP}MB"
    from babel.units import format_unit  # noqa: PLC0415 - as in number()

    text = format_unit(rounded, "digital-megabyte", length="short", locale=language.code)
    return text.replace(" ", NBSP)


def dollars(amount: float) -> str:
    """US dollars with two decimals, below one dollar with up to six: $12.50, $0.0042."""
    digits = 6 if abs(amount) < 1 else 2
    rounded = round(amount, digits)
    language = current_language()
    if language is ENGLISH:
        whole, decimals = f"{rounded:,.{digits}f}".split(".")
        return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}"
    from babel.numbers import format_currency  # noqa: PLC0415 - as in number()

    text = format_currency(rounded, "USD", locale=language.code, decimal_quantization=False)
    return text.replace(" ", NBSP)


def _list(words: list[str], conjunction: str, style: Literal["standard", "or"]) -> str:
    language = current_language()
    if language is ENGLISH:
        *first, last = words
        return f"{', '.join(first)} {conjunction} {last}" if first else last
    from babel.lists import format_list  # noqa: PLC0415 - as in number()

    return format_list(words, style=style, locale=language.code)


def _unit(amount: int, name: Literal["second", "minute", "hour", "day"]) -> str:
    language = current_language()
    if language is ENGLISH:
        unit = ENGLISH_UNITS.get(name) or ("day" if amount == 1 else "days")
        return f"{amount:,} {unit}"
    from babel.units import format_unit  # noqa: PLC0415 - as in number()

    length = "long" if name == "day" else "short"
    return format_unit(amount, f"duration-{name}", length=length, locale=language.code)
