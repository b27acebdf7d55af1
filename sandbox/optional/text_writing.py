"""Writes the answers of the local chat models: words that quote the prompt."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sandbox.horde.state.worker_behaviour import PROMPT_TAG
from sandbox.model_texts import with_additions

SENTENCES = (
    "The local server wrote this sentence.",
    "A second model would choose other words.",
    "The answer is the same for the same prompt and seed.",
    "Every word counts as one token here.",
    "The words have no deeper meaning.",
    "A longer limit gives a longer answer.",
)
LONGEST_QUOTE = 40  # words


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as tokens, which are its text when they are joined."""

    tokens: tuple[str, ...]
    finish_reason: Literal["stop", "length"]

    @property
    def text(self) -> str:
        return "".join(self.tokens)


def write_answer(
    prompt: str, *, usual: int, limit: int | None, stop: Sequence[str] = (), seed: str = ""
) -> Answer:
    """The answer to a prompt, about `usual` tokens long.

    `limit`: the largest number of tokens. A stop sequence ends the text and is no part of it.
    """
    rng = random.Random(f"{seed}/{prompt}".encode("utf-8", "replace"))  # noqa: S311 - a text
    quote = " ".join(prompt.split()[:LONGEST_QUOTE])
    words = f'You wrote "{quote}".'.split(" ")
    while len(words) < usual:
        words += rng.choice(SENTENCES).split(" ")
    finish: Literal["stop", "length"] = "stop"
    if limit is not None and len(words) > limit:
        words, finish = words[:limit], "length"
    tag = PROMPT_TAG.search(prompt)
    text = with_additions(" ".join(words), tag[1].lower() if tag else "")
    ends = [at for each in stop if each and (at := text.find(each)) >= 0]
    if ends:
        text, finish = text[: min(ends)], "stop"
    return Answer(as_tokens(text), finish)


def as_tokens(text: str) -> tuple[str, ...]:
    """The text in pieces, one for each word; all but the first start with a space."""
    first, *more = text.split(" ")
    return tuple(token for token in (first, *(f" {word}" for word in more)) if token)


def count_tokens(text: str) -> int:
    """The number of words."""
    return len(text.split())
