"""Values of several parts: sizes, LoRAs, embeddings, texts, sides, names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from bot.domain.compatibility import QR
from bot.domain.requests import Embedding, ExtraText, Lora
from bot.domain.requests.image import EXPAND_MAX
from bot.parameters.flags.civitai_addresses import civitai_address
from bot.parameters.flags.errors import said, wrong
from bot.parameters.flags.limits import FieldLimits, field_limits
from bot.parameters.flags.tokenizer import Word, quote
from bot.parameters.flags.value_types import Choice, Number, number_text, safe_value

_WITH_NAME = re.compile(r"([0-9]+) \([^()]*\)")
SIDES = ("left", "top", "right", "bottom")
SIDE_NAMES = dict(zip(SIDES, SIDES, strict=True)) | {"up": "top", "down": "bottom"}
_TIMES = re.compile(r"[x×*]", re.IGNORECASE)  # noqa: RUF001 - people type it


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    greedy: bool = False
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return "width x height, as 832x1216"

    def read(self, word: Word, name: str) -> tuple[float, float]:
        cuts = [found.start() for found in _TIMES.finditer(word.text)]
        if len(cuts) > 1 or (not cuts and not word.text.isdigit()):
            raise wrong(word, f"{name} takes {self.phrase()}, not {said(word.text)}.")
        parts = (word.cut(0, cuts[0]), word.cut(cuts[0] + 1)) if cuts else (word, word)
        sides = [
            Number(field_limits(side)).read(part, f"The {side}")
            for side, part in zip(("width", "height"), parts, strict=True)
        ]
        return sides[0], sides[1]

    def write(self, value: tuple[int, int]) -> str:
        return f"{value[0]}x{value[1]}"


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
        _named(label, name, field_limits("loras", "name"))
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
        _named(label, name, field_limits("embeddings", "name"))
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


@dataclass(frozen=True, slots=True)
class Referenced:
    """REFERENCE=TEXT, for a workflow."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return "REFERENCE=TEXT"

    def read(self, word: Word, name: str) -> ExtraText:
        reference, *text = word.split("=", 1)
        few = field_limits("texts", "reference").shortest
        if not text or len(reference.text) < few:
            raise wrong(word, f'{name} takes {self.phrase()}, as qr_code="hello".')
        _named(reference, name, field_limits("texts", "reference"))
        _named(text[0], name, field_limits("texts", "text"))
        return ExtraText(reference=reference.text, text=text[0].text)

    def write(self, value: ExtraText) -> str:
        return f"{safe_value(value.reference)}={quote(value.text)}"


@dataclass(frozen=True, slots=True)
class QrText:
    """Content of a QR code."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return "the text or address that it holds"

    def read(self, word: Word, name: str) -> ExtraText:
        _named(word, name, field_limits("texts", "text"))
        return ExtraText(reference=QR, text=word.text)

    def write(self, value: ExtraText) -> str:
        return safe_value(value.text)


@dataclass(frozen=True, slots=True)
class Sides:
    """Pixels for each side, or one number for all."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return "pixels on each side, as left=256,right=256, or one number for all"

    def read(self, word: Word, name: str) -> tuple[int, ...]:
        found = dict.fromkeys(SIDES, 0)
        for part in filter(lambda part: part.text, word.unquoted().split(", ")):
            side, *pixels = part.split("=:", 1)
            key = SIDE_NAMES.get(side.text.casefold(), "")
            if pixels and not key:
                raise wrong(side, f"{name} knows the sides {', '.join(SIDES)}.")
            number = int(Number(_EXPANSION).read(pixels[0] if pixels else side, name))
            found |= {key: number} if pixels else dict.fromkeys(SIDES, number)
        return tuple(found[side] for side in SIDES)

    def write(self, value: Sequence[int]) -> str:
        if len(set(value)) == 1:
            return str(value[0])
        named = zip(SIDES, value, strict=True)
        return ",".join(f"{side}={pixels}" for side, pixels in named if pixels)


@dataclass(frozen=True, slots=True)
class Listed:
    """Several of a kind, with commas (`marks`) between them."""

    each: Choice | Number
    marks: str = ","
    greedy: bool = True

    @property
    def values(self) -> tuple[str, ...]:
        return self.each.values

    def phrase(self) -> str:
        return f"{self.each.phrase()}; several with commas between"

    def parts(self, word: Word) -> list[Word]:
        """The parts between the marks, with their blanks. Quotes are ignored."""
        return word.unquoted().split(self.marks)

    def read(self, word: Word, name: str) -> tuple[Any, ...]:
        parts = [part.stripped() for part in self.parts(word)]
        return tuple(self.each.read(part, name) for part in parts if part.text)

    def write(self, value: Sequence[str | float]) -> str:
        joined = ",".join(each if isinstance(each, str) else number_text(each) for each in value)
        return joined if " " not in joined else quote(joined)


QUOTE_COLON = 'A name with a colon in it needs quotes, as "a:b":0.8.'
INJECT = Choice(("prompt", "negprompt"), "prompt or negprompt", {"negative": "negprompt"})
_EXPANSION = FieldLimits(whole=True, low=0, high=EXPAND_MAX)


def _behind(word: Word, mark: str) -> tuple[Word, Word | None]:
    """The parts before and after the last unquoted mark; None without a mark."""
    at = word.last(mark)
    return (word, None) if at < 0 else (word.cut(0, at), word.cut(at + 1).stripped())


def _numbered(word: Word) -> Word:
    """The number in "123 (name)", as suggestions write it; else the word unchanged."""
    found = _WITH_NAME.fullmatch(word.text)
    return word.cut(0, found.end(1)) if found and all(word.bare) else word


def _named(word: Word, name: str, limits: FieldLimits) -> None:
    if not limits.shortest <= len(word.text) <= limits.longest:
        few, most = limits.shortest, limits.longest
        raise wrong(word, f"A name or text of {name} has {few} to {most:,} characters.")


def _strength(word: Word, path: tuple[str, ...]) -> float:
    number = Number(field_limits(*path))
    if not word.text or not word.text[-1].isdigit():
        raise wrong(word, f"A strength is {number.phrase()}. {QUOTE_COLON}")
    return number.read(word, "A strength")


def _paired(strengths: list[Word]) -> list[tuple[Word, str]]:
    return list(zip(strengths, ("model", "clip"), strict=False))
