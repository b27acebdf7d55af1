"""The queue: as fast as allowed, fair, honest about the place, and nobody waits for a lost bell."""

import asyncio
import random
from types import SimpleNamespace
from typing import Any

import pytest

from bot.aio.clock import ticks
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, Source
from bot.domain.results import Phase
from bot.errors import BackendDown
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual


async def at_the_horde(house: House, records: list[Record]) -> int:
    rows = [await house.row(record) for record in records]
    return sum(row.remote_id is not None for row in rows)


@pytest.mark.parametrize("latency", [(0.0, 0.0), (0.06, 0.25)], ids=["near", "far"])
@pytest.mark.parametrize("seed", [1, 2])
@virtual
async def test_a_hundred_at_once(latency: tuple[float, float], seed: int) -> None:
    horde = FakeHorde(limited=True, latency=latency, dice=random.Random(seed))
    house = House(horde).start()
    began = ticks()
    records = [await house.ask(user=n, guild=n % 10 + 1) for n in range(100)]
    rows = await house.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert max(job.created_at for job in horde.jobs.values()) - began <= 66.4
    assert horde.refused <= 3
    assert all(len(house.stage.outcomes(record.id)) == 1 for record in records)
    await house.kill()


@pytest.mark.parametrize("latency", [(0.0, 0.0), (0.6, 0.7)], ids=["near", "far"])
@virtual
async def test_a_trusted_key_lifts_the_limits(latency: tuple[float, float]) -> None:
    horde = FakeHorde(limited=True, trusted=True, wait_seconds=0.5, latency=latency)
    house = House(horde).start()
    began = ticks()
    records = [await house.ask(user=n) for n in range(200)]
    await house.ended(*records)
    assert max(job.created_at for job in horde.jobs.values()) - began <= 25
    assert horde.refused <= 6
    await house.kill()


# Fairness


@virtual
async def test_somebody_with_one_does_not_wait_behind_fifty() -> None:
    house = House(FakeHorde(limited=True)).start()
    many = [await house.ask(user=1) for _ in range(50)]
    await asyncio.sleep(5)
    before = house.horde.count("submit")
    one = await house.ask(user=2)
    row = await house.until(lambda row: row.remote_id is not None, one)
    assert int((row.remote_id or "")[4:]) - before <= 2
    await house.ended(*many, one)
    await house.kill()


@virtual
async def test_servers_take_turns() -> None:
    house = House(FakeHorde(limited=True)).start()
    for n in range(40):
        await house.ask(user=n, guild=1)
    few = [await house.ask(user=100 + n, guild=2) for n in range(5)]
    rows = [await house.until(lambda row: row.remote_id is not None, one) for one in few]
    assert max(int((row.remote_id or "")[4:]) for row in rows) <= 13
    await house.kill()


# Bugs and the end


@virtual
async def test_a_bug_after_the_receipt_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House().start()
    watch, bugs = house.poller.watch, 1

    def buggy(record: Record, **options: Any) -> None:
        nonlocal bugs
        if bugs:
            bugs -= 1
            raise KeyError("oops")
        watch(record, **options)

    monkeypatch.setattr(house.poller, "watch", buggy)
    first, second = await house.ask(user=1), await house.ask(user=2)
    rows = await house.ended(first, second)
    assert [row.phase for row in rows] == [Phase.DONE, Phase.DONE]
    assert house.horde.count("submit") == 2
    await house.kill()


@virtual
async def test_a_bug_on_the_cards_stops_neither_them_nor_the_queue() -> None:
    house = House().start()
    house.horde.outage = True
    house.stage.faults.extend([KeyError("oops"), None])
    record = await house.ask()
    await asyncio.sleep(40)
    assert house.stage.of(record.id)
    house.horde.outage = False
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_draining_lets_arrive_what_is_on_its_way() -> None:
    house = House(FakeHorde(latency=(1.0, 1.0))).start()
    records = [await house.ask(user=n) for n in range(10)]
    await asyncio.sleep(0.5)
    began = ticks()
    await house.pipeline.drain(4.0)
    assert ticks() - began <= 2.1
    assert await at_the_horde(house, records) == 2
    await asyncio.sleep(10)
    assert house.horde.count("submit") == 2
    await house.kill()


@virtual
async def test_draining_lets_nothing_more_through_the_gate() -> None:
    """Uploads that are being fetched when the end comes are sent by the next run."""
    house = House().start()
    house.uploads.seconds = 2.0
    record = await house.ask(AlchemyRequest(source=Source(url="https://x"), forms=("caption",)))
    await asyncio.sleep(1)
    await house.pipeline.drain(4.0)
    assert house.horde.count("submit") == 0
    assert (await house.row(record)).phase is Phase.QUEUED
    await house.kill()


@virtual
async def test_draining_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    house = House(FakeHorde(latency=(30.0, 30.0))).start()
    record = await house.ask()
    await asyncio.sleep(1)
    began = ticks()
    await house.pipeline.drain(4.0)
    assert ticks() - began <= 4.1
    assert "no answer" in caplog.text
    await house.kill()
    assert (await house.row(record)).phase is Phase.SENDING


@virtual
async def test_an_outage_during_a_pause_of_the_windows() -> None:
    """The outage begins while the next turn waits for its second."""
    house = House(FakeHorde(limited=True)).start()
    records = [await house.ask(user=n) for n in range(6)]
    await asyncio.sleep(0.5)
    house.horde.fail("status", BackendDown("503", status=503))
    house.horde.outage = True
    await asyncio.sleep(30)
    house.horde.outage = False
    rows = await house.ended(*records)
    assert all(row.phase is Phase.DONE and row.attempts == 0 for row in rows)
    await house.kill()


@virtual
async def test_several_backends_are_drained_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may use all of its time, and the whole close has eight seconds."""
    house = House()

    class Slow:
        async def drain(self, seconds: float) -> int:
            await asyncio.sleep(seconds)
            return 0

    slow = SimpleNamespace(queues={"image": Slow()})
    monkeypatch.setattr(house.pipeline, "dispatchers", {"one": slow, "two": slow})
    began = ticks()
    await house.pipeline.drain(4.0)
    assert ticks() - began <= 4.1
