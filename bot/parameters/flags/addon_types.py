"""Values that name a LoRA or an embedding."""

import re
from dataclasses import dataclass
from typing import Literal, cast

from bot.domain.requests import Embedding, Lora
from bot.i18n import N_, _
from bot.i18n.formats import number as decimal
from bot.parameters.flags.civitai_addresses import civitai_address
from bot.parameters.flags.compound_types import check_length
from bot.parameters.flags.errors import refused, wrong
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
        pattern = f"{first}:STRENGTH:CLIP@TRIGGER"
        return _("{pattern}; only {required} is required").format(pattern=pattern, required=first)

    def read(self, word: Word, name: str) -> Lora:
        page = civitai_address(word, name)
        word, trigger = _behind(page.rest if page else word, "@")
        label, *strengths = (part.stripped() for part in word.split(":"))
        label = page.version or page.model or label if page else _numbered(label)
        is_version = self.is_version or bool(page and page.version)
        check_length(label, name, field_limits("loras", "name"))
        if self.is_version and page and not page.version:
            no_version = _("{flag} needs the number of a version. This address does not have one.")
            raise wrong(label, no_version.format(flag=name))
        if self.is_version and not (label.text.isascii() and label.text.isdigit()):
            raise refused(label, name, _("the number of a version"))
        if len(strengths) > 2:
            too_many = _("{flag} takes two strengths at most.").format(flag=name)
            raise wrong(strengths[2], f"{too_many} {_(QUOTE_COLON)}")
        longest = field_limits("loras", "trigger").longest
        if trigger is not None and not 0 < len(trigger.text) <= longest:
            sentence = _("A trigger of {flag} must have 1 to {most} characters.")
            raise wrong(trigger, sentence.format(flag=name, most=decimal(longest)))
        found = [_strength(part, name, ("loras", side)) for part, side in _paired(strengths)]
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
        name = "NAME:STRENGTH"
        pattern = f"{name}@prompt, {name}@negprompt"
        return _("{pattern}; only {required} is required").format(pattern=pattern, required="NAME")

    def read(self, word: Word, name: str) -> Embedding:
        page = civitai_address(word, name)
        word, where = _behind(page.rest if page else word, "@")
        label, *strengths = (part.stripped() for part in word.split(":"))
        if page and page.model is None:
            download = _("{flag} takes the address of a page, not the address of a download.")
            raise wrong(label, download.format(flag=name))
        label = page.model or label if page else _numbered(label)
        check_length(label, name, field_limits("embeddings", "name"))
        if len(strengths) > 1:
            too_many = _("{flag} takes one strength at most.").format(flag=name)
            raise wrong(strengths[1], f"{too_many} {_(QUOTE_COLON)}")
        found = [_strength(part, name, ("embeddings", "strength")) for part in strengths]
        inject = INJECT.read(where, "`@`") if where else ""
        return Embedding(
            name=label.text,
            inject=cast("Literal['', 'prompt', 'negprompt']", inject),
            strength=found[0] if found else 1.0,
        )

    def write(self, value: Embedding) -> str:
        strength = "" if value.strength == 1 else f":{number_text(value.strength)}"
        return f"{safe_value(value.name)}{strength}{f'@{value.inject}' if value.inject else ''}"


QUOTE_COLON = N_('A name with a colon needs quotation marks, as in `"a:b":0.8`.')
INJECT = Choice(("prompt", "negprompt"), others={"negative": "negprompt"})


def _behind(word: Word, mark: str) -> tuple[Word, Word | None]:
    """The parts before and after the last unquoted mark; None without a mark."""
    at = word.last(mark)
    return (word, None) if at < 0 else (word.cut(0, at), word.cut(at + 1).stripped())


def _numbered(word: Word) -> Word:
    """The number in "123 (name)", as suggestions write it; else the word unchanged."""
    found = _WITH_NAME.fullmatch(word.text)
    return word.cut(0, found.end(1)) if found and all(word.bare) else word


def _strength(word: Word, name: str, path: tuple[str, ...]) -> float:
    number = Number(field_limits(*path))
    if not word.text or not word.text[-1].isdigit():
        sentence = _("A strength of {flag} is {expected}.")
        sentence = sentence.format(flag=name, expected=number.phrase())
        raise wrong(word, f"{sentence} {_(QUOTE_COLON)}")
    return number.read(word, name)


def _paired(strengths: list[Word]) -> list[tuple[Word, str]]:
    return list(zip(strengths, ("model", "clip"), strict=False))
