"""An own GPU in figures: how soon a finished image is posted, and the memory of open calls.

    python bench/own_gpu.py [--runs 20] [--calls 50]

On loopback, against the sandbox's web UI. The memory is that of this process with the backend of
the bot in it: a bot sends one request at a time to an own GPU, so that it never has so many open.
"""

import argparse
import asyncio
import gc

import aiohttp
import psutil
from sightings import PROMPT, prompt, watching
from world import BenchError, World, percentile, world

from bot.backends import open_backend
from bot.backends.base import Backend
from bot.domain.requests import ImageRequest
from bot.settings import BackendSettings

JOBS = [1.0, 2.0]  # seconds
LONG = [600.0, 600.0]  # seconds of jobs that stay open
LIMIT = 60.0  # seconds until an image must be posted
WARM = 5  # calls before the memory is measured, so that modules and pools are loaded
SETTLE = 3.0  # seconds until all calls follow their progress
POSTED_MAX, KILOBYTES_MAX = 1.1, 40.0


async def delays(place: World, runs: int) -> list[float]:
    """Seconds from the end of each job until its image was posted."""
    await place.call("POST", "a1111/knobs", {"job_seconds": JOBS})
    settings = {"TYPE": "a1111", "URL": place.urls["a1111"], "PREVIEWS": "false"}
    env = {f"HORDECORD_BACKENDS__HORDE__{name}": value for name, value in settings.items()}
    await place.start_bot("hordecord", env)
    people, channel = await place.newcomers(runs), (await place.channels())[0]
    async with watching(place) as seen:
        for number, user in enumerate(people):
            act = {"name": "imagine", "options": {"prompt": prompt(number)}}
            await place.interact([{"user_id": user, "channel_id": channel, **act}])
            if not await seen.wait(number + 1, LIMIT):
                raise BenchError(f"{prompt(number)} was not posted")
    place.stop_bot()
    done: dict[str, float] = {}
    for job in (await place.call("GET", "a1111/jobs"))["jobs"]:
        if found := PROMPT.search(str(job["payload"].get("prompt"))):
            done[found[0]] = job["done_at"]
    return [at - done[name] for name, at in seen.posted.items()]


async def kilobytes(place: World, calls: int) -> float:
    """Memory (USS) of each of so many open calls."""
    await place.call("POST", "a1111/knobs", {"job_seconds": LONG})
    async with aiohttp.ClientSession() as session:
        settings = BackendSettings(type="a1111", url=place.urls["a1111"])
        backend = open_backend("gpu", settings, session=session)
        await _open(backend, "warm", WARM)
        before = _uss()
        await _open(backend, "open", calls)
        used = _uss() - before
        taken = len((await place.call("GET", "a1111/jobs"))["jobs"])
        await backend.close()
    if taken != WARM + calls:
        raise BenchError(f"{taken} calls were open instead of {WARM + calls}")
    return used / 1000 / calls


async def _open(backend: Backend, name: str, count: int) -> None:
    request = ImageRequest(prompt="a lighthouse on a cliff", width=512, height=512)
    tokens = [f"{name}-{n}" for n in range(count)]
    await asyncio.gather(*(backend.submit(request, "", token=token) for token in tokens))
    await asyncio.sleep(SETTLE)


def _uss() -> int:
    gc.collect()
    return psutil.Process().memory_full_info().uss


async def main(runs: int, calls: int) -> None:
    # The memory first: later, calls reuse what the other part has freed.
    async with world(servers=("a1111",)) as place:
        each = await kilobytes(place, calls)
    async with world(servers=("a1111",)) as place:
        seconds = await delays(place, runs)
    rows = [
        ("ready to posted p50, s", f"{percentile(seconds, 0.5):.2f}", "-"),
        ("ready to posted p95, s", f"{percentile(seconds, 0.95):.2f}", f"≤ {POSTED_MAX}"),
        (f"memory of a call, {calls} open, KB", f"{each:.0f}", f"≤ {KILOBYTES_MAX:.0f}"),
    ]
    print("| figure | measured | asked |\n| --- | --- | --- |")
    for row in rows:
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--calls", type=int, default=50)
    chosen = parser.parse_args()
    asyncio.run(main(chosen.runs, chosen.calls))
