"""What every scenario under load is given, and what it gives back."""

import asyncio
import contextlib
import math
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sightings import Sightings, prompt
from world import Json, World, percentile, world

MODEL = "Deliberate"  # 512 x 512
JOBS = "8-16"  # seconds


@dataclass(frozen=True)
class Figure:
    """One figure of a scenario. `asked`: on loopback, and with latency; "" where nothing was."""

    name: str
    value: str
    asked: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Setting:
    """How a scenario is run. `outage`: how long that one is, in seconds."""

    bot: str
    latency: str
    quick: bool
    outage: float
    database: Path | None

    @property
    def ours(self) -> bool:
        return self.bot == "hordecord"

    @property
    def slowest_way(self) -> float:
        """Seconds that a message may take in one direction."""
        return float(self.latency.rpartition("-")[2] or 0) / 1000

    def size(self, full: int, quick: int) -> int:
        """How many, by whether it is only tried out."""
        return quick if self.quick else full

    @contextlib.asynccontextmanager
    async def place(self, workers: int) -> AsyncIterator[World]:
        """A sandbox with that many image workers; the bot is yet to be started."""
        async with world(latency=self.latency, jobs=JOBS) as place:
            await place.knobs(workers={"image": workers})
            if self.ours and self.database is not None:
                shutil.copy(self.database, place.folder / "hordecord.db")
            yield place

    async def start(self, place: World, env: Mapping[str, str] | None = None) -> None:
        """Start the bot that is measured."""
        await place.start_bot(self.bot, env)


def imagine(
    people: Sequence[str], channels: Sequence[str], first: int = 0, model: str = MODEL
) -> list[Json]:
    """One /imagine of each of these people, going round the channels.

    `model`: "" where there may be no worker for any, since a bot may refuse a model then.
    """
    named = {"model": model} if model else {}
    return [
        {
            "name": "imagine",
            "user_id": user,
            "channel_id": channels[number % len(channels)],
            "options": {"prompt": prompt(first + number), **named},
        }
        for number, user in enumerate(people)
    ]


async def spread(place: World, acts: Sequence[Json], seconds: float) -> list[Json]:
    """These acts evenly over that time, 0 for all at one instant; what became of each."""
    if not seconds:
        return await place.interact(acts)
    async with asyncio.TaskGroup() as tasks:
        found: list[asyncio.Task[list[Json]]] = []
        begun = asyncio.get_running_loop().time()
        for number, act in enumerate(acts):
            due = begun + seconds * number / len(acts)
            await asyncio.sleep(max(0.0, due - asyncio.get_running_loop().time()))
            found.append(tasks.create_task(place.interact([act])))
    return [outcome for task in found for outcome in task.result()]


def ack_ms(outcomes: Sequence[Json], share: float = 0.99) -> float:
    """Milliseconds until interactions were answered; infinite where it was too late."""
    return percentile([o["ack_ms"] if o["acked"] else float("inf") for o in outcomes], share)


def served(seen: Sightings, outcomes: Sequence[Json]) -> list[Figure]:
    """Who got a picture and who saw something go wrong."""
    count = len(outcomes)
    bad = len(seen.failed) + sum(not outcome["acked"] for outcome in outcomes)
    return [
        Figure("delivered", f"{len(seen.posted)} of {count}", ("all", "all")),
        Figure("shown an error, or not answered", str(bad), ("0", "0")),
        Figure("delivered twice", str(seen.twice()), ("0", "0")),
    ]


def number(value: float, digits: int = 1) -> str:
    """A figure for the table; "-" when there was nothing to measure."""
    return "-" if math.isnan(value) else f"{value:.{digits}f}"
