"""Texts that grow on their cards: how soon the first words are shown, and how often it is edited.

    python bench/streaming.py [--runs 20]

The sandbox's server with OpenAI's API writes; /write is used once after the other.
"""

import argparse
import asyncio
import itertools
import re
import statistics
import time
from collections.abc import Sequence

from world import Json, World, percentile, world

FIRST, PACE = 0.5, 20.0  # seconds until the first token, tokens a second
TOKENS = 100
LIMIT = 60.0  # seconds for one text
WORDS = re.compile("You (…|wrote)")  # how each text begins


async def one(place: World, user: str, channel: str, number: int) -> list[Json]:
    """The versions of the card of one text, the oldest first, once it has ended."""
    act = {"name": "write", "options": {"prompt": f"bench {number:04}"}}
    [outcome] = await place.interact([{"user_id": user, "channel_id": channel, **act}])
    end = time.time() + LIMIT
    while time.time() < end:
        message = await place.call("GET", f"messages/{outcome['message_id']}")
        if "Again" in str(message["components"]):
            return message["history"]
        await asyncio.sleep(0.2)
    raise TimeoutError(f"text {number} did not end")


def gaps_of(times: Sequence[float]) -> list[float]:
    """Seconds between one edit and the next."""
    return [later - earlier for earlier, later in itertools.pairwise(times)]


async def measure(runs: int) -> None:
    """Print the table."""
    delays, gaps = list[float](), list[float]()
    async with world(servers=("openai",)) as place:
        url = place.urls["openai"]
        prefix = "HORDECORD_BACKENDS__OPENAI__"
        await place.start_bot("hordecord", {f"{prefix}TYPE": "openai", f"{prefix}URL": url})
        knobs = {"first_token_seconds": FIRST, "tokens_per_second": PACE, "answer_tokens": TOKENS}
        await place.call("POST", "openai/knobs", knobs)
        people = (await place.call("GET", "world"))["users"]
        user = next(each["id"] for each in people if each["username"] == "ada")
        channel = (await place.channels())[0]
        chosen = {"name": "server backend", "options": {"name": "openai"}}
        await place.interact([{"user_id": user, "channel_id": channel, **chosen}])
        for number in range(runs):
            versions = await one(place, user, channel, number)
            job = (await place.call("GET", "openai/jobs"))["jobs"][-1]
            first_token = job["created_at"] + FIRST + 1 / PACE
            grown = [v["at"] for v in versions if WORDS.search(str(v["body"]))]
            delays.append(grown[0] - first_token)
            gaps += gaps_of(grown[:-1])  # the last is the outcome
    print(f"first words after the first token, median: {statistics.median(delays):.2f} s")
    print(f"first words after the first token, p95:    {percentile(delays, 0.95):.2f} s")
    print(f"edits a second while it grows, at most:    {1 / min(gaps):.2f}")
    print(f"texts: {runs}, edits: {len(gaps) + runs}")


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    asyncio.run(measure(parser.parse_args().runs))


if __name__ == "__main__":
    main()
