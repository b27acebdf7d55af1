"""Attacks on the whole bot: what another member waits for an answer, and the bot's memory.

The bot is a process beside the sandbox. One member attacks, in a server of their own; another one
uses /queue elsewhere five times a second, first without an attack.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
from setting import ack_ms
from world import BenchError, Json, World, percentile, world

from bench.attacks import fill
from bot.storage import Store

PAST = 5_000  # ended requests of the attacker
EVERY = 0.2  # seconds between two commands of the other member
LEAST, MOST = 6.0, 40.0  # seconds that one attack is watched
WORDS = [{"text": "a" * n, "how": "word"} for n in range(1, 101)]
REGEXES = ("(a|b)+Q", "a{0,9}b{0,9}Q", "([ab]c?)+Q")
PATTERNS = [{"text": text, "how": "regex"} for text in REGEXES]


@dataclass(frozen=True)
class Places:
    """The attacker with a server of their own, and the other member with one."""

    place: World
    attacker: str
    theirs: str
    other: str
    elsewhere: str

    def act(self, name: str, **options: object) -> Json:
        """A command of the attacker."""
        return {
            "name": name, "user_id": self.attacker, "channel_id": self.theirs, "options": options
        }  # fmt: skip

    async def message_of(self, act: Json) -> Json:
        """The message that answers a command, as soon as it has buttons."""
        (outcome,) = await self.place.interact([act])
        for _ in range(100):
            found = await self.place.call("GET", f"messages/{outcome['message_id']}")
            if '"custom_id"' in json.dumps(found):
                return found
            await asyncio.sleep(0.05)
        raise TimeoutError(f"{act['name']}: {json.dumps(found)[:600]}")

    async def press(self, message: Json, custom_id: str, times: int = 1) -> None:
        """Press a button of a message, so many times at once."""
        press = {
            "kind": "component", "user_id": self.attacker, "channel_id": self.theirs,
            "message_id": message["id"], "custom_id": custom_id,
        }  # fmt: skip
        await self.place.interact([press] * times)

    async def rules(self, words: list[Json]) -> None:
        """Import word rules into the attacker's server."""
        rules = json.dumps({"hordecord": 1, "settings": {"words": words}}).encode()
        form = aiohttp.FormData()
        form.add_field("file", rules, filename="rules.json", content_type="application/json")
        url = f"{self.place.urls['control']}/uploads"
        async with self.place.session.post(url, data=form) as answer:
            file = (await answer.json())["id"]
        asked = await self.message_of(self.act("server import", file=file))
        await self.press(asked, "hcs:import")


@dataclass
class Found:
    """What one attack cost."""

    outcomes: list[Json] = field(default_factory=list)
    before: float = 0.0
    most: float = 0.0
    seconds: float = 0.0

    def row(self, name: str) -> str:
        """A line of the table."""
        answered = [one["ack_ms"] for one in self.outcomes if one["acked"]]
        late = len(self.outcomes) - len(answered)
        return (
            f"| {name} | {self.seconds:.0f} | {percentile(answered, 0.5):.0f} | "
            f"{ack_ms(self.outcomes):.0f} | {late} of {len(self.outcomes)} | {self.before:.0f} | "
            f"{self.most:.0f} |"
        )


async def nothing(_: Places) -> None:
    await asyncio.sleep(LEAST)


async def exports(at: Places) -> None:
    await at.place.interact([at.act("account export")] * 10)


async def searches(at: Places) -> None:
    await at.place.interact([at.act("history", search="whale")] * 20)


async def word_rules(at: Places) -> None:
    await at.rules([*WORDS, *PATTERNS])
    text = "ab " * 1_300
    await at.place.interact([at.act("imagine", prompt=text, negative=text)] * 10)


async def downloads(at: Places) -> None:
    four = at.act("imagine", prompt="[sandbox:large] fox", count=4)
    since = await at.place.last_call()
    await at.place.interact([four] * 6)
    for _ in range(300):
        await asyncio.sleep(0.1)
        calls = await at.place.calls("horde", since)
        if sum("/r2/" in call["path"] and call["status"] == 200 for call in calls) >= 2 * 24:
            return  # each is asked for as a small one first
    raise BenchError("the results were not all downloaded")


async def presses(at: Places) -> None:
    queue = await at.message_of(at.act("queue"))
    for _ in range(5):
        await at.press(queue, "hcq:refresh", 60)


async def forgetting(at: Places) -> None:
    asked = await at.message_of(at.act("account forget"))
    await at.press(asked, "hcf:forget")


Attack = Callable[[Places], Awaitable[None]]
ATTACKS: dict[str, Attack] = {
    "no attack": nothing,
    "10 exports of 5,000 requests at once": exports,
    "20 searches of 5,000 requests at once": searches,
    "100 word rules, 3 patterns, 10 prompts of 4,000 characters": word_rules,
    "6 requests with 4 results of 36 MB each": downloads,
    "5 floods of 60 presses": presses,
    "forgetting 5,000 requests": forgetting,
}


async def watched(at: Places, attack: Attack) -> Found:
    """Make the attack, and use the bot as another member until it is over and a little longer."""
    found, begun = Found(before=await asyncio.to_thread(at.place.uss)), time.monotonic()
    under_way = asyncio.create_task(attack(at))
    tasks: list[asyncio.Task[list[Json]]] = []
    other = {"name": "queue", "user_id": at.other, "channel_id": at.elsewhere}
    while time.monotonic() < begun + MOST:
        tasks.append(asyncio.create_task(at.place.interact([other])))
        await asyncio.sleep(EVERY)
        found.most = max(found.most, await asyncio.to_thread(at.place.uss))
        if under_way.done() and time.monotonic() > begun + LEAST:
            break
    await under_way
    found.seconds = time.monotonic() - begun
    found.outcomes = [one for task in tasks for one in await task]
    return found


async def main() -> None:
    """Print one line for each attack."""
    async with world(jobs="0.5-1") as place:
        attacker = (await place.call("GET", "world"))["users"][0]["id"]
        (other,) = await place.newcomers(1)
        theirs, elsewhere = await place.new_servers(2)
        async with Store.open(place.folder / "hordecord.db") as store:
            await fill(store, int(attacker), PAST, 1, ended=True)
        await place.start_bot("hordecord", {"HORDECORD_LIMITS__OPEN_PER_PERSON": "0"})
        at = Places(place, attacker, theirs, other, elsewhere)
        print("| attack | s | answer median, ms | p99, ms | unanswered | MB before | MB at most |")
        print("| --- | --: | --: | --: | --: | --: | --: |")
        for name, attack in ATTACKS.items():
            print((await watched(at, attack)).row(name), flush=True)
            await asyncio.sleep(2)
