"""The values of each flag that can be suggested in a place, from memory only."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.catalog import Catalog
from bot.catalog.entries import Addon, Style
from bot.domain.backend_gaps import is_used
from bot.domain.capabilities import HORDE, Capabilities
from bot.domain.requests import Kind, Lora
from bot.parameters.flags.addon_types import LoraText
from bot.parameters.flags.errors import SIMILAR
from bot.parameters.flags.flag import Flag
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.table import FIELD, FLAGS
from bot.parameters.flags.value_types import plain_value, safe_value
from bot.rules.blocklists import form_allowed, is_blocked
from bot.rules.guild_settings import GuildSettings

PRESET, POST, VERSION = "preset", "post", "lora-version"
CHOICES_MAX = 25
NAME_MAX = 40  # characters of an addon's name, which is for the reader
TRIGGERED_MAX, TRIGGERS_MAX = 3, 3  # LoRAs shown with trigger words, and words of each


@dataclass(frozen=True, slots=True)
class FlagValues:
    """The values of flags that the backend and the rules of a place allow."""

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
            return found or matching(typed, self._allowed(flag, flag.examples))
        known = self._allowed(flag, flag.kind.values if flag.kind else ())
        if flag.name == PRESET:
            known = tuple(map(safe_value, self.presets))
        return matching(typed, known or self._allowed(flag, flag.examples))

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
            return [
                _addon(each) for each in catalog.embeddings(typed, most, nsfw=nsfw, rules=rules)
            ]
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


def matching(typed: str, known: Iterable[str]) -> list[str]:
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
