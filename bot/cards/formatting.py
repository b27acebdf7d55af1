"""Numbers, durations, kudos and lists as text."""

from collections.abc import Sequence

from bot.domain.kudos import prices
from bot.domain.requests import Kind
from bot.i18n import ENGLISH, _, current_language, formats, ngettext

DOT = " · "  # between the facts of a line
NBSP = formats.NBSP  # between a number and its unit
HORDE = "horde"  # the name of the backend that a new configuration has
decimal = formats.number
duration = formats.duration
listed = formats.list_and
either = formats.list_or
kudos = prices.kudos
price = prices.price
dollars = prices.dollars


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th …"""
    if current_language() is not ENGLISH:
        return _("{number}th").format(number=decimal(number))
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count(number: int, kind: Kind) -> str:
    """1 image, 4 images."""
    match kind:
        case Kind.IMAGE:
            text = ngettext("{count} image", "{count} images", number)
        case Kind.TEXT:
            text = ngettext("{count} text", "{count} texts", number)
        case Kind.ALCHEMY:
            text = ngettext("{count} result", "{count} results", number)
        case Kind.VIDEO:
            text = ngettext("{count} video", "{count} videos", number)
    return text.format(count=decimal(number))


def size(width: int, height: int) -> str:
    """1024 by 768, as people write it."""
    return f"{width}{NBSP}\N{MULTIPLICATION SIGN}{NBSP}{height}"


def backend(name: str) -> str:
    """Name of a backend after a label."""
    return "AI Horde" if name == HORDE else name


def and_more(names: Sequence[str], more: int) -> str:
    """The names as a list; `more`: the number of names that are not shown."""
    if more <= 0:
        return listed(names)
    text = ngettext("{names} and {count} more", "{names} and {count} more", more)
    return text.format(names=", ".join(names), count=decimal(more))


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
