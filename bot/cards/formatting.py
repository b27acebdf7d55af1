"""Numbers, durations, kudos and lists as text."""

from collections.abc import Iterable, Sequence

from bot.domain.requests import Kind
from bot.i18n import ENGLISH, _, current_language, ngettext

DOT = " · "  # between the facts of a line
NBSP = "\N{NO-BREAK SPACE}"  # between a number and its unit


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th …"""
    if current_language() is not ENGLISH:
        return _("{number}th").format(number=decimal(number))
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count(number: int, kind: Kind) -> str:
    """1 picture, 4 pictures."""
    match kind:
        case Kind.IMAGE:
            text = ngettext("{count} picture", "{count} pictures", number)
        case Kind.TEXT:
            text = ngettext("{count} text", "{count} texts", number)
        case Kind.ALCHEMY:
            text = ngettext("{count} result", "{count} results", number)
    return text.format(count=decimal(number))


def size(width: int, height: int) -> str:
    """1024 by 768, as people write it."""
    return f"{width}{NBSP}\N{MULTIPLICATION SIGN}{NBSP}{height}"


def duration(seconds: float) -> str:
    """14 s, 2 min 5 s, 1 h 3 min, 2 days: how people say a time."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if whole < 60:
        text = _("{seconds} s").format(seconds=whole)
    elif hours < 1:
        text = _("{minutes} min {seconds} s") if rest else _("{minutes} min")
        text = text.format(minutes=minutes, seconds=rest)
    elif hours < 48:
        text = _("{hours} h {minutes} min") if minutes_left else _("{hours} h")
        text = text.format(hours=hours, minutes=minutes_left)
    else:
        text = ngettext("{days} day", "{days} days", hours // 24).format(days=hours // 24)
    return text.replace(" ", NBSP)


def kudos(amount: float) -> str:
    """Kudos without needless fractions: 16 kudos, 0.4 kudos."""
    rounded = round(amount) if amount >= 1 or amount == 0 else round(amount, 1)
    return f"{decimal(rounded)}{NBSP}kudos"


def decimal(number: float) -> str:
    """A number with the separators of the current language: 12,345.6."""
    language = current_language()
    if language is ENGLISH:
        return f"{number:,}"
    from babel.numbers import format_decimal  # noqa: PLC0415 - 9 MB that English does not need

    return format_decimal(number, locale=language.code)


def backend(name: str) -> str:
    """Name of a backend in a sentence."""
    return _("the Horde") if name == "horde" else name


def numbers(found: Sequence[int]) -> str:
    """Ascending numbers, neighbours as a range: 3; 3 and 4; 1 to 5, 8 and 9."""
    runs = list[list[int]]()
    for number in found:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = list[str]()
    for run in runs:
        whole = _("{first} to {last}").format(first=run[0], last=run[-1])
        parts += [whole] if len(run) > 2 else map(str, run)
    return listed(parts)


def listed(words: Iterable[str], *, either: bool = False) -> str:
    """a; a and b; a, b and c. `either`: with "or" before the last."""
    *first, last = words
    if not first:
        return last
    both = _("{list} or {last}") if either else _("{list} and {last}")
    return both.format(list=_(", ").join(first), last=last)
