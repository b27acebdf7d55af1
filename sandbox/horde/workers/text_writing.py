"""Writes the texts of the local workers: a short story about the words of the prompt."""

import random
import re
from typing import Any

from sandbox.horde.state.worker_behaviour import PROMPT_TAG

STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        "a about after all also an and any are as at be been but by can continue could did do does "
        "for from had has have he her him his how i if in into is it its just like make me more my "
        "no not of on once one or our out please say she so some story system tell than that the "
        "their them then there they this time to up upon us user was we were what when where which "
        "who why will with would write you your assistant instruction response input",
    )
)
SUBJECTS = ("the lighthouse keeper", "an old cartographer", "the night gardener", "a quiet robot",
            "the baker's daughter", "a travelling clockmaker", "the ferryman")  # fmt: skip
PLACES = ("by the harbour", "above the orchard", "at the edge of the map", "under the first snow",
          "in the long blue evening", "where the river turns")  # fmt: skip
SENTENCES = (
    "{Subject} had been thinking about {topic} {place}.",
    "Nobody had asked for {topic}, and yet there it was, {place}.",
    '"It always begins with {topic}," said {subject}, and nobody argued.',
    "There was something about {topic} that made the whole day feel lighter.",
    "{Subject} kept a small box of notes on {topic}, and opened it only {place}.",
    "By noon the talk had moved from {topic} to {other}, as it always did.",
    "Between {topic} and {other} there was just enough room for hope.",
    "So {subject} put the kettle on, and waited for {topic} to make the next move.",
    "Later, {place}, they would call it the year of {topic}.",
    "What matters is not {topic}, thought {subject}, but who carries the lantern.",
)


def write_story(prompt: str, max_length: int, params: dict[str, Any], number: int) -> str:
    """A text of about `max_length` tokens for the prompt; `number` selects a version.

    A stop sequence ends the text and is part of it, as with real workers.
    """
    clean = PROMPT_TAG.sub("", prompt)
    rng = random.Random(f"{number}/{clean}".encode("utf-8", "replace"))  # noqa: S311 - a story
    topics = _topics(clean)
    words: list[str] = []
    most = max(8, round(max_length * 0.7))  # a token is about 0.7 words
    while len(words) < most:
        words += _sentence(rng, topics).split()
        if rng.random() < 0.18:
            words[-1] += "\n\n"
    text = " " + " ".join(words[:most]).replace("\n\n ", "\n\n")
    if params.get("frmttriminc"):
        text = _whole_sentences(text)
    if params.get("singleline"):
        text = text.split("\n", 1)[0]
    return _cut_at_stop_sequence(text, params.get("stop_sequence", ()))


def _sentence(rng: random.Random, topics: list[str]) -> str:
    subject = rng.choice(SUBJECTS)
    return rng.choice(SENTENCES).format(
        subject=subject,
        Subject=subject[0].upper() + subject[1:],
        topic=rng.choice(topics),
        other=rng.choice(topics),
        place=rng.choice(PLACES),
    )


def _topics(prompt: str) -> list[str]:
    """The significant words at the end of the prompt."""
    words = re.findall(r"[^\W\d_]{3,20}", prompt[-600:])
    topics = [word.lower() for word in words if word.lower() not in STOP_WORDS]
    return list(dict.fromkeys(topics))[-12:] or ["the weather", "a small mystery"]


def _whole_sentences(text: str) -> str:
    end = max(text.rfind(mark) for mark in ".!?")
    return text[: end + 1] if end > 0 else text


def _cut_at_stop_sequence(text: str, sequences: list[str]) -> str:
    ends = [text.find(each) + len(each) for each in sequences if each and each in text]
    return text[: min(ends)] if ends else text
