"""Suggestions for the next part of `extra` while it is typed, from memory only."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.catalog import Catalog
from bot.catalog.entries import Addon, Style
from bot.domain.backend_gaps import is_used
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import Kind, Lora
from bot.parameters.flags.addon_types import LoraText
from bot.parameters.flags.compound_types import Listed
from bot.parameters.flags.errors import SIMILAR, ExtraError
from bot.parameters.flags.flag import Flag
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.parser import flag_named, flag_of, parse
from bot.parameters.flags.table import BY_NAME, FIELD, FLAGS
from bot.parameters.flags.tokenizer import Word, joined_words, words
from bot.parameters.flags.value_types import plain_value, safe_value
from bot.rules.blocklists import form_allowed, is_blocked
from bot.rules.guild_settings import NO_RULES, GuildSettings

PRESET, POST, VERSION = "preset", "post", "lora-version"
TEXT_MAX = 100  # characters of a choice (docs of 2026-08); its name stays in the box
CHOICES_MAX = 25
NAME_MAX = 40  # characters of an addon's name, which is for the reader
TRIGGERED_MAX, TRIGGERS_MAX = 3, 3  # LoRAs shown with trigger words, and words of each
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
    shelves = Shelves(catalog, tuple(presets), nsfw, rules, able)
    found = (text.strip() for text in _candidates(typed, shelves))
    fitting = dict.fromkeys(text for text in found if 0 < len(text) <= TEXT_MAX)
    return list(fitting)[:CHOICES_MAX]


def values_of(
    name: str, typed: str, catalog: Catalog, rules: GuildSettings = NO_RULES
) -> list[str]:
    """The values of a flag that the server of the place knows, those that match first."""
    flag = BY_NAME[plain_value(name)]
    return Shelves(catalog, (), nsfw=False, rules=rules).of(flag, typed)[:CHOICES_MAX]


@dataclass(frozen=True, slots=True)
class Shelves:
    """Lists of values for flags."""

    catalog: Catalog
    presets: tuple[str, ...]
    nsfw: bool
    rules: GuildSettings
    able: Capabilities = HORDE

    def of(self, flag: Flag, typed: str) -> list[str]:
        """Values as they are written, those that match the typed text first."""
        if not self._has(flag):
            return []
        if flag.searched:
            found = self._searched(flag, typed)
            return found or _near(typed, self._allowed(flag, flag.examples))
        known = self._allowed(flag, flag.kind.values if flag.kind else ())
        if flag.name == PRESET:
            known = tuple(map(safe_value, self.presets))
        return _near(typed, known or self._allowed(flag, flag.examples))

    def flags(self) -> list[Flag]:
        """The flags that the server of the place knows."""
        sampling = self.catalog.sampling(self.rules)
        has_fields = self.catalog.style_contract is not None
        taken = (flag for flag in FLAGS if sampling.takes(flag.fields[0]) and self._has(flag))
        return [flag for flag in taken if has_fields or flag.name != FIELD]

    def _has(self, flag: Flag) -> bool:
        """Whether the backend of the place has the flag; the bot has styles of its own."""
        return flag.searched == "styles" or is_used(flag.fields[0], self.able)

    def _searched(self, flag: Flag, typed: str) -> list[str]:
        catalog, nsfw, most, rules = self.catalog, self.nsfw, CHOICES_MAX, self.rules
        if flag.searched == "models":
            models = catalog.models(Kind.IMAGE, typed, most, nsfw=nsfw, rules=rules)
            return [safe_value(model.name) for model in models]
        if flag.searched == "styles":
            styles = catalog.styles(typed, most, nsfw=nsfw, rules=rules)
            styles = [each for each in styles if each.kind == "file" or self.able.uses("style")]
            return [safe_value(_called(catalog, style, rules)) for style in styles]
        if flag.searched == "embeddings":
            return [_addon(each) for each in catalog.embeddings(typed, most, nsfw=nsfw)]
        typed, behind, _trigger = typed.partition("@")
        found = catalog.loras(typed, most, nsfw=nsfw, rules=rules)
        loras = [each for each in found if each.is_version == (flag.name == VERSION)]
        plain = [] if behind else [_addon(each) for each in loras]
        few = loras[:TRIGGERED_MAX] if typed.strip() else []
        return plain + [text for each in few for text in _triggered(each)]

    def _allowed(self, flag: Flag, values: Sequence[str]) -> list[str]:
        """Those that the server does not block; upscalers count as models."""
        rules = self.rules
        blocked = {
            "models": rules.models_blocked,
            "styles": rules.styles_blocked,
            "loras": rules.loras_blocked,
        }.get(flag.searched, ())
        values = self.catalog.sampling(rules).known(flag.fields[0], values)
        if flag.name == POST:
            return [value for value in values if form_allowed(value, rules)]
        if flag.name == VERSION and rules.loras_blocked:  # its LoRA is unknown
            return []
        return [value for value in values if not is_blocked(value.partition(":")[0], blocked)]


def _called(catalog: Catalog, style: Style, rules: GuildSettings) -> str:
    """Its name, or its id if another style has the same name."""
    return style.name if catalog.style(style.name, rules) == style else style.key


def _addon(addon: Addon) -> str:
    """Its id, with its name in brackets, which the parser ignores."""
    name = " ".join(re.sub(r"[\W_]+", " ", addon.name).split())[:NAME_MAX].strip()
    if addon.id.isdigit() and name and name != addon.id:
        return f"{addon.id} ({name})"
    return safe_value(addon.id)


def _triggered(addon: Addon) -> list[str]:
    """The LoRA with each of its first trigger words, which the Horde adds to the prompt."""
    longest = field_limits("loras", "trigger").longest
    short = [each for each in addon.triggers if len(each) <= longest][:TRIGGERS_MAX]
    written = (LoraText().write(Lora(name="x", trigger=each)) for each in short)
    return [f"{_addon(addon)}@{text.partition('@')[2]}" for text in written]


def _candidates(typed: str, shelves: Shelves) -> Iterator[str]:
    found = words(typed)
    places = [place for place, word in enumerate(found) if flag_named(word) is not None]
    open_end = bool(found) and found[-1].end == len(typed)  # else a new word begins
    half = bool(places) and places[-1] == len(found) - 1 and typed.endswith("-")  # as in --no-
    whole = _parses(typed) and not half
    flag = _flag_at(found[places[-1]]) if places and not half else None
    values = list(_values(typed, found[places[-1] :], shelves)) if flag else []
    if whole and not (values and _is_listed(flag)):
        yield typed
    yield from values
    if whole:
        yield typed
    used = [each[0].name for word in found if (each := _flag_at(word))]
    if open_end and (flag is None or places[-1] == len(found) - 1):
        word = found[-1]  # the name of a flag, half typed or misspelt
        named = (flag_named(word) or word).text
        yield from _flags(typed[: word.start], named, used[:-1], shelves.flags())
    if whole or not found:
        behind = f"{typed.rstrip()} " if found else ""
        more = list(_flags(behind, "", used, shelves.flags()))
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


def _values(typed: str, found: list[Word], shelves: Shelves) -> Iterator[str]:
    """The text with possible values of its last flag, which begin with the words."""
    known, name = _flag_at(found[0]), flag_named(found[0])
    if known is None or name is None or known[0].kind is None or known[1]:
        return
    flag, taken = known[0], name.split("=", 1)[1:] + found[1:]
    if not taken:
        for text in shelves.of(flag, ""):
            yield f"{typed.rstrip()} {text}"
        return
    word, before = joined_words(taken), set[str]()
    if isinstance(flag.kind, Listed):
        *others, last = flag.kind.parts(word)
        word, before = last.stripped(), {plain_value(other.text) for other in others}
    for text in shelves.of(flag, word.text.lstrip()):
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
    fitting = dict.fromkeys(names[key] for key in _near(plain_value(typed), names))
    begun = [name for name in fitting if name.startswith(typed)] if typed.endswith("-") else ()
    for name in begun or fitting:
        yield f"{head}--{name}"


def _near(typed: str, known: Iterable[str]) -> list[str]:
    """The known texts that match: those that begin with it, contain it, or are spelt similarly."""
    wanted, texts = plain_value(typed), list(known)
    if not wanted:
        return texts
    begun = [text for text in texts if plain_value(text).startswith(wanted)]
    inside = [text for text in texts if wanted in plain_value(text)]
    alike = process.extract(
        wanted,
        texts,
        scorer=fuzz.ratio,
        processor=plain_value,
        limit=CHOICES_MAX,
        score_cutoff=SIMILAR,
    )
    return list(dict.fromkeys([*begun, *inside, *(text for text, *_ in alike)]))


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
