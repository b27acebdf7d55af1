"""The whole path in figures: start, memory, answers, how soon a finished picture is posted.

    python bench/whole_path.py [--runs 3] [--jobs 40] [--quick]

Jobs take 8-16 s, wait_time is off by up to 30 %. Each run is done on loopback as it is and with
60-250 ms added each way. Medians over the runs, beside the targets.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence

from sightings import HordeSide, Sightings, drawing, prompt, watching
from world import ROOT, Json, World, percentile, world

LATENCY = "60-250"  # ms each way
GAP = 0.55  # seconds between commands: inside the Horde's two submits a second
AT_ONCE = 50
SETTLE = 3.0  # seconds after the start until the memory at rest is measured
LIMIT = 120.0  # seconds after the last command until every picture must be there
IMPORTING = (
    "import time; t = time.perf_counter(); import bot.cli.commands; print(time.perf_counter() - t)"
)

# Targets on loopback and with latency; None: only explains another one.
ASKED: Mapping[str, tuple[str, str] | None] = {
    "start to ready, s": ("≤ 1", "≤ 1"),
    "of it importing, s": None,
    "idle memory (USS), MB": ("≤ 80", "≤ 80"),
    "answer to /help p99, 50 at once, ms": ("≤ 50", "-"),
    "answer to /imagine p99, 50 at once, ms": ("≤ 50", "-"),
    "pictures delivered, %": ("100", "100"),
    "ready to posted p50, s": ("≤ 0.6", "≤ 1.6"),
    "ready to posted p95, s": ("≤ 1.1", "≤ 2.2"),
    "of it the sandbox drawing, p95, s": None,
    "Horde calls a job, median": ("≤ 9", "≤ 9"),
    "Horde calls a job, p95": ("≤ 12", "≤ 12"),
    "Discord calls a job, mean": ("≤ 5", "≤ 5"),
    "Discord calls a job, p95": ("≤ 5", "≤ 5"),
}


async def answers(place: World, people: Sequence[str], command: Json) -> float:
    """Milliseconds (p99) until interactions of all these people at one instant were answered."""
    channel = (await place.channels())[0]
    acts = [{"user_id": user, "channel_id": channel, **command} for user in people]
    outcomes = await place.interact(acts)
    return percentile([o["ack_ms"] if o["acked"] else float("inf") for o in outcomes], 0.99)


async def jobs(place: World, count: int) -> dict[str, float]:
    """One /imagine after the other, and what each cost."""
    people, channel = await place.newcomers(count), (await place.channels())[0]
    since = await place.last_call()
    async with watching(place) as seen:
        for number, user in enumerate(people):
            act = {"name": "imagine", "options": {"prompt": prompt(number)}}
            await place.interact([{"user_id": user, "channel_id": channel, **act}])
            await asyncio.sleep(GAP)
        await seen.wait(count, LIMIT)
    side = await HordeSide.of(place)
    horde, discord = await place.calls("horde", since), await place.calls("discord", since)
    delays = side.delays(seen)
    asked = _horde_calls(side, horde, count)
    edits = [1.0 + n for n in await _edits(place, seen)]
    return {
        "pictures delivered, %": 100 * len(seen.posted) / count,
        "ready to posted p50, s": percentile(delays, 0.5),
        "ready to posted p95, s": percentile(delays, 0.95),
        "of it the sandbox drawing, p95, s": drawing(horde) / 1000,
        "Horde calls a job, median": statistics.median(asked),
        "Horde calls a job, p95": percentile(asked, 0.95),
        "Discord calls a job, mean": len(discord) / count,
        "Discord calls a job, p95": percentile(edits, 0.95),
    }


def _horde_calls(side: HordeSide, calls: Sequence[Json], count: int) -> list[float]:
    """By job: its checks and statuses, and its share of the submits and downloads.

    Those name no request in their path; they are one each unless something was repeated.
    """
    ids = [request_id for each in side.taken.values() for _, _, request_id in each]
    looks = Counter(part for call in calls for part in call["path"].split("/"))
    shared = ("POST /generate/async", "GET /r2/{object}")
    others = sum(call["route"] in shared for call in calls) / count
    return [looks[request_id] + others for request_id in ids]


async def _edits(place: World, seen: Sightings) -> list[int]:
    found = [next(iter(places)) for places in seen.places.values()]
    return [(await place.call("GET", f"messages/{message}"))["edits"] for message in found]


async def run(count: int, latency: str) -> dict[str, float]:
    """All figures once."""
    async with world(latency=latency) as place:
        await place.start_bot("hordecord")
        await asyncio.sleep(SETTLE)
        idle = place.uss()
        people = await place.newcomers(AT_ONCE)
        help_ms = await answers(place, people, {"name": "help"})
        figures = await jobs(place, count)
        picture = {"name": "imagine", "options": {"prompt": "a fox"}}
        picture_ms = await answers(place, people, picture)
        await asyncio.sleep(SETTLE)  # the bot hears that its answers were taken
        return figures | {
            "start to ready, s": place.start_seconds,
            "of it importing, s": importing(),
            "idle memory (USS), MB": idle,
            "answer to /help p99, 50 at once, ms": help_ms,
            "answer to /imagine p99, 50 at once, ms": picture_ms,
        }


def importing() -> float:
    """Seconds that a fresh interpreter takes to import the bot."""
    command, env = [sys.executable, "-c", IMPORTING], os.environ | {"PYTHONPATH": str(ROOT)}
    return float(subprocess.run(command, env=env, check=True, capture_output=True).stdout)


async def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--quick", action="store_true", help="one run of six jobs: does it work?")
    chosen = parser.parse_args()
    runs, count = (1, 6) if chosen.quick else (chosen.runs, chosen.jobs)
    table = [(await run(count, ""), await run(count, LATENCY)) for _ in range(runs)]
    print(f"| medians of {runs} runs | loopback | asked | {LATENCY} ms each way | asked |")
    print("| --- | --: | --: | --: | --: |")
    for figure, asked in ASKED.items():
        cells = [statistics.median(pair[side][figure] for pair in table) for side in (0, 1)]
        wanted = asked or ("", "")
        print(f"| {figure} | {cells[0]:.2f} | {wanted[0]} | {cells[1]:.2f} | {wanted[1]} |")


if __name__ == "__main__":
    asyncio.run(main())
