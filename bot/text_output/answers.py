"""Separates the answer in a model's text from its reasoning and from the marks of its template.

Code is left unchanged: there the same words are part of the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.text_output.code_spans import code_spans, first_outside
from bot.text_output.markers import (
    CLOSING,
    LEAD,
    OPENING,
    end_of_turn,
    without_begun_mark,
    without_marks,
)

BLOCKS_MAX = 50  # blocks of reasoning in one text; more of them are no answer
PASSES_MAX = 20  # a text whose rest has new marks again and again is no answer either


@dataclass(frozen=True, slots=True)
class Answer:
    """A model's text. `text`: the answer; "" when all of it was reasoning."""

    text: str
    thinking: str = ""


def answer_of(sent: str, *, partial: bool = False) -> Answer:
    """The answer in a worker's text, and the reasoning before it.

    `partial`: the text still grows, so an end that may become a mark is held back.
    """
    text, thoughts = without_begun_mark(sent) if partial else sent, list[str]()
    for _ in range(PASSES_MAX):
        before = text
        text, found = _without_reasoning(text)
        thoughts += found
        text = _without_leads(text)
        text = text[: end_of_turn(text)].strip("\n").rstrip()
        if text == before:
            return Answer(text, joined_thoughts(thoughts))
    return Answer("", joined_thoughts(thoughts))


def _without_reasoning(text: str) -> tuple[str, list[str]]:
    thoughts = list[str]()
    for _ in range(BLOCKS_MAX):
        code = [] if OPENING.match(text.lstrip()) else code_spans(text)
        opening = first_outside(OPENING, text, code)
        closing = first_outside(CLOSING, text, code)
        if closing and (opening is None or closing.start() < opening.start()):
            thoughts.append(text[: closing.start()])  # its opening was part of the prompt
            text = text[closing.end() :]
        elif opening is None:
            return text, thoughts
        else:
            end = CLOSING.search(text, opening.end())
            thoughts.append(text[opening.end() : end.start() if end else len(text)])
            text = text[: opening.start()] + (text[end.end() :] if end else "")
    return "", [*thoughts, text]


def _without_leads(text: str) -> str:
    while lead := LEAD.match(text):
        if lead[0].strip().casefold() == "<s>" and "</s>" in text.rstrip()[:-4]:
            return text  # struck-through HTML text
        text = text[lead.end() :]
    return text


def joined_thoughts(thoughts: Iterable[str]) -> str:
    """The reasoning as one text without marks."""
    text = "\n\n".join(filter(None, (thought.strip() for thought in thoughts)))
    for _ in range(PASSES_MAX):
        cleaned = without_marks(text)
        if cleaned == text:
            return text.strip()
        text = cleaned
    return ""
