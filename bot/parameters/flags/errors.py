"""A mistake in `extra`, with its position."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from bot.errors import BadOption
from bot.i18n import _
from bot.i18n.formats import list_or
from bot.parameters.flags.tokenizer import Word

AROUND = 24  # quoted characters of the line on each side of a mistake
MARKED_MAX = 60
SIMILAR = 60.0  # percent; a lower similarity makes no suggestion


class ExtraError(BadOption):
    """One sentence for the requester. The mistake is between `start` and `end` of the line."""

    def __init__(self, sentence: str, line: str, start: int, end: int) -> None:
        place = _("Here: {place}").format(place=f"`{_pointed(line, start, end)}`")
        super().__init__(f"{sentence} {place}")
        self.start = start
        self.end = end


def wrong(word: Word, sentence: str) -> ExtraError:
    """The error for that word."""
    return ExtraError(sentence, word.line, word.start, word.end)


def refused(word: Word, name: str, expected: str) -> ExtraError:
    """The error for a value that the flag of that name does not accept."""
    sentence = _("{flag} does not accept {value}. Expected: {expected}.")
    return wrong(word, sentence.format(flag=name, value=quoted_input(word.text), expected=expected))


def quoted_input(text: str) -> str:
    """Typed text inside a sentence: short, and it cannot close its frame."""
    short = text if len(text) <= MARKED_MAX else f"{text[: MARKED_MAX - 1]}…"
    return f"`{_framed(short) or ' '}`"


def meant(typed: str, known: Iterable[str], dashes: str = "") -> str:
    """A question with the nearest known names; "" when none is near."""
    near = process.extract(
        typed, list(known), scorer=fuzz.ratio, processor=str.casefold, limit=2, score_cutoff=SIMILAR
    )
    names = [f"`{dashes}{name}`" for name, score, _ in near if score >= near[0][1] - 10]
    return _("Did you mean {name}?").format(name=list_or(names)) if names else ""


def _pointed(line: str, start: int, end: int) -> str:
    """The line around the mistake, which is between «marks»."""
    before, marked, after = line[:start], line[start:end], line[end:]
    if len(before) > AROUND:
        before = f"… {before[-AROUND:].lstrip()}"
    if len(marked) > MARKED_MAX:
        marked = f"{marked[: MARKED_MAX - 1]}…"
    if len(after) > AROUND:
        after = f"{after[:AROUND].rstrip()} …"
    text = f"{before}«{marked}»{after}"
    return _framed(text)


def _framed(text: str) -> str:
    """On one line, without invisible characters and characters that would close the frame."""
    return " ".join("".join(c if c.isprintable() else " " for c in text.replace("`", "'")).split())
