"""Right after an outage: all results arrive soon, and the backend is not overloaded."""

import asyncio
import random

import pytest

from bot.aio.clock import ticks
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, Kind, Source
from bot.domain.results import Phase
from bot.errors import AddressBlocked, BackendPaused
from bot.horde.error_mapping import ADDRESS_BLOCKED
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

OUTAGE_SECONDS = 90.0  # seconds; the looks at it are as far apart as they get after fifteen
SOON, BUSY = 10.0, 200  # so many calls in the first seconds at the most: twenty a second


async def submitted_requests(bot: InMemoryBot, count: int) -> list[Record]:
    """Requests that the backend has."""
    records = [await bot.ask(user=n) for n in range(count)]
    for record in records:
        await bot.until(lambda row: row.remote_id is not None, record)
    return records


def calls_since(bot: InMemoryBot, began: float) -> list[float]:
    return [at for name, at in bot.horde.calls if at >= began and name != "health"]


@pytest.mark.parametrize("latency", [(0.0, 0.0), (0.06, 0.25)], ids=["near", "far"])
@virtual
async def test_what_was_sent_is_there_within_half_a_minute(latency: tuple[float, float]) -> None:
    horde = FakeHorde(latency=latency, dice=random.Random(1), wait_seconds=90.0)
    bot = InMemoryBot(horde).start()
    records = await submitted_requests(bot, 200)
    horde.outage = True
    unsent = [await bot.ask(user=500 + n) for n in range(50)]
    await asyncio.sleep(OUTAGE_SECONDS)
    horde.outage, began = False, ticks()
    bot.presenter.seconds = 1.0  # an edit with a picture takes its time
    await bot.ended(*records)
    assert ticks() - began <= 20.0
    calls = calls_since(bot, began)
    assert sum(at - calls[0] < SOON for at in calls) <= BUSY
    await bot.ended(*unsent)
    await bot.kill()


@virtual
async def test_what_is_not_over_yet_does_not_make_a_rush_either() -> None:
    horde = FakeHorde(job_seconds=(700.0, 800.0))
    bot = InMemoryBot(horde).start()
    records = await submitted_requests(bot, 150)
    horde.outage = True
    await asyncio.sleep(60)
    horde.outage, began = False, ticks()
    await asyncio.sleep(40)
    calls = calls_since(bot, began)
    assert sum(at - calls[0] < SOON for at in calls) <= BUSY
    assert len(calls) >= len(records)  # all were looked at
    await bot.kill()


@virtual
async def test_a_cancel_does_not_wait_for_those_who_are_looked_at() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(900.0, 900.0))).start()
    records = await submitted_requests(bot, 150)
    bot.horde.outage = True
    await asyncio.sleep(60)
    bot.horde.outage = False
    await bot.outage_monitor.wait_until_accepted(Kind.IMAGE)
    await asyncio.sleep(2.5)  # all are due now
    await bot.service.cancel(records[-1].id, 149)
    assert (await bot.outcome(records[-1], within=1.0)).phase is Phase.CANCELLED
    await bot.kill()


@virtual
async def test_the_end_of_a_pause_slows_no_look() -> None:
    """Looks went on all the time, so there is nothing to catch up with."""
    bot = InMemoryBot(FakeHorde(job_seconds=(400.0, 400.0))).start()
    await submitted_requests(bot, 100)
    bot.horde.fail("submit", BackendPaused("time-out", retry_after=60.0))
    await bot.ask(user=900)
    await asyncio.sleep(50)
    before = bot.horde.count("status")
    await asyncio.sleep(10)
    usual = bot.horde.count("status") - before
    await bot.outage_monitor.wait_until_accepted(Kind.IMAGE)
    before = bot.horde.count("status")
    await asyncio.sleep(10)
    assert bot.horde.count("status") - before >= 0.9 * usual
    await bot.kill()


@virtual
async def test_a_heartbeat_that_never_comes_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(30.0, 30.0))).start()
    (record,) = await submitted_requests(bot, 1)
    bot.horde.outage = True
    await asyncio.sleep(20)
    asked, healthy = 0, bot.horde.health

    async def hangs() -> object:
        nonlocal asked
        asked += 1
        if bot.horde.outage:
            await asyncio.sleep(3600)
        return await healthy()

    monkeypatch.setattr(bot.horde, "health", hangs)
    await asyncio.sleep(120)
    assert asked >= 8
    bot.horde.outage = False
    await bot.outcome(record, within=20)
    await bot.kill()


@virtual
async def test_a_pause_of_no_seconds_is_a_pause() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", *[BackendPaused("maintenance", retry_after=0.0)] * 1000)
    await bot.ask()
    await asyncio.sleep(60)
    assert bot.horde.count("submit") <= 20
    await bot.kill()


@virtual
async def test_a_pause_of_days_is_looked_into_after_an_hour() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", BackendPaused("time-out", retry_after=999_999.0))
    assert (await bot.outcome(await bot.ask(), within=3700)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_address_in_time_out_alchemy_goes_on() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", AddressBlocked("time-out", retry_after=600.0))
    image = await bot.ask()
    await asyncio.sleep(1)
    forms = AlchemyRequest(forms=("caption",), source=Source(url="https://cdn/x.png"))
    assert (await bot.outcome(await bot.ask(forms), within=30)).phase is Phase.DONE
    assert (await bot.row(image)).phase is Phase.QUEUED
    await bot.kill()


@virtual
async def test_address_time_out_lifted_early_is_noticed_within_a_minute() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", AddressBlocked("time-out", retry_after=3600.0))
    records = [await bot.ask(user=user) for user in range(4)]
    began = ticks()
    for record in records:
        await bot.outcome(record, within=120)
    assert 60 <= ticks() - began <= 90
    await bot.kill()


@virtual
async def test_address_time_out_that_lasts_is_tried_seldom_and_counted_once() -> None:
    bot = InMemoryBot().start()
    blocked = [AddressBlocked("time-out", retry_after=3600.0) for _ in range(1000)]
    bot.horde.fail("submit", *blocked)
    records = [await bot.ask(user=user) for user in range(10)]
    await asyncio.sleep(600)
    assert bot.horde.count("submit") <= 24
    assert bot.outage_monitor.outages == 1
    assert bot.outage_monitor.reason_of(Kind.TEXT) == ADDRESS_BLOCKED
    assert {(await bot.row(record)).attempts for record in records} == {0}
    await bot.kill()
