"""Many people at once: who is served, how soon, and at what cost."""

import asyncio
import time
from collections.abc import Mapping

from setting import Figure, Setting, ack_ms, imagine, number, served, spread
from sightings import HordeSide, refused_share, watching
from world import World, free_port, percentile

WORKERS = 300  # enough that every job is taken at once
HOST = "bot.example"  # where the Horde believes that the bot listens
SAMPLE = 5.0  # seconds between looks at the memory
PATIENCE = 240.0  # seconds after the last submit could have left until we no longer wait
TRUSTED = {"username": "guild bot", "kudos": 100_000, "trusted": True, "concurrency": 500}


async def at_once(setting: Setting) -> list[Figure]:
    """100 people in one channel at the same instant."""
    return await _crowd(setting, 0.0, ("≤ 1.1", "≤ 2.2"))


async def at_once_ringing(setting: Setting) -> list[Figure]:
    """The same, and the Horde rings when something is ready."""
    return await _crowd(setting, 0.0, ("≤ 0.3", "≤ 1.2"), webhook=True)


async def over_a_minute(setting: Setting) -> list[Figure]:
    """100 people in one channel over 70 s."""
    return await _crowd(setting, 70.0, ("≤ 1.1", "≤ 2.2"))


async def _crowd(
    setting: Setting, seconds: float, p95: tuple[str, str], *, webhook: bool = False
) -> list[Figure]:
    count = setting.size(100, 12)
    seconds *= count / 100
    async with setting.place(WORKERS) as place:
        await setting.start(place, await _bell(place) if webhook else None)
        people, channels = await place.newcomers(count), (await place.channels())[:1]
        since, cpu = await place.last_call(), place.cpu()
        async with watching(place) as seen:
            begun = time.time()
            outcomes = await spread(place, imagine(people, channels), seconds)
            await seen.wait(count, PATIENCE)
        side = await HordeSide.of(place)
        calls, delays = await place.calls("horde", since), side.delays(seen)
        spent = 1000 * (place.cpu() - cpu) / max(1, len(seen.posted))
        last = (side.submits() or [float("nan")])[-1] - begun
        asked = ("≤ 66.4",) * 2 if not seconds else ("",) * 2
        return [
            *served(seen, outcomes),
            Figure("last submit left after, s", number(last), asked),
            Figure("submits answered 429, %", number(refused_share(calls)), ("≤ 3", "≤ 3")),
            Figure("ready to posted p50, s", number(percentile(delays, 0.5), 2)),
            Figure("ready to posted p95, s", number(percentile(delays, 0.95), 2), p95),
            Figure("CPU a picture, ms", number(spent), ("≤ 12", "≤ 12")),
        ]


async def _bell(place: World) -> Mapping[str, str]:
    """The bot listens, and the Horde finds it there."""
    listen = f"127.0.0.1:{free_port()}"
    await place.knobs(webhook_hosts={HOST: f"http://{listen}"})
    return {
        "HORDECORD_HTTP__LISTEN": listen,
        "HORDECORD_WEBHOOK__PUBLIC_URL": f"https://{HOST}",
    }


async def thousand(setting: Setting) -> list[Figure]:
    """1,000 people in 200 servers at the same instant, paid by one trusted account."""
    count, servers = setting.size(1000, 40), setting.size(200, 8)
    calm = await _answered(setting, count, servers)
    async with setting.place(WORKERS) as place:
        account = await place.call("POST", "horde/users", TRUSTED)
        await setting.start(place, {"HORDECORD_BACKENDS__HORDE__API_KEY": account["api_key"]})
        people, channels = await place.newcomers(count), await place.new_servers(servers)
        await asyncio.sleep(2.0)
        cpu = place.cpu()
        async with watching(place) as seen:
            begun = time.time()
            outcomes = await place.interact(imagine(people, channels))
            most = place.uss()
            while not await seen.wait(count, SAMPLE) and time.time() < begun + PATIENCE + count / 4:
                most = max(most, place.uss())
        side = await HordeSide.of(place)
        last = (side.submits() or [float("nan")])[-1] - begun
        spent = 1000 * (place.cpu() - cpu) / max(1, len(seen.posted))
        late = sum(not outcome["acked"] for outcome in outcomes)
        return [
            *served(seen, outcomes),
            Figure("last submit left after, s", number(last), ("≤ 196", "≤ 196")),
            Figure("answered p99, spread over 1 s, ms", number(calm, 0), ("≤ 100", "")),
            Figure("answered p99, at one instant, ms", number(ack_ms(outcomes), 0), ("≤ 600", "")),
            Figure("answered too late", str(late), ("0", "0")),
            Figure("most memory (USS), MB", number(most), ("≤ 125", "≤ 125")),
            Figure("CPU a picture, ms", number(spent), ("≤ 12", "≤ 12")),
        ]


async def _answered(setting: Setting, count: int, servers: int) -> float:
    """p99 of the answers to as many people, spread over one second."""
    async with setting.place(WORKERS) as place:
        await setting.start(place)
        people, channels = await place.newcomers(count), await place.new_servers(servers)
        return ack_ms(await spread(place, imagine(people, channels), 1.0))


async def two_people(setting: Setting) -> list[Figure]:
    """One person with 50 requests, then another with one: who is next."""
    count = setting.size(50, 12)
    async with setting.place(WORKERS) as place:
        await setting.start(place, {"HORDECORD_LIMITS__OPEN_PER_PERSON": "0"})
        (greedy, modest), channels = await place.newcomers(2), (await place.channels())[:1]
        async with watching(place) as seen:
            outcomes = await place.interact(imagine([greedy] * count, channels))
            await asyncio.sleep(2.0)
            [mine] = await place.interact(imagine([modest], channels, first=count))
            answered = (await place.call("GET", f"messages/{mine['message_id']}"))["created_at"]
            await seen.wait(count + 1, PATIENCE)
        side = await HordeSide.of(place)
        own = side.taken.get(f"bench {count:04}")
        # What arrives sooner than that had left before the bot could know of the second person.
        known = answered + 2 * setting.slowest_way
        ahead = [at for at in side.submits() if own and known < at < own[0][0]]
        place_in_line = str(1 + len(ahead)) if own else "never sent"
        return [
            *served(seen, [*outcomes, mine]),
            Figure("the second's submit is the n-th to leave", place_in_line, ("≤ 2", "≤ 2")),
        ]
