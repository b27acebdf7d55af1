"""In any order of events each request ends once, and its requester sees it.

Hypothesis makes up faults of the Horde, of Discord, of the disk and of the database, impatient
users and kill -9; afterwards nothing fails, and everything has to be in order.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, Source, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import (
    BackendDown,
    BackendPaused,
    BadReply,
    RateLimited,
    TooManyPrompts,
    Undeliverable,
    UserError,
)
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.jobs import Fault, dropped, lost
from tests.support.virtual_clock import virtual

REQUEST_KINDS: list[Request] = [
    ImageRequest(prompt="a fox"),
    ImageRequest(prompt="foxes", n=4),
    ImageRequest(prompt="a secret", private=True),
    TextRequest(prompt="once", n=2),
    AlchemyRequest(source=Source(url="https://cdn/x.png"), forms=("caption",)),
]
SUBMIT_FAULTS: list[Callable[[], Fault]] = [
    lost,
    dropped,
    lambda: Fault(RateLimited("2 per 1 second", retry_after=1.0)),
    lambda: Fault(TooManyPrompts("full")),
    lambda: Fault(BackendDown("500", status=500)),
    lambda: Fault(BackendDown("503", status=503, retry_after=3600.0)),
    lambda: Fault(BackendPaused("maintenance", retry_after=20.0)),
    lambda: Fault(KeyError("a bug")),
]
OTHER_FAULTS = [
    BackendDown("503"),
    BadReply("404"),
    RateLimited("slow", retry_after=9.0),
    KeyError("bug"),
]
SHOW = [
    Undeliverable("away"),
    Undeliverable("every door is shut", shut=True),
    Undeliverable("deleted", deleted=True),
    Undeliverable("no permission", gone=True),
    KeyError("a bug"),
]
MISHAPS = [
    *("ask", "ask", "ask", "cancel", "cancel all", "submit", "submit", "look", "show", "outage"),
    *("kill", "busy", "disk", "ring", "forget", "slow discord", "account"),
]
Event = tuple[str, int, float]
EVENT_LISTS = st.lists(
    st.tuples(st.sampled_from(MISHAPS), st.integers(0, 50), st.floats(0, 20)), max_size=40
)


@dataclass
class Story:
    """One run of events, over as many runs of the bot as it takes."""

    bot: InMemoryBot
    records: list[Record] = field(default_factory=list[Record])

    async def happen(self, what: str, which: int) -> None:
        match what:
            case "ask":
                await self._ask(which)
            case "cancel" | "cancel all":
                await self._cancel(which, everything=what != "cancel")
            case "kill":
                await self.bot.kill()
                await asyncio.sleep(which)
                self.bot = self.bot.again().start()
            case "busy" | "disk" | "slow discord" | "show":
                self._at_home(what, which)
            case _:
                self._at_the_horde(what, which)

    def _at_home(self, what: str, which: int) -> None:
        bot = self.bot
        match what:
            case "busy":
                bot.disk.failing = which % 10
            case "disk":
                bot.spool.full = which % 6
            case "show":
                bot.presenter.faults.append(SHOW[which % len(SHOW)])
            case _:
                bot.presenter.seconds = (which % 3) * 5.0

    def _at_the_horde(self, what: str, which: int) -> None:
        horde, jobs = self.bot.horde, list(self.bot.horde.jobs.values())
        match what:
            case "submit":
                horde.fail("submit", SUBMIT_FAULTS[which % len(SUBMIT_FAULTS)]())
            case "look":
                call = ("status", "full", "fetch", "cancel")[which % 4]
                horde.fail(call, OTHER_FAULTS[which % len(OTHER_FAULTS)])
            case "account":
                horde.fail("account", OTHER_FAULTS[which % len(OTHER_FAULTS)])
            case "outage":
                horde.outage = not horde.outage
            case "forget" if jobs:
                jobs[which % len(jobs)].gone = True
            case "ring" if self.records:
                self.bot.poller.webhook_received(
                    self.records[which % len(self.records)].id, f"job-{which}"
                )
            case _:
                return

    async def _ask(self, which: int) -> None:
        self.bot.disk.failing = 0  # else it is refused, which is no request
        request = REQUEST_KINDS[which % len(REQUEST_KINDS)]
        self.records.append(await self.bot.ask(request, user=which % 4, guild=which % 3))

    async def _cancel(self, which: int, *, everything: bool) -> None:
        self.bot.disk.failing = 0
        try:
            if everything:
                await self.bot.service.cancel_all(which % 4)
            elif self.records:
                record = self.records[which % len(self.records)]
                await self.bot.service.cancel(record.id, record.user_id)
        except UserError:
            return

    async def fair_weather(self) -> None:
        """From now on nothing goes wrong any more."""
        bot = self.bot
        bot.horde.outage, bot.presenter.seconds = False, 0.0
        bot.horde.faults.clear()
        bot.presenter.faults.clear()
        bot.disk.failing = bot.spool.full = 0
        await bot.ended(*self.records, within=3 * 3600)
        await asyncio.sleep(5)


@given(EVENT_LISTS, st.booleans(), st.integers(0, 3))
@settings(max_examples=150)
@virtual
async def test_everything_ends_once_and_is_seen(
    events: list[Event], own_key: bool, seed: int
) -> None:
    horde = FakeHorde(
        limited=True, latency=(0.0, 0.2), concurrency=30, dice=random.Random(seed), lists_after=3.0
    )
    story = Story(InMemoryBot(horde, key="own" if own_key else "0000000000").start())
    for what, which, pause in events:
        await story.happen(what, which)
        await asyncio.sleep(pause)
    await story.fair_weather()
    bot = story.bot
    for record in story.records:
        row = await bot.row(record)
        shown = bot.presenter.outcomes(record.id)
        assert row.status is not None
        assert not row.status.phase.is_open
        assert row.phase in {row.status.phase, Phase.HELD}
        assert all(status == row.status for status in shown), "another outcome than the first"
        assert _arrived_is_kept(row.status, bot)
    await _nothing_is_left(bot)
    await bot.kill()


def _arrived_is_kept(status: Status, bot: InMemoryBot) -> bool:
    return all(p.file in bot.spool.files for p in status.pictures if p.arrived)


async def _nothing_is_left(bot: InMemoryBot) -> None:
    assert len(bot.poller) == len(bot.submitter.lost_submits) == 0
    assert len(bot.pipeline.locks) == 0
    assert bot.poller._occupied == {}
    for queue in bot.dispatcher.queues.values():
        assert len(queue) == len(queue._in_flight) == len(queue._gate._preparing) == 0
        assert queue._slots._reserved == {}
        assert not queue._gate._lock.locked()
