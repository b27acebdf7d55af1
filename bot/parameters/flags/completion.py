"""Suggestions for the next part of `extra` while it is typed, from memory only."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.catalog import Catalog
from bot.domain.capabilities import HORDE, Capabilities
from bot.parameters.flags.compound_types import Listed
from bot.parameters.flags.errors import ExtraError
from bot.parameters.flags.flag import Flag
from bot.parameters.flags.flag_values import CHOICES_MAX, PRESET, FlagValues, matching
from bot.parameters.flags.parser import flag_named, flag_of, parse
from bot.parameters.flags.table import BY_NAME
from bot.parameters.flags.tokenizer import Word, joined_words, words
from bot.parameters.flags.value_types import plain_value
from bot.rules.guild_settings import NO_RULES, GuildSettings

TEXT_MAX = 100  # characters of a choice (docs of 2026-08); its name stays in the box
_DASHES = re.compile(r"(?<!\S)[-–—―]+$")  # noqa: RUF001 - of a flag that is still to come
NAMES_MAX = 12  # flags suggested after a complete one


def suggestions(
    typed: str,
    catalog: Catalog,
    *,
    presets: Sequence[str] = (),
    nsfw: bool = False,
    rules: GuildSettings = NO_RULES,
    able: Capabilities = HORDE,
) -> list[str]:
    """Complete texts for `extra` that continue the typed one, the best first; never raises.

    `presets`: names of presets. `nsfw`: the place is age-restricted. `rules`: blocked values are
    left out. `able`: of the backend there; flags that it does not use are left out.
    """
    if len(typed) > TEXT_MAX:
        return []
    typed = _DASHES.sub("", typed)
    known_values = FlagValues(catalog, tuple(presets), nsfw, rules, able)
    found = (text.strip() for text in _candidates(typed, known_values))
    fitting = dict.fromkeys(text for text in found if 0 < len(text) <= TEXT_MAX)
    return list(fitting)[:CHOICES_MAX]


def values_of(
    name: str, typed: str, catalog: Catalog, rules: GuildSettings = NO_RULES
) -> list[str]:
    """The values of a flag that the server of the place knows, those that match first."""
    flag = BY_NAME[plain_value(name)]
    return FlagValues(catalog, (), nsfw=False, rules=rules).of(flag, typed)[:CHOICES_MAX]


def _candidates(typed: str, known_values: FlagValues) -> Iterator[str]:
    found = words(typed)
    places = [place for place, word in enumerate(found) if flag_named(word) is not None]
    open_end = bool(found) and found[-1].end == len(typed)  # else a new word begins
    half = bool(places) and places[-1] == len(found) - 1 and typed.endswith("-")  # as in --no-
    whole = _parses(typed) and not half
    flag = _flag_at(found[places[-1]]) if places and not half else None
    values = list(_values(typed, found[places[-1] :], known_values)) if flag else []
    if whole and not (values and _is_listed(flag)):
        yield typed
    yield from values
    if whole:
        yield typed
    used = [each[0].name for word in found if (each := _flag_at(word))]
    if open_end and (flag is None or places[-1] == len(found) - 1):
        word = found[-1]  # the name of a flag, half typed or misspelt
        named = (flag_named(word) or word).text
        yield from _flags(typed[: word.start], named, used[:-1], known_values.flags())
    if whole or not found:
        behind = f"{typed.rstrip()} " if found else ""
        more = list(_flags(behind, "", used, known_values.flags()))
        yield from more[: NAMES_MAX if found else CHOICES_MAX]
    if found and found[-1].unclosed and _parses(f'{typed}"'):
        yield f'{typed}"'


def _is_listed(flag: tuple[Flag, bool] | None) -> bool:
    """Whether there is a list of its values, so that one of them is more likely than the typed
    text.
    """
    if flag is None:
        return False
    known = flag[0]
    return bool(known.searched or known.name == PRESET or (known.kind and known.kind.values))


def _values(typed: str, found: list[Word], known_values: FlagValues) -> Iterator[str]:
    """The text with possible values of its last flag, which begin with the words."""
    known, name = _flag_at(found[0]), flag_named(found[0])
    if known is None or name is None or known[0].kind is None or known[1]:
        return
    flag, taken = known[0], name.split("=", 1)[1:] + found[1:]
    if not taken:
        for text in known_values.of(flag, ""):
            yield f"{typed.rstrip()} {text}"
        return
    word, before = joined_words(taken), set[str]()
    if isinstance(flag.kind, Listed):
        *others, last = flag.kind.parts(word)
        word, before = last.stripped(), {plain_value(other.text) for other in others}
    for text in known_values.of(flag, word.text.lstrip()):
        if plain_value(text) not in before:
            yield typed[: word.start] + text


def _flags(head: str, typed: str, used: Iterable[str], flags: Sequence[Flag]) -> Iterator[str]:
    """The text with each possible flag; those that begin with the typed word come first."""
    done = set(used)
    free = [each for each in flags if each.many or each.name not in done]
    names = {plain_value(name): each.name for each in free for name in (each.name, *each.aliases)}
    names |= {plain_value(each.help): each.name for each in free}
    names |= {
        plain_value(f"no-{each.name}"): f"no-{each.name}" for each in flags if each.away and typed
    }
    fitting = dict.fromkeys(names[key] for key in matching(plain_value(typed), names))
    begun = [name for name in fitting if name.startswith(typed)] if typed.endswith("-") else ()
    for name in begun or fitting:
        yield f"{head}--{name}"


def _flag_at(word: Word) -> tuple[Flag, bool] | None:
    """The flag that the word names, and whether it has the prefix `--no-`."""
    name = flag_named(word)
    return None if name is None else flag_of(name.split("=", 1)[0])


def _parses(typed: str) -> bool:
    try:
        parse(typed)
    except ExtraError:
        return False
    return bool(typed.strip())
