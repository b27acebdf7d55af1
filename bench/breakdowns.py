"""The Horde away for ten minutes, and the bot killed in the middle of its work."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from setting import Figure, Setting, imagine, number, served
from sightings import HordeSide, Sightings, prompt, watching
from world import BenchError, Json, World

WORKERS = 300
PER_SECOND, PER_MINUTE = 2, 90  # submits that the Horde takes from one address
FIRST_SECONDS = 10.0  # after an outage, in which it must not be run over
PATIENCE = 240.0


async def outage(setting: Setting) -> list[Figure]:
    """Some requests are with the Horde, others not yet, when it goes away and comes back."""
    count, where = setting.size(200, 10), setting.size(40, 4)
    length = setting.outage if setting.ours else min(setting.outage, 60.0)
    sent = {prompt(n) for n in range(count)}
    async with setting.place(0) as place:  # no workers: nothing is made before the outage
        await setting.start(place)
        channels = await place.new_servers(1, channels=where)
        async with watching(place) as seen:
            people = await place.newcomers(2 * count)
            acts = imagine(people, channels, model="")
            outcomes = await place.interact(acts[:count])
            await _submitted(place, seen, count)
            await place.knobs(outage=True, workers={"image": WORKERS})
            outcomes += await place.interact(acts[count:])
            await asyncio.sleep(length)
            since, back = await place.last_call(), time.time()
            await place.knobs(outage=False)
            await seen.wait(2 * count, PATIENCE)
        side, calls = await HordeSide.of(place), await place.calls("horde", since)
        known = [seen.posted[each] - back for each in sent & seen.posted.keys()]
        early = _first_after(calls)
        unsent = [at for at in side.submits(prompt(count + n) for n in range(count)) if at > back]
        return [
            *served(seen, outcomes),
            Figure("outage, s", number(length, 0)),
            Figure("of the sent, delivered", f"{len(known)} of {count}", ("all", "all")),
            Figure("last of the sent after, s", number(max(known, default=float("nan"))), _A30),
            Figure("Horde calls/s in the first 10 s", number(len(early) / FIRST_SECONDS), _A20),
            Figure("most Horde calls in one second", str(_most(early))),
            Figure("the unsent, % of the submit rate", number(_rate(unsent)), ("≥ 97", "≥ 97")),
        ]


_A30, _A20 = ("≤ 30", "≤ 30"), ("≤ 20", "≤ 20")


async def _submitted(place: World, seen: Sightings, count: int) -> None:
    """Until the Horde has as many requests, or nothing more can come."""
    deadline = time.time() + ideal(count) + 60
    while time.time() < deadline:
        side = await HordeSide.of(place)
        if len(side.taken) + len(seen.failed) >= count:
            return
        await asyncio.sleep(1.0)
    raise BenchError(f"only {len(side.taken)} of {count} requests reached the Horde")


def ideal(count: int) -> float:
    """Seconds from the first to the last of so many submits at the allowed rate."""
    minutes, rest = divmod(count - 1, PER_MINUTE)
    return minutes * 60.0 + rest // PER_SECOND


def _rate(submits: list[float]) -> float:
    """Percent of the allowed rate at which these submits arrived."""
    if len(submits) < 2:
        return float("nan")
    return 100 * ideal(len(submits)) / (submits[-1] - submits[0])


def _first_after(calls: Sequence[Json]) -> list[float]:
    """When calls came in the 10 s after the first that the Horde did not refuse any more."""
    came = next((each["at"] for each in calls if each["status"] == 200), float("inf"))
    return [each["at"] - came for each in calls if 0 <= each["at"] - came < FIRST_SECONDS]


def _most(moments: list[float]) -> int:
    return max(Counter(int(moment) for moment in moments).values(), default=0)


async def killed(setting: Setting) -> list[Figure]:
    """kill -9 with 100 open, some of them not sent; and again in the middle of the deliveries."""
    count = setting.size(100, 20)
    async with setting.place(0) as place:
        await setting.start(place)
        people, channels = await place.newcomers(count), (await place.channels())[:1]
        async with watching(place) as seen:
            outcomes = await place.interact(imagine(people, channels, model=""))
            await asyncio.sleep(ideal(count) / 2)
            place.stop_bot(kill=True)
            await place.knobs(workers={"image": WORKERS})
            await setting.start(place)
            await seen.wait(count // 4, ideal(count) + 30)
            place.stop_bot(kill=True)
            await setting.start(place)
            await seen.wait(count, PATIENCE if setting.ours else 30)
        side = await HordeSide.of(place)
        again = sum(len(each) > 1 for each in side.taken.values())
        return [*served(seen, outcomes), Figure("sent to the Horde twice", str(again))]
