"""Types of values of flags: parsing, refusal and writing."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.i18n import N_, _, ngettext
from bot.i18n.formats import number as decimal
from bot.parameters.flags.errors import ExtraError, meant, quoted_input, refused, wrong
from bot.parameters.flags.limits import FieldLimits, field_limits
from bot.parameters.flags.tokenizer import Word, quote

SHORT_LIST = 9  # values that an error lists
_PLAIN = re.compile(r"[\w.+/#][\w.+/#-]*", re.ASCII)
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_NUMBER = re.compile(
    r"[+-]?([0-9]{1,9}([.,][0-9]{0,40})?|[.,][0-9]{1,40})(e-?[0-9]{1,3})?", re.IGNORECASE
)


class ValueType(Protocol):
    """`greedy`: takes all words up to the next flag. `values`: all values, if they are few.

    `read` returns the value for ImageRequest and raises ExtraError; `name` is the flag's, for its
    message. `write` is the inverse of `read`.
    """

    @property
    def greedy(self) -> bool: ...
    @property
    def values(self) -> tuple[str, ...]: ...
    def phrase(self) -> str: ...
    def read(self, word: Word, name: str) -> Any: ...
    def write(self, value: Any) -> str: ...


def safe_value(text: str) -> str:
    """The text as one word, in quotes where it needs them."""
    return text if _PLAIN.fullmatch(text) else quote(text)


def number_text(value: float) -> str:
    """As short as possible without loss."""
    return repr(value).removesuffix(".0")


@dataclass(frozen=True, slots=True)
class Number:
    """A number within the limits of its field."""

    limits: FieldLimits
    greedy: bool = False
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return self.limits.phrase()

    def read(self, word: Word, name: str) -> float:
        pattern = _WHOLE if self.limits.whole else _NUMBER
        if not pattern.fullmatch(word.text):
            raise refused(word, name, self.phrase())
        number = float(word.text.replace(",", "."))
        self.limits.check(word, number, name)
        return int(number) if self.limits.whole else number

    def write(self, value: float) -> str:
        return number_text(value)


@dataclass(frozen=True, slots=True)
class Words:
    """Any text within the limits of its field.

    `what`: the label of the value, translated where it is used. `stands_for`: unquoted words with
    another meaning.
    """

    limits: FieldLimits
    what: str = N_("a text")
    stands_for: Mapping[str, str] = field(default_factory=dict[str, str])
    greedy: bool = True
    values: tuple[str, ...] = ()

    def phrase(self) -> str:
        return _(self.what)

    def read(self, word: Word, name: str) -> str:
        text = word.text
        if all(word.bare):  # in quotes it has no other meaning
            text = self.stands_for.get(text.casefold(), text)
        if len(text) < self.limits.shortest:
            sentence = ngettext(
                "A value of {flag} has at least {count} character.",
                "A value of {flag} has at least {count} characters.",
                self.limits.shortest,
            )
            raise wrong(word, sentence.format(flag=name, count=self.limits.shortest))
        if self.limits.longest and len(text) > self.limits.longest:
            sentence = _("{flag} takes at most {count} characters.")
            raise wrong(word, sentence.format(flag=name, count=decimal(self.limits.longest)))
        return text

    def write(self, value: str) -> str:
        return quote(value) if value.casefold() in self.stands_for else safe_value(value)


def plain_value(text: str) -> str:
    """The letters and digits of a name: the same in different spellings."""
    return re.sub(r"[\W_]+", "", text.casefold().replace("++", "pp"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a list, in any case and punctuation.

    `what`: the label of the value, translated where it is used, for lists that are too long for a
    message. `others`: further names; `guess` resolves other words, "" when it cannot.
    """

    values: tuple[str, ...]
    what: str = ""
    others: Mapping[str, str] = field(default_factory=dict[str, str])
    guess: Callable[[str], str] = lambda _: ""
    greedy: bool = True

    def phrase(self) -> str:
        return _(self.what)

    def read(self, word: Word, name: str) -> str:
        typed = plain_value(word.text)
        names = {plain_value(value): value for value in self.values} | {
            plain_value(other): value for other, value in self.others.items()
        }
        found = names.get(typed) or self.guess(word.text) or self._begun(typed)
        if not found:
            raise self._refused(word, name)
        return found

    def _refused(self, word: Word, name: str) -> ExtraError:
        guess = meant(word.text, [*self.values, *self.others])
        if not guess:
            is_short = len(self.values) <= SHORT_LIST
            return refused(word, name, ", ".join(self.values) if is_short else self.phrase())
        sentence = _("{flag} does not accept {value}.").format(
            flag=name, value=quoted_input(word.text)
        )
        return wrong(word, f"{sentence} {guess}")

    def write(self, value: str) -> str:
        return safe_value(value)

    def _begun(self, typed: str) -> str:
        """The only value that begins with it."""
        begun = [value for value in self.values if typed and plain_value(value).startswith(typed)]
        return begun[0] if len(begun) == 1 else ""


def choice(what: str, *path: str, **others: str) -> Choice:
    """A value among those that the field allows."""
    return Choice(tuple(filter(None, field_limits(*path).allowed)), what, others)
