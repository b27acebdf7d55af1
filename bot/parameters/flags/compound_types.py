"""Values of several parts: sizes, texts, sides, lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.compatibility import QR
from bot.domain.requests import ExtraText, TemplateText
from bot.domain.requests.base import printable
from bot.domain.requests.image import EXPAND_MAX
from bot.i18n import _
from bot.i18n.formats import number as decimal
from bot.parameters.flags.errors import refused, wrong
from bot.parameters.flags.limits import FieldLimits, field_limits
from bot.parameters.flags.tokenizer import Word, quote
from bot.parameters.flags.value_types import Choice, Number, number_text, safe_value

SIDES = ("left", "top", "right", "bottom")
SIDE_NAMES = dict(zip(SIDES, SIDES, strict=True)) | {"up": "top", "down": "bottom"}
_FIELD_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")  # of the Horde
_TIMES = re.compile(r"[x×*]", re.IGNORECASE)  # noqa: RUF001 - people type it


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    greedy: bool = False
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return _("width x height, such as {example}").format(example="832x1216")

    def read(self, word: Word, name: str) -> tuple[float, float]:
        cuts = [found.start() for found in _TIMES.finditer(word.text)]
        if len(cuts) > 1 or (not cuts and not word.text.isdigit()):
            raise refused(word, name, self.phrase())
        parts = (word.cut(0, cuts[0]), word.cut(cuts[0] + 1)) if cuts else (word, word)
        sides = [
            Number(field_limits(side)).read(part, f"`--{side}`")
            for side, part in zip(("width", "height"), parts, strict=True)
        ]
        return sides[0], sides[1]

    def write(self, value: tuple[int, int]) -> str:
        return f"{value[0]}x{value[1]}"


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
            raise refused(word, name, f'{self.phrase()} (`qr_code="hello"`)')
        check_length(reference, name, field_limits("texts", "reference"))
        check_length(text[0], name, field_limits("texts", "text"))
        return ExtraText(reference=reference.text, text=text[0].text)

    def write(self, value: ExtraText) -> str:
        return f"{safe_value(value.reference)}={quote(value.text)}"


@dataclass(frozen=True, slots=True)
class FieldText:
    """NAME=TEXT, for a field of a style."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return "NAME=TEXT"

    def read(self, word: Word, name: str) -> TemplateText:
        field, *text = word.split("=", 1)
        called, said = field.text.strip().casefold(), printable(text[0].text) if text else ""
        if not _FIELD_NAME.fullmatch(called) or not isinstance(said, str) or not said:
            raise refused(word, name, f'{self.phrase()} (`country="Norway"`)')
        check_length(text[0], name, field_limits("template_fields", "text"))
        return TemplateText(name=called, text=said)

    def write(self, value: TemplateText) -> str:
        return f"{value.name}={quote(value.text)}"


@dataclass(frozen=True, slots=True)
class QrText:
    """Content of a QR code."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return _("the text or address of the code")

    def read(self, word: Word, name: str) -> ExtraText:
        check_length(word, name, field_limits("texts", "text"))
        return ExtraText(reference=QR, text=word.text)

    def write(self, value: ExtraText) -> str:
        return safe_value(value.text)


@dataclass(frozen=True, slots=True)
class Sides:
    """Pixels for each side, or one number for all."""

    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        text = _("pixels on each side, such as {example}, or one number for all sides")
        return text.format(example="left=256,right=256")

    def read(self, word: Word, name: str) -> tuple[int, ...]:
        found = dict.fromkeys(SIDES, 0)
        for part in filter(lambda part: part.text, word.unquoted().split(", ")):
            side, *pixels = part.split("=:", 1)
            key = SIDE_NAMES.get(side.text.casefold(), "")
            if pixels and not key:
                sentence = _("The sides of {flag} are: {sides}.")
                raise wrong(side, sentence.format(flag=name, sides=", ".join(SIDES)))
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
        text = _("{expected}; separate several with commas")
        return text.format(expected=self.each.phrase())

    def parts(self, word: Word) -> list[Word]:
        """The parts between the marks, with their blanks. Quotes are ignored."""
        return word.unquoted().split(self.marks)

    def read(self, word: Word, name: str) -> tuple[Any, ...]:
        parts = [part.stripped() for part in self.parts(word)]
        return tuple(self.each.read(part, name) for part in parts if part.text)

    def write(self, value: Sequence[str | float]) -> str:
        joined = ",".join(each if isinstance(each, str) else number_text(each) for each in value)
        return joined if " " not in joined else quote(joined)


_EXPANSION = FieldLimits(whole=True, low=0, high=EXPAND_MAX)


def check_length(word: Word, name: str, limits: FieldLimits) -> None:
    """Raises ExtraError for a name or text that is too short or too long."""
    if not limits.shortest <= len(word.text) <= limits.longest:
        sentence = _("A name or text of {flag} must have {least} to {most} characters.")
        least, most = decimal(limits.shortest), decimal(limits.longest)
        raise wrong(word, sentence.format(flag=name, least=least, most=most))
