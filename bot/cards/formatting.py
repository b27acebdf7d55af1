"""Numbers, durations, kudos and lists as text."""

from collections.abc import Iterable, Sequence

from bot.domain.requests import Kind

NBSP = "\N{NO-BREAK SPACE}"  # between a number and its unit
THINGS = {
    Kind.IMAGE: ("picture", "pictures"),
    Kind.TEXT: ("text", "texts"),
    Kind.ALCHEMY: ("result", "results"),
}


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th …"""
    teens = 10 <= number % 100 <= 20
    ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def count(number: int, kind: Kind) -> str:
    """1 picture, 4 pictures."""
    one, many = THINGS[kind]
    return f"{number:,} {one if number == 1 else many}"


def size(width: int, height: int) -> str:
    """1024 by 768, as people write it."""
    return f"{width}{NBSP}\N{MULTIPLICATION SIGN}{NBSP}{height}"


def duration(seconds: float) -> str:
    """14 s, 2 min 5 s, 1 h 3 min, 2 days: how people say a time."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes_left = divmod(minutes, 60)
    if whole < 60:
        text = f"{whole} s"
    elif hours < 1:
        text = f"{minutes} min {rest} s" if rest else f"{minutes} min"
    elif hours < 48:
        text = f"{hours} h {minutes_left} min" if minutes_left else f"{hours} h"
    else:
        text = f"{hours // 24} days"
    return text.replace(" ", NBSP)


def kudos(amount: float) -> str:
    """Kudos without needless fractions: 16 kudos, 0.4 kudos."""
    rounded = f"{amount:,.0f}" if amount >= 1 or amount == 0 else f"{amount:.1f}"
    return f"{rounded}{NBSP}kudos"


def backend(name: str) -> str:
    """Name of a backend in a sentence."""
    return "the Horde" if name == "horde" else name


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
        whole = f"{run[0]} to {run[-1]}"
        parts += [whole] if len(run) > 2 else map(str, run)
    return listed(parts)


def listed(words: Iterable[str], between: str = "and") -> str:
    """a; a and b; a, b and c. `between`: the word before the last."""
    *first, last = words
    return f"{', '.join(first)} {between} {last}" if first else last
