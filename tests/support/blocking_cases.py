"""A whole bot with one backend whose calls are its jobs, and what each kind of request is there."""

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.bots.process import BotProcess
from tests.support.discord.client import Answer, Control, Person, controlling
from tests.support.discord.messages import Message
from tests.support.json_types import Json
from tests.support.waiting import eventually

KEY = "grid_ada_0123456789abcdef"
LOST_FOR = 60.0  # seconds that AI Power Grid is asked for a job whose answer was lost
CHAT, IMAGES = "POST /v1/chat/completions", "POST /v1/images/generations"
PAID: Mapping[str, str] = {"api_key": KEY}


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of request. `settings`: of the table of the backend.

    `free`: a call may be made twice, since it has no price. `recovers`: the result of a lost answer
    is asked for.
    """

    server: str
    command: str
    route: str
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    settings: Mapping[str, str] = field(default_factory=lambda: PAID)
    free: bool = False
    recovers: bool = False

    @property
    def streams(self) -> bool:
        """The answer arrives in pieces."""
        return self.command == "write"

    @property
    def pace(self) -> Json:
        """Knobs of the server under which a job takes some seconds."""
        if self.streams:
            return {"tokens_per_second": 10, "answer_tokens": 40}
        return {"job_seconds": [4, 4]}


BOTH = {"kinds": "text,image"}
CASES = {
    "openai-free-text": Case("openai", "write", CHAT, settings={}, free=True),
    "openai-text": Case("openai", "write", CHAT),
    "openai-image": Case("openai", "imagine", IMAGES, settings={**PAID, **BOTH}),
    "a1111-image": Case("a1111", "imagine", "POST /txt2img", settings={}, free=True),
    "aipg-text": Case("aipg", "write", CHAT),
    "aipg-image": Case("aipg", "imagine", IMAGES, recovers=True),
    "aipg-video": Case("aipg", "animate", "POST /v1/videos/generations", recovers=True),
}


@dataclass(frozen=True, slots=True)
class World:
    """The bot, and Ada, whose Discord server uses the backend."""

    case: Case
    bot: BotProcess
    control: Control
    ada: Person

    def start(self, **settings: str) -> None:
        self.bot.start_bot_with(self.case.server, **{**self.case.settings, **settings})

    async def ask(self, prompt: str = "a heron") -> Answer:
        return await self.ada.command(self.case.command, prompt=prompt, **self.case.options)

    async def outcome(self, answer: Answer, wait: float = LOST_FOR + 30.0) -> Message:
        """The card of a request that has ended."""
        done = await self.ada.result(answer, wait=wait)
        assert "Again" in done.buttons, done.text
        return done

    async def fault(self, kind: str, **rule: Any) -> None:
        rule = {"route": self.case.route, "times": 1} | rule
        await self.control.post("faults", server=self.case.server, kind=kind, **rule)

    async def slow(self) -> None:
        await self.control.post(f"{self.case.server}/knobs", **self.case.pace)

    async def calls(self) -> list[Json]:
        found = await self.control.calls(self.case.server)
        return [call for call in found if call["route"] == self.case.route]

    async def called(self, before: int = 0) -> None:
        """More calls that make a result have arrived than `before`."""

        async def look() -> bool | None:
            return len(await self.calls()) > before or None

        await eventually(look, "a call that makes a result")

    async def jobs(self) -> list[Json]:
        return (await self.control.get(f"{self.case.server}/jobs"))["jobs"]

    async def assert_once(self, prompt: str, card: Message) -> None:
        """The request was made once and charged once; twice at most where that is free."""
        found = [job for job in await self.jobs() if prompt in str(job["payload"])]
        found = [job for job in found if job["state"] != "refused"]
        assert len(found) <= (2 if self.case.free else 1), found
        assert KEY not in self.bot.log
        if made(card):
            assert found, card.text
        if made(card) and not self.case.free:
            assert found[0]["charged_micro"] > 0, found


@asynccontextmanager
async def world_of(
    with_servers: Callable[..., BotProcess], case: Case, **settings: str
) -> AsyncGenerator[World]:
    """The running bot. `settings`: more of the table of its backend."""
    bot = with_servers(case.server)
    async with controlling(bot.control) as control:
        world = World(case, bot, control, await control.person("ada"))
        world.start(**settings)
        await world.ada.ask("server backend", name=case.server)
        yield world


def made(card: Message) -> bool:
    """Whether the card shows a result."""
    return bool(card.pictures) or "You wrote" in card.text
