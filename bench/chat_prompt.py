"""Time to build the prompt of a turn: a long conversation, a large lorebook, a large budget.

Run: python bench/chat_prompt.py
"""

import random
import statistics
import time
from datetime import UTC, datetime

from bot.chat.prompt_builder import build_prompt
from bot.chat.scene import Scene
from bot.chat.templates import render
from bot.domain.chat.characters import Character, CharacterNote
from bot.domain.chat.conversations import ChatMessage, Side
from bot.domain.chat.lorebooks import Lorebook, LoreEntry, SecondaryKeys

MESSAGES, ENTRIES, BUDGET = 2_000, 500, 16_384
GOAL = 0.020  # seconds, median
REPEATS = 60
WORDS = (
    "fox castle river dragon winter sword letter garden captain mirror harbour lantern " * 3
).split()


def main() -> None:
    """Print the median and the 90th percentile of each case."""
    dice = random.Random(0)
    cases = {
        "no lorebook": scene(dice, ()),
        "500 entries, plain keys": scene(dice, (book(dice),)),
        "500 entries, recursive, whole words": scene(dice, (book(dice, recursive=True),)),
        "500 entries, 100 of them patterns": scene(dice, (book(dice, patterns=100),)),
    }
    print(f"{MESSAGES} messages, budget {BUDGET} tokens")
    print("| case | median ms | 90 % ms | tokens | messages left out |")
    print("| --- | --- | --- | --- | --- |")
    slowest = 0.0
    for name, each in cases.items():
        prompt = build_prompt(each, budget=BUDGET)
        times = sorted(seconds(each) for _ in range(REPEATS))
        middle, late = statistics.median(times), times[len(times) * 9 // 10]
        slowest = max(slowest, middle)
        shown = f"{middle * 1e3:.1f} | {late * 1e3:.1f} | {prompt.tokens} | {prompt.left_out}"
        print(f"| {name} | {shown} |")
    print(f"goal: median of at most {GOAL * 1e3:.0f} ms: {'met' if slowest <= GOAL else 'missed'}")


def seconds(each: Scene) -> float:
    """The time of one prompt, with its template."""
    began = time.perf_counter()
    render(build_prompt(each, budget=BUDGET).messages, "ChatML", "Alice")
    return time.perf_counter() - began


def sentence(dice: random.Random, words: int) -> str:
    """Words of a story."""
    return " ".join(dice.choices(WORDS, k=words)).capitalize() + "."


def scene(dice: random.Random, books: tuple[Lorebook, ...]) -> Scene:
    """A conversation of Bob and Alice."""
    card = Character(
        name="Alice",
        description=sentence(dice, 300),
        personality=sentence(dice, 50),
        scenario=sentence(dice, 50),
        examples="".join(f"<START>\n{{{{user}}}}: {sentence(dice, 20)}\n" for _ in range(10)),
        note=CharacterNote(text=sentence(dice, 20)),
    )
    path = tuple(
        ChatMessage(
            n + 1,
            1,
            n,
            Side.MEMBER if n % 2 else Side.CHARACTER,
            7,
            "Bob" if n % 2 else "Alice",
            sentence(dice, dice.randint(10, 90)),
            float(n),
        )
        for n in range(MESSAGES)
    )
    return Scene(card, path, "Bob", (card,), lorebooks=books, now=datetime(2026, 12, 1, tzinfo=UTC))


def book(dice: random.Random, *, recursive: bool = False, patterns: int = 0) -> Lorebook:
    """Entries with three keys each, of which about one in fifty is found."""
    entries = tuple(
        LoreEntry(
            keys=(f"name{n}", f"place {n}", dice.choice(WORDS) if n % 50 == 0 else f"thing{n}"),
            secondary_keys=(f"not{n}",),
            selective=n % 3 == 0,
            logic=SecondaryKeys.NOT_ANY,
            content=sentence(dice, 60),
            whole_words=recursive,
            regex=n < patterns,
        )
        for n in range(ENTRIES)
    )
    return Lorebook(entries=entries, recursive=recursive)


if __name__ == "__main__":
    main()
