"""What people saw and what the Horde did, by request: the ground of every figure.

Requests are told apart by their prompts, "bench 0001" and so on, which stand in the messages of
any bot and in the Horde's list. Nothing here asks the bot.
"""

import asyncio
import contextlib
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import aiohttp
from world import Json, World, percentile

PROMPT = re.compile(r"bench \d{4}")
ERROR = "Error: "  # how the control bot says that it gives up
EVENT_MAX = 2**20  # bytes of one event


def prompt(number: int) -> str:
    """The prompt of that request."""
    return f"bench {number:04}"


@dataclass
class Sightings:
    """Every message with a picture, and every error shown, as Discord took them. UTC seconds."""

    posted: dict[str, float] = field(default_factory=dict)  # prompt: when its picture was shown
    places: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  # message ids
    failed: set[str] = field(default_factory=set)  # prompts
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, event: Json) -> None:
        """One `message` event of the sandbox."""
        message = event["message"]
        text = json.dumps([message["content"], message["components"]])
        found = PROMPT.search(text)
        if found is None or event["op"] == "delete":
            return
        if message["attachments"] or '"attachment_id"' in text:  # the latter in a gallery
            self.posted.setdefault(found[0], message["edited_at"] or message["created_at"])
            self.places[found[0]].add(message["id"])
        elif message["content"].startswith(ERROR):
            self.failed.add(found[0])

    async def wait(self, count: int, limit: float) -> bool:
        """Until that many requests are over, for at most so many seconds; whether they are."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                while len(self.posted.keys() | self.failed) < count:
                    self.news.clear()
                    await self.news.wait()
                return True
        return False

    def twice(self) -> int:
        """How many pictures stand in more than one message."""
        return sum(len(messages) > 1 for messages in self.places.values())


@contextlib.asynccontextmanager
async def watching(place: World) -> AsyncIterator[Sightings]:
    """Note everything that is seen while the context is open."""
    seen = Sightings()
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(_watch(place, seen))
        await seen.news.wait()  # the first line of the stream: nothing is missed from now on
        yield seen
        task.cancel()


async def _watch(place: World, seen: Sightings) -> None:
    forever = aiohttp.ClientTimeout(total=None)
    url, kind = f"{place.urls['control']}/events", b""
    async with (
        aiohttp.ClientSession(timeout=forever, read_bufsize=EVENT_MAX) as session,
        session.get(url) as answer,
    ):
        async for line in answer.content:
            if line.startswith(b"event: "):
                kind = line[7:].strip()
            elif line.startswith(b"data: ") and kind == b"message":
                seen.note(json.loads(line[6:]))
            seen.news.set()


@dataclass
class HordeSide:
    """The requests that the Horde took, by prompt: (submitted, ready or None, id)."""

    taken: dict[str, list[tuple[float, float | None, str]]]

    @classmethod
    async def of(cls, place: World) -> "HordeSide":
        """As it knows them now; it forgets them 20 minutes after the last news."""
        taken: dict[str, list[tuple[float, float | None, str]]] = defaultdict(list)
        for request in (await place.call("GET", "horde/requests"))["requests"]:
            if found := PROMPT.search(request["prompt"] or ""):
                taken[found[0]].append((request["created_at"], request["done_at"], request["id"]))
        return cls(taken)

    def submits(self, prompts: Iterable[str] | None = None) -> list[float]:
        """When requests arrived, in order."""
        wanted = self.taken.keys() if prompts is None else prompts
        return sorted(each[0] for name in wanted for each in self.taken.get(name, ()))

    def delays(self, seen: Sightings) -> list[float]:
        """Seconds from the result being ready until its picture was shown, of all that were."""
        found: list[float] = []
        for name, at in seen.posted.items():
            ready = [each[1] for each in self.taken.get(name, ()) if each[1] is not None]
            found += [at - min(ready)] if ready else []
        return found


def refused_share(calls: list[Json]) -> float:
    """Which share of the submits was answered with a 429, in percent."""
    submits = [call for call in calls if call["route"] == "POST /generate/async"]
    refused = sum(call["status"] == 429 for call in submits)
    return 100 * refused / len(submits) if submits else float("nan")


def drawing(calls: list[Json]) -> float:
    """Milliseconds (p95) in which the sandbox drew and handed out a picture.

    It draws at the download, after the result was said to be ready, so this is in every delay
    that is measured; a real worker has uploaded its picture by then.
    """
    return percentile([c["ms"] for c in calls if c["route"] == "GET /r2/{object}"], 0.95)
