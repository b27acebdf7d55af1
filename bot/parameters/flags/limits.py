"""The limits of ImageRequest's fields, read from the fields themselves."""

from dataclasses import dataclass
from typing import Any, cast

from bot.domain.requests import ImageRequest
from bot.i18n import _
from bot.parameters.flags.errors import wrong
from bot.parameters.flags.tokenizer import Word

Json = dict[str, Any]
_SCHEMA: Json = ImageRequest.model_json_schema()


@dataclass(frozen=True, slots=True)
class FieldLimits:
    """Limits of a value. `low`, `high`, `step`: of numbers; the others of texts and lists."""

    whole: bool
    low: float = 0
    high: float = 0
    step: int = 0  # 0: any
    shortest: int = 0
    longest: int = 0
    most: int = 0
    allowed: tuple[str, ...] = ()

    def phrase(self) -> str:
        """The range of a number, for sentences and the docs."""
        if self.step:
            text = _("a whole number from {low} to {high}, in steps of {step}")
        elif self.whole:
            text = _("a whole number from {low} to {high}")
        else:
            text = _("a number from {low} to {high}")
        return text.format(low=f"{self.low:g}", high=f"{self.high:g}", step=self.step)

    def check(self, word: Word, number: float, name: str) -> None:
        """Raises ExtraError when the number is out of range, with the nearest allowed one."""
        if self.low <= number <= self.high and not (self.step and number % self.step):
            return
        near = min(max(number, self.low), self.high)
        if self.step:
            near = round(near / self.step) * self.step
        sentence = _("{flag} takes {expected}. Did you mean {nearest}?")
        sentence = sentence.format(flag=name, expected=self.phrase(), nearest=f"{near:g}")
        raise wrong(word, sentence)


def field_limits(*path: str) -> FieldLimits:
    """Of a field, or of a field inside the values of a list: `limits("loras", "clip")`."""
    found: Json = _SCHEMA
    for name in path:
        found = _plain(_plain(found)["properties"][name])
    return _read(found)


def _plain(schema: Json) -> Json:
    """The schema without the null of an optional field, and with references resolved."""
    options = cast("list[Json]", schema.get("anyOf", []))
    schema = next((option for option in options if option.get("type") != "null"), schema)
    if "$ref" in schema:
        return cast("Json", _SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    items = schema.get("items", {})
    return schema | _plain(items) if schema.get("type") == "array" and "$ref" in items else schema


def _read(schema: Json) -> FieldLimits:
    only = (schema["const"],) if "const" in schema else ()  # an enum of one
    allowed = only or schema.get("enum") or schema.get("items", {}).get("enum") or ()
    return FieldLimits(
        whole=schema.get("type") == "integer",
        low=schema.get("minimum", 0),
        high=schema.get("maximum", 0),
        step=schema.get("multipleOf", 0),
        shortest=schema.get("minLength", 0),
        longest=schema.get("maxLength", 0),
        most=schema.get("maxItems", 0),
        allowed=tuple(allowed),
    )
