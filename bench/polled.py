"""2,000 requests that are all with the Horde, paid with over 70 keys, and all looked at.

At the rates of the Horde they would take seven minutes to be sent, so the bot only takes them in
(the Horde is away), and is stopped. They are then submitted here, with the local Horde's limits
off, and the ids are written into the bot's rows through its own store. Then it is started again
and does what it does with any requests that it finds open.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence

import aiohttp
from remembered import Payer, Phase, Record, Status, Store
from setting import Figure, Setting, imagine, number
from sightings import prompt
from world import BenchError, World, free_port

PER_KEY = 30  # what the Horde lets an account have waiting
CHANNELS = 40
BATCH = 50  # commands at one instant, so that none is answered too late
SETTLE = 15.0  # seconds after the start, at least, until cards and first looks are done
CALM = 30.0  # Discord calls a second below which they are
SECONDS = 60.0  # for how long it is watched
PROBE_EVERY = 0.05
REQUEST_LIFETIME = 1200.0  # seconds; the Horde forgets a request after 20 minutes
RICH = {"kudos": 100_000, "concurrency": 100_000}


async def polled(setting: Setting) -> list[Figure]:
    """See the module's docstring. The control bot submits its own, without limits as well."""
    count, seconds = setting.size(2000, 120), SECONDS if not setting.quick else 15.0
    async with setting.place(1) as place:
        await place.knobs(limits=False, job_seconds=[600, 600])
        listen = f"127.0.0.1:{free_port()}"
        env = {"HORDECORD_LIMITS__OPEN_PER_PERSON": "0", "HORDECORD_HTTP__LISTEN": listen}
        if not setting.ours:
            account = await place.call("POST", "horde/users", {"username": "control", **RICH})
            env["HORDECORD_BACKENDS__HORDE__API_KEY"] = account["api_key"]
        await setting.start(place, env)
        await asyncio.sleep(3.0)
        idle = place.uss()
        await place.knobs(outage=setting.ours)
        await _ask(place, count)
        if setting.ours:
            place.stop_bot()
            await _hand_over(place, count)
            await place.knobs(outage=False)
            await setting.start(place, env)
        await _calm(place)
        return await _watch(place, count, seconds, idle, listen if setting.ours else "")


async def _ask(place: World, count: int) -> None:
    keys = -(-count // PER_KEY) + 3
    people, channels = await place.newcomers(keys), await place.new_servers(1, CHANNELS)
    for start in range(0, count, BATCH):
        batch = [people[n % keys] for n in range(start, min(count, start + BATCH))]
        await place.interact(imagine(batch, channels, first=start, model=""))


async def _hand_over(place: World, count: int) -> None:
    """Submit what the bot has taken in, each person's with an account of its own."""
    keys: dict[int, str] = {}
    async with Store.open(place.folder / "hordecord.db") as store:
        records = await store.requests.unfinished()
        if len(records) != count:
            raise BenchError(f"the bot took in {len(records)} of {count}")
        await place.knobs(outage=False)
        for record in records:
            if record.user_id not in keys:
                body = {"username": f"payer{len(keys)}", "kudos": 1000.0}
                keys[record.user_id] = (await place.call("POST", "horde/users", body))["api_key"]
            remote_id = await _submit(place, keys[record.user_id], record.id)
            await _sent(store, record, remote_id)


async def _submit(place: World, key: str, number: int) -> str:
    body = {"prompt": prompt(number), "params": {"width": 512, "height": 512}}
    url, headers = f"{place.urls['horde']}/generate/async", {"apikey": key}
    async with place.session.post(url, json=body, headers=headers) as answer:
        return (await answer.json())["id"]


async def _sent(store: Store, record: Record, remote_id: str) -> None:
    """The row as it is after a submit."""
    now = time.time()
    await store.requests.change(
        record.id,
        phase=Phase.WAITING,
        payer=Payer.USER,
        remote_id=remote_id,
        status=Status(phase=Phase.WAITING, waiting=1),
        sent_at=now,
        due_at=now,
        expires_at=now + REQUEST_LIFETIME,
    )


async def _calm(place: World) -> None:
    """Until the cards are up to date; for two minutes at most, as the control bot's never are."""
    for _ in range(8):
        since = await place.last_call()
        await asyncio.sleep(SETTLE)
        if len(await place.calls("discord", since)) < CALM * SETTLE:
            return


async def _watch(
    place: World, count: int, seconds: float, idle: float, listen: str
) -> list[Figure]:
    since, cpu, begun = await place.last_call(), place.cpu(), time.time()
    stalls = await _probe(place.session, f"http://{listen}/healthz", seconds) if listen else []
    await asyncio.sleep(max(0.0, begun + seconds - time.time()))
    share = 100 * (place.cpu() - cpu) / (time.time() - begun)
    memory = place.uss()
    looks = [c for c in await place.calls("horde", since) if "/check/" in c["path"]]
    longest = number(max(stalls, default=float("nan")), 0)
    return [
        Figure("requests looked at", f"{len({c['path'] for c in looks})} of {count}", ("all", "")),
        Figure("looks a second", number(len(looks) / seconds, 0)),
        Figure("CPU, % of one core", number(share), ("≤ 30", "")),
        Figure("/healthz answered after, longest, ms", longest, ("≤ 50", "")),
        Figure("/healthz answered after, median, ms", number(_median(stalls))),
        Figure("memory, KB each", number(1000 * (memory - idle) / count), ("≤ 40", "")),
        Figure("memory (USS), MB", number(memory)),
    ]


async def _probe(session: aiohttp.ClientSession, url: str, seconds: float) -> list[float]:
    """Milliseconds until the bot's own server answered, again and again: what its loop is late."""
    found: list[float] = []
    deadline = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < deadline:
        async with session.get(url) as answer:
            await answer.read()
        found.append(1000 * (time.perf_counter() - begun))
        await asyncio.sleep(PROBE_EVERY)
    return found


def _median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else float("nan")
