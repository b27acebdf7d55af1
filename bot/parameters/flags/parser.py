"""Parses flags into choices."""

from itertools import takewhile
from typing import Any, cast

from bot.domain.requests import ImageChoices, build, merged
from bot.domain.requests.image_choices import SIZES
from bot.i18n import _, ngettext
from bot.parameters.flags.errors import ExtraError, meant, quoted_input, wrong
from bot.parameters.flags.flag import Flag
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.table import BY_NAME, FLAGS, UNCHOSEN
from bot.parameters.flags.tokenizer import Word, joined_words, words
from bot.parameters.flags.value_types import plain_value

YES, NO = frozenset({"yes", "true", "on"}), frozenset({"no", "false", "off"})
NAMES = (*(each.name for each in FLAGS), *(f"no-{each.name}" for each in FLAGS if each.away))
HELP = "help"
# Fields that are set outside of `extra`: pictures, prompt, privacy.
OWN_OPTIONS = frozenset({"prompt", "private", "image", "mask", *(f"image{n}" for n in range(2, 6))})
IMPLIED = {"parts": "inpainting", "expand": "outpainting"}


def parse(line: str) -> ImageChoices:
    """The choices of a line of flags.

    Of repeated flags the last one counts, and lists grow. Raises ExtraError with the position.
    `only`: presets and defaults do not count; other fields have the model's default.
    """
    rest, chosen = words(line), dict[str, Any]()
    while rest:
        rest = _read(chosen, rest[0], rest[1:])
    for field, mode in IMPLIED.items():
        if any(chosen.get(field, ())):
            chosen.setdefault("mode", mode)
    found = build(ImageChoices, **chosen)
    return merged(found, UNCHOSEN) if found.only else found


def flag_named(word: Word) -> Word | None:
    """The name after the dashes of a flag. One dash is enough for a known name."""
    if (name := word.flag()) is not None:
        return name
    if word.text[:1] == "-" and word.bare[0] and word.text[1:2].isalpha():
        short = word.cut(1)
        return short if plain_value(short.split("=", 1)[0].text) in BY_NAME else None
    return None


def flag_of(name: Word) -> tuple[Flag, bool] | None:
    """The flag of that name, and whether it is removed, as in `--no-tiling`."""
    typed = plain_value(name.text)
    if typed in BY_NAME:
        return BY_NAME[typed], False
    found = BY_NAME.get(typed.removeprefix("no"))
    return (found, True) if found and found.away and typed.startswith("no") else None


def _read(chosen: dict[str, Any], first: Word, rest: list[Word]) -> list[Word]:
    """Read one flag with its value. Returns the words after them."""
    _closed(first)
    inside = flag_named(first)
    if inside is None:
        sentence = _("{text} does not belong to a flag. Flags begin with `--`.")
        guess = meant(first.text, NAMES, "--")
        raise wrong(first, f"{sentence.format(text=quoted_input(first.text))} {guess}".rstrip())
    name, *value = inside.split("=", 1)
    found = flag_of(name)
    if found is None:
        raise ExtraError(_unknown(name.text), first.line, first.start, name.end)
    flag, away = found
    values = value + list(takewhile(lambda word: flag_named(word) is None, rest))
    used = 0
    if away:
        _put(chosen, flag.away)
    else:
        used = _take(chosen, flag, first, values)
    if value and not used:
        sentence = _("{flag} takes no value.").format(flag=quoted_input(f"--{name.text}"))
        raise wrong(value[0], sentence)
    return rest[used - len(value) :] if used else rest


def _unknown(name: str) -> str:
    """Message for an unknown flag."""
    if plain_value(name) == HELP:
        return _("Flags are suggested as you type. `/help topic:flags` explains them.")
    if plain_value(name) in OWN_OPTIONS:
        return _("{name} is an option of the command, not a flag.").format(name=quoted_input(name))
    sentence = _("There is no flag {flag}.").format(flag=quoted_input(f"--{name}"))
    return f"{sentence} {meant(name, NAMES, '--')}".rstrip()


def _take(chosen: dict[str, Any], flag: Flag, first: Word, values: list[Word]) -> int:
    """Apply a flag. Returns how many of the words after it belong to it."""
    if flag.kind is None:
        return _switch(chosen, flag, values)
    if not values:
        if not flag.alone:
            sentence = _("{flag} needs a value: {expected}.")
            expected = flag.kind.phrase()
            raise wrong(first, sentence.format(flag=f"`--{flag.name}`", expected=expected))
        _put(chosen, flag.alone)
        return 0
    taken = values if flag.kind.greedy else values[:1]
    word = joined_words(taken)
    _closed(taken[-1])
    value = flag.kind.read(word, f"`--{flag.name}`")
    _put(chosen, flag.sets(_grown(chosen, flag, value, word) if flag.many else value))
    return len(taken)


def _closed(word: Word) -> None:
    if word.unclosed:
        raise wrong(word, _("A quotation mark is not closed."))


def _switch(chosen: dict[str, Any], flag: Flag, values: list[Word]) -> int:
    typed = values[0].text.casefold() if values else ""
    _put(chosen, flag.away if typed in NO else flag.alone)
    return int(typed in YES | NO)


def _grown(chosen: dict[str, Any], flag: Flag, value: object, word: Word) -> tuple[object, ...]:
    """The list so far with the new values; "" empties it."""
    before = cast("tuple[object, ...]", chosen.get(flag.fields[0], ()))
    also = flag.also.values()
    clash = any(chosen.get(each, wanted) != wanted for each, wanted in also.items())
    if before and clash:
        sentence = _("{flag} cannot be used with its opposite. Remove one of them.")
        raise wrong(word, sentence.format(flag=f"`--{flag.name}`"))
    if value == "":
        return ()
    more = cast("tuple[object, ...]", value) if isinstance(value, tuple) else (value,)
    most = field_limits(flag.fields[0]).most
    if most and len(before) + len(more) > most:
        sentence = ngettext(
            "{flag} takes {count} value at most. Remove this one.",
            "{flag} takes {count} values at most. Remove this one.",
            most,
        )
        raise wrong(word, sentence.format(flag=f"`--{flag.name}`", count=most))
    return (*before, *more)


def _put(chosen: dict[str, Any], values: ImageChoices) -> None:
    """A size and a shape exclude each other; the later one counts."""
    if SIZES & values.names:
        gone = {"shape"} if "shape" not in values.names else SIZES
        for name in gone & chosen.keys():
            del chosen[name]
    chosen.update(values.values())
