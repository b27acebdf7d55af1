"""Right after an outage: everybody's result is there soon, and the backend is not run over."""

import asyncio
import random

import pytest

from bot.aio.clock import ticks
from bot.domain.records import Record
from bot.domain.results import Phase
from bot.errors import BackendPaused
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

AWAY = 90.0  # seconds; the looks at it are as far apart as they get after fifteen
SOON, BUSY = 10.0, 200  # so many calls in the first seconds at the most: twenty a second


async def sent(house: House, count: int) -> list[Record]:
    """Requests that the backend has."""
    records = [await house.ask(user=n) for n in range(count)]
    for record in records:
        await house.until(lambda row: row.remote_id is not None, record)
    return records


def calls_since(house: House, began: float) -> list[float]:
    return [at for name, at in house.horde.calls if at >= began and name != "health"]


@pytest.mark.parametrize("latency", [(0.0, 0.0), (0.06, 0.25)], ids=["near", "far"])
@virtual
async def test_what_was_sent_is_there_within_half_a_minute(latency: tuple[float, float]) -> None:
    horde = FakeHorde(latency=latency, dice=random.Random(1), wait_seconds=90.0)
    house = House(horde).start()
    records = await sent(house, 200)
    horde.outage = True
    unsent = [await house.ask(user=500 + n) for n in range(50)]
    await asyncio.sleep(AWAY)
    horde.outage, began = False, ticks()
    house.stage.seconds = 1.0  # an edit with a picture takes its time
    await house.ended(*records)
    assert ticks() - began <= 20.0
    calls = calls_since(house, began)
    assert sum(at - calls[0] < SOON for at in calls) <= BUSY
    await house.ended(*unsent)
    await house.kill()


@virtual
async def test_what_is_not_over_yet_does_not_make_a_rush_either() -> None:
    horde = FakeHorde(job_seconds=(700.0, 800.0))
    house = House(horde).start()
    records = await sent(house, 150)
    horde.outage = True
    await asyncio.sleep(60)
    horde.outage, began = False, ticks()
    await asyncio.sleep(40)
    calls = calls_since(house, began)
    assert sum(at - calls[0] < SOON for at in calls) <= BUSY
    assert len(calls) >= len(records)  # all were looked at
    await house.kill()


@virtual
async def test_a_cancel_does_not_wait_for_those_who_are_looked_at() -> None:
    house = House(FakeHorde(job_seconds=(900.0, 900.0))).start()
    records = await sent(house, 150)
    house.horde.outage = True
    await asyncio.sleep(60)
    house.horde.outage = False
    await house.outage_monitor.wait_until_available()
    await asyncio.sleep(2.5)  # all are due now
    await house.service.cancel(records[-1].id, 149)
    assert (await house.outcome(records[-1], within=1.0)).phase is Phase.CANCELLED
    await house.kill()


@virtual
async def test_the_end_of_a_pause_slows_no_look() -> None:
    """Looks went on all the time, so there is nothing to catch up with."""
    house = House(FakeHorde(job_seconds=(400.0, 400.0))).start()
    await sent(house, 100)
    house.horde.fail("submit", BackendPaused("time-out", retry_after=60.0))
    await house.ask(user=900)
    await asyncio.sleep(50)
    before = house.horde.count("status")
    await asyncio.sleep(10)
    usual = house.horde.count("status") - before
    await house.outage_monitor.wait_until_available()
    before = house.horde.count("status")
    await asyncio.sleep(10)
    assert house.horde.count("status") - before >= 0.9 * usual
    await house.kill()


@virtual
async def test_a_heartbeat_that_never_comes_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House(FakeHorde(job_seconds=(30.0, 30.0))).start()
    (record,) = await sent(house, 1)
    house.horde.outage = True
    await asyncio.sleep(20)
    asked, healthy = 0, house.horde.health

    async def hangs() -> object:
        nonlocal asked
        asked += 1
        if house.horde.outage:
            await asyncio.sleep(3600)
        return await healthy()

    monkeypatch.setattr(house.horde, "health", hangs)
    await asyncio.sleep(120)
    assert asked >= 8
    house.horde.outage = False
    await house.outcome(record, within=20)
    await house.kill()


@virtual
async def test_a_pause_of_no_seconds_is_a_pause() -> None:
    house = House().start()
    house.horde.fail("submit", *[BackendPaused("maintenance", retry_after=0.0)] * 1000)
    await house.ask()
    await asyncio.sleep(60)
    assert house.horde.count("submit") <= 20
    await house.kill()


@virtual
async def test_a_pause_of_days_is_looked_into_after_an_hour() -> None:
    house = House().start()
    house.horde.fail("submit", BackendPaused("time-out", retry_after=999_999.0))
    assert (await house.outcome(await house.ask(), within=3700)).phase is Phase.DONE
    await house.kill()
