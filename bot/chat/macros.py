"""Macros in the texts of cards and lorebooks: names, time, chance, comments.

They are those of the character card specification V3 ("curly braced syntaxes") and the usual ones
about time. An unknown macro stays as it is. The same values give the same text each time.
"""

import calendar
import random
import re
from dataclasses import dataclass
from datetime import datetime

PASSES = 5  # of macros inside of macros
OUTPUT_MAX = 400_000  # characters
_MACRO = re.compile(r"\{\{([^{}]*)\}\}")
_TRIM = re.compile(r"\{\{trim\}\}", re.IGNORECASE)
_BRACKETS = re.compile(r"<(bot|char|user)>", re.IGNORECASE)
_NAMED = re.compile(r"\s*([A-Za-z_]+)\s*(?:::?|\s)\s*(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MacroValues:
    """What macros become. `original`: the default of a text that a card replaces.

    `turn`: what {{random}} and {{roll}} depend on besides their place; `lasting`: the same of
    {{pick}}, which keeps its choice during a conversation.
    """

    char: str
    user: str
    now: datetime | None = None
    original: str = ""
    turn: str = ""
    lasting: str = ""


def expand(text: str, values: MacroValues, *, keys: bool = False) -> str:
    """The text with its macros replaced. `keys`: hidden keys are shown, for the search of keys."""
    text = _BRACKETS.sub(lambda found: _name(found[1], values), text) if "<" in text else text
    if "{{" not in text:
        return text
    for _ in range(PASSES):
        before = text
        text = _MACRO.sub(lambda found: _value(found, values, keys=keys), before)[:OUTPUT_MAX]
        if text == before:
            break
    return _trimmed(text)


def _trimmed(text: str) -> str:
    """Without the {{trim}} macros and the blanks around them."""
    before, *parts = _TRIM.split(text)
    for part in parts:
        before = before.rstrip() + part.lstrip()
    return before


def _name(word: str, values: MacroValues) -> str:
    return values.user if word.casefold() == "user" else values.char


def _value(found: re.Match[str], values: MacroValues, *, keys: bool) -> str:
    inside = found[1]
    if inside.lstrip().startswith("//"):
        return ""
    word = inside.strip().casefold()
    if word in _PLAIN:
        return _plain(word, values)
    if values.now is not None and word in _TIMES:
        return _timed(word, values.now)
    named = _NAMED.fullmatch(inside)
    if named is None:
        return found[0]
    return _with_argument(found, named[1].casefold(), named[2], values, keys=keys)


_PLAIN = frozenset({"char", "user", "bot", "original", "newline", "noop"})


def _plain(word: str, values: MacroValues) -> str:
    if word == "original":
        return values.original
    if word in {"newline", "noop"}:
        return "\n" if word == "newline" else ""
    return _name(word, values)


_TIMES = frozenset({"time", "date", "weekday", "isotime", "isodate"})


def _timed(word: str, now: datetime) -> str:
    if word == "weekday":
        return calendar.day_name[now.weekday()]
    if word == "date":
        return f"{now.day} {calendar.month_name[now.month]} {now.year}"
    return now.strftime("%Y-%m-%d" if word == "isodate" else "%H:%M")


def _with_argument(
    found: re.Match[str], word: str, argument: str, values: MacroValues, *, keys: bool
) -> str:
    match word:
        case "comment":
            return ""
        case "hidden_key":
            return argument if keys else ""
        case "reverse":
            return argument[::-1]
        case "random" | "pick":
            options = _options(argument)
            seed = values.lasting if word == "pick" else values.turn
            return _dice(found, seed).choice(options)
        case "roll":
            return _rolled(argument, _dice(found, values.turn)) or found[0]
        case _:
            return found[0]


def _options(argument: str) -> list[str]:
    """The options of a choice, separated by commas, or by double colons."""
    if "::" in argument:
        return argument.split("::")
    return [part.replace(r"\,", ",").strip() for part in re.split(r"(?<!\\),", argument)]


def _rolled(argument: str, dice: random.Random) -> str:
    """The sum of the dice "6", "d6" or "2d6"; "" for another text."""
    found = re.fullmatch(r"\s*(?:(\d{0,2})d)?(\d{1,6})\s*", argument, re.IGNORECASE | re.ASCII)
    if found is None or int(found[2]) < 1:
        return ""
    count = max(1, int(found[1] or 1))
    return str(sum(dice.randint(1, int(found[2])) for _ in range(count)))


def _dice(found: re.Match[str], seed: str) -> random.Random:
    """The same chance for the same macro at the same place."""
    return random.Random(f"{seed}\n{found.start()}\n{found[0]}")  # noqa: S311 - no secret
