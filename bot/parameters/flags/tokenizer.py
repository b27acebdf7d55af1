"""Splits a line of flags into words: white space, quotes, and the dashes that phones
make of `--`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

DOUBLE, SINGLE = '"“”„', "'‘’‚"  # noqa: RUF001 - what keyboards of phones put instead of " and '
OPENS_AFTER = "=:,@"  # a quote may also begin after one of these, as in name:"a b"
ESCAPED = {"n": "\n", "t": "\t"} | {mark: mark for mark in f"\\{DOUBLE}{SINGLE}"}
# Two dashes become one long one on a phone. A single dash is no flag unless it is a known one.
_FLAG = re.compile(r"(?:--+|[—–―]-*)(?=[^\W\d])")  # noqa: RUF001 - those are the long ones


@dataclass(frozen=True, slots=True)
class Word:
    """A part of a line without its quotes. `start` and `end` are positions in the line, with them.

    `places` and `bare`: position of each character of `text`, and whether it is outside of quotes.
    `unclosed`: the last quote has no end.
    """

    line: str
    text: str
    places: tuple[int, ...]
    bare: tuple[bool, ...]
    start: int
    end: int
    unclosed: bool = False

    def cut(self, first: int, last: int | None = None) -> "Word":
        """The characters from `first` to before `last`, as a word."""
        last = len(self.text) if last is None else last
        places = self.places[first:last]
        start = places[0] if places else (self.places[first - 1] + 1 if first else self.start)
        end = self.end if last >= len(self.text) else self.places[last]
        return Word(
            *(self.line, self.text[first:last], places, self.bare[first:last]),
            *(min(start, end), end, self.unclosed),
        )

    def find(self, marks: str) -> int:
        """Where the first unquoted one of these characters is; -1 without."""
        return next(self._unquoted(marks), -1)

    def last(self, mark: str) -> int:
        """Where the last unquoted such character is; -1 without."""
        return max(self._unquoted(mark), default=-1)

    def split(self, marks: str, most: int = -1) -> "list[Word]":
        """The parts between unquoted such characters, at most `most` cuts."""
        parts, rest = list[Word](), self
        while len(parts) != most and (at := rest.find(marks)) >= 0:
            parts.append(rest.cut(0, at))
            rest = rest.cut(at + 1)
        return [*parts, rest]

    def unquoted(self) -> "Word":
        """The same, as if there were no quotes: for lists of names without commas in them."""
        return replace(self, bare=(True,) * len(self.text))

    def stripped(self) -> "Word":
        """Without unquoted white space around it."""
        kept = [i for i, c in enumerate(self.text) if not (c.isspace() and self.bare[i])]
        return self.cut(kept[0], kept[-1] + 1) if kept else self.cut(0, 0)

    def flag(self) -> "Word | None":
        """The name after its dashes, if it begins with those of a flag."""
        dashes = _FLAG.match(self.text)
        if dashes is None or not all(self.bare[: dashes.end()]):
            return None
        return self.cut(dashes.end())

    def _unquoted(self, marks: str) -> Iterator[int]:
        return (i for i, c in enumerate(self.text) if c in marks and self.bare[i])


def joined_words(words: "list[Word]") -> Word:
    """Several words as one, with one blank between them."""
    text, places, bare = words[0].text, [*words[0].places], [*words[0].bare]
    for before, word in pairwise(words):
        text = f"{text} {word.text}"
        places += [before.end, *word.places]
        bare += [True, *word.bare]
    return Word(
        *(words[0].line, text, tuple(places), tuple(bare)),
        *(words[0].start, words[-1].end, words[-1].unclosed),
    )


def words(line: str) -> list[Word]:
    """The words of the line. Never raises: an unclosed double quote extends to the end."""
    line = line.encode("utf-8", "replace").decode()  # lone surrogates are not valid in JSON
    found, at = list[Word](), 0
    # Where a single quote could still end: else every apostrophe would search the whole rest.
    last = max((i for i, c in enumerate(line) if c in SINGLE and _ends(line, i + 1)), default=-1)
    while at < len(line):
        if _blank(line[at]):
            at += 1
        else:
            word = _word(line, at, last)
            found.append(word)
            at = word.end
    return found


def quote(text: str) -> str:
    """The text quoted on one line, so that it is parsed as one unchanged word."""
    for mark, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t")):
        text = text.replace(mark, escape)
    return f'"{text}"'


def _blank(c: str) -> bool:
    return c.isspace() or c < " " or c == "\x7f"


def _word(line: str, start: int, last: int) -> Word:
    text, places, bare = "", list[int](), list[bool]()
    at = start
    while at < len(line) and not _blank(line[at]):
        fresh = at == start or (bool(bare) and bare[-1] and text[-1] in OPENS_AFTER)
        end = _closing(line, at, last) if fresh else -1
        if end < 0:
            inside: Iterable[tuple[int, str]] = ((at, line[at]),)
        else:
            inside = _unescaped(line, at + 1, end)
        for place, c in inside:
            text += c
            places.append(place)
            bare.append(end < 0)
        if end >= len(line):
            return Word(line, text, tuple(places), tuple(bare), start, len(line), unclosed=True)
        at = max(at, end) + 1
    return Word(line, text, tuple(places), tuple(bare), start, at)


def _closing(line: str, opening: int, last: int) -> int:
    """The end of the quote that opens there: len(line) when it is not closed, -1 for no quote.

    A single mark that is never closed is an apostrophe, and so is one in the middle of a word.
    """
    kinds = next((kind for kind in (DOUBLE, SINGLE) if line[opening] in kind), "")
    if not kinds or (kinds == SINGLE and opening >= last):
        return -1
    closing = kinds[0] if line[opening] == kinds[0] else kinds
    at = opening + 1
    while at < len(line):
        if line[at] == "\\" and line[at + 1 : at + 2] in ESCAPED:
            at += 1
        elif line[at] in closing and (kinds == DOUBLE or _ends(line, at + 1)):
            return at
        at += 1
    return len(line) if kinds == DOUBLE else -1


def _ends(line: str, at: int) -> bool:
    return at >= len(line) or _blank(line[at]) or line[at] in OPENS_AFTER


def _unescaped(line: str, at: int, end: int) -> Iterator[tuple[int, str]]:
    """The characters inside a quote with their places; control characters are left out."""
    while at < end:
        c, place = line[at], at
        if c == "\\" and at + 1 < end and line[at + 1] in ESCAPED:
            at += 1
            c = ESCAPED[line[at]]
        if c in "\n\t" or not (c < " " or c == "\x7f"):
            yield place, c
        at += 1
