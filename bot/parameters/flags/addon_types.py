"""Values that name a LoRA or an embedding."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from bot.domain.requests import Embedding, Lora
from bot.parameters.flags.civitai_addresses import civitai_address
from bot.parameters.flags.compound_types import check_length
from bot.parameters.flags.errors import said, wrong
from bot.parameters.flags.limits import field_limits
from bot.parameters.flags.tokenizer import Word, quote
from bot.parameters.flags.value_types import Choice, Number, number_text, safe_value

_WITH_NAME = re.compile(r"([0-9]+) \([^()]*\)")


@dataclass(frozen=True, slots=True)
class LoraText:
    """NAME:MODEL:CLIP@TRIGGER; the strengths and the trigger are optional."""

    is_version: bool = False
    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        first = "VERSION" if self.is_version else "NAME"
        return f"{first}:STRENGTH:CLIP@TRIGGER, of which only {first} must be given"

    def read(self, word: Word, name: str) -> Lora:
        page = civitai_address(word, name)
        word, trigger = _behind(page.rest if page else word, "@")
        label, *strengths = (part.stripped() for part in word.split(":"))
        label = page.version or page.model or label if page else _numbered(label)
        is_version = self.is_version or bool(page and page.version)
        check_length(label, name, field_limits("loras", "name"))
        if self.is_version and page and not page.version:
            raise wrong(label, f"{name} takes the number of a version, and this address has none.")
        if self.is_version and not (label.text.isascii() and label.text.isdigit()):
            raise wrong(label, f"{name} takes the number of a version, not {said(label.text)}.")
        if len(strengths) > 2:
            raise wrong(strengths[2], f"{name} takes two strengths. {QUOTE_COLON}")
        longest = field_limits("loras", "trigger").longest
        if trigger is not None and not 0 < len(trigger.text) <= longest:
            raise wrong(trigger, f"A trigger of {name} has 1 to {longest} characters.")
        found = [_strength(part, ("loras", side)) for part, side in _paired(strengths)]
        return Lora(
            name=label.text,
            model=found[0] if found else 1.0,
            clip=found[1] if len(found) > 1 else 1.0,
            trigger=trigger.text if trigger else "",
            is_version=is_version,
        )

    def write(self, value: Lora) -> str:
        clip = "" if value.clip == 1 else f":{number_text(value.clip)}"
        model = f":{number_text(value.model)}" if clip or value.model != 1 else ""
        safe = quote if value.trigger.isdecimal() else safe_value  # 1@2 is a version on CivitAI
        trigger = f"@{safe(value.trigger)}" if value.trigger else ""
        return f"{safe_value(value.name)}{model}{clip}{trigger}"


@dataclass(frozen=True, slots=True)
class EmbeddingText:
    """NAME:STRENGTH@PROMPT; the strength and the prompt are optional."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return "NAME:STRENGTH@prompt or @negprompt, of which only NAME must be given"

    def read(self, word: Word, name: str) -> Embedding:
        page = civitai_address(word, name)
        word, where = _behind(page.rest if page else word, "@")
        label, *strengths = (part.stripped() for part in word.split(":"))
        if page and page.model is None:
            raise wrong(label, f"{name} takes the address of a page, not that of a download.")
        label = page.model or label if page else _numbered(label)
        check_length(label, name, field_limits("embeddings", "name"))
        if len(strengths) > 1:
            raise wrong(strengths[1], f"{name} takes one strength. {QUOTE_COLON}")
        found = [_strength(part, ("embeddings", "strength")) for part in strengths]
        inject = INJECT.read(where, f"`@` of {name}") if where else ""
        return Embedding(
            name=label.text,
            inject=cast("Literal['', 'prompt', 'negprompt']", inject),
            strength=found[0] if found else 1.0,
        )

    def write(self, value: Embedding) -> str:
        strength = "" if value.strength == 1 else f":{number_text(value.strength)}"
        return f"{safe_value(value.name)}{strength}{f'@{value.inject}' if value.inject else ''}"


QUOTE_COLON = 'A name with a colon in it needs quotes, as "a:b":0.8.'
INJECT = Choice(("prompt", "negprompt"), "prompt or negprompt", {"negative": "negprompt"})


def _behind(word: Word, mark: str) -> tuple[Word, Word | None]:
    """The parts before and after the last unquoted mark; None without a mark."""
    at = word.last(mark)
    return (word, None) if at < 0 else (word.cut(0, at), word.cut(at + 1).stripped())


def _numbered(word: Word) -> Word:
    """The number in "123 (name)", as suggestions write it; else the word unchanged."""
    found = _WITH_NAME.fullmatch(word.text)
    return word.cut(0, found.end(1)) if found and all(word.bare) else word


def _strength(word: Word, path: tuple[str, ...]) -> float:
    number = Number(field_limits(*path))
    if not word.text or not word.text[-1].isdigit():
        raise wrong(word, f"A strength is {number.phrase()}. {QUOTE_COLON}")
    return number.read(word, "A strength")


def _paired(strengths: list[Word]) -> list[tuple[Word, str]]:
    return list(zip(strengths, ("model", "clip"), strict=False))
