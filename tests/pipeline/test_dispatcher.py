"""The queue: as fast as allowed, fair, with true positions, without lost wake-ups."""

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
from tests.support.bots.in_memory_bot import InMemoryBot, submitted_count
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual


@pytest.mark.parametrize("latency", [(0.0, 0.0), (0.06, 0.25)], ids=["near", "far"])
@pytest.mark.parametrize("seed", [1, 2])
@virtual
async def test_a_hundred_at_once(latency: tuple[float, float], seed: int) -> None:
    horde = FakeHorde(limited=True, latency=latency, dice=random.Random(seed))
    bot = InMemoryBot(horde).start()
    began = ticks()
    records = [await bot.ask(user=n, guild=n % 10 + 1) for n in range(100)]
    rows = await bot.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert max(job.created_at for job in horde.jobs.values()) - began <= 66.4
    assert horde.refused <= 3
    assert all(len(bot.presenter.outcomes(record.id)) == 1 for record in records)
    await bot.kill()


@pytest.mark.parametrize("latency", [(0.0, 0.0), (0.6, 0.7)], ids=["near", "far"])
@virtual
async def test_a_trusted_key_lifts_the_limits(latency: tuple[float, float]) -> None:
    horde = FakeHorde(limited=True, trusted=True, wait_seconds=0.5, latency=latency)
    bot = InMemoryBot(horde).start()
    began = ticks()
    records = [await bot.ask(user=n) for n in range(200)]
    await bot.ended(*records)
    assert max(job.created_at for job in horde.jobs.values()) - began <= 25
    assert horde.refused <= 6
    await bot.kill()


# Fairness


@virtual
async def test_somebody_with_one_does_not_wait_behind_fifty() -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    many = [await bot.ask(user=1) for _ in range(50)]
    await asyncio.sleep(5)
    before = bot.horde.count("submit")
    one = await bot.ask(user=2)
    row = await bot.until(lambda row: row.remote_id is not None, one)
    assert int((row.remote_id or "")[4:]) - before <= 2
    await bot.ended(*many, one)
    await bot.kill()


@virtual
async def test_servers_take_turns() -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    for n in range(40):
        await bot.ask(user=n, guild=1)
    few = [await bot.ask(user=100 + n, guild=2) for n in range(5)]
    rows = [await bot.until(lambda row: row.remote_id is not None, one) for one in few]
    assert max(int((row.remote_id or "")[4:]) for row in rows) <= 13
    await bot.kill()


# Bugs and the end


@virtual
async def test_a_bug_after_the_receipt_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = InMemoryBot().start()
    watch, bugs = bot.poller.watch, 1

    def buggy(record: Record, **options: Any) -> None:
        nonlocal bugs
        if bugs:
            bugs -= 1
            raise KeyError("oops")
        watch(record, **options)

    monkeypatch.setattr(bot.poller, "watch", buggy)
    first, second = await bot.ask(user=1), await bot.ask(user=2)
    rows = await bot.ended(first, second)
    assert [row.phase for row in rows] == [Phase.DONE, Phase.DONE]
    assert bot.horde.count("submit") == 2
    await bot.kill()


@virtual
async def test_a_bug_on_the_cards_stops_neither_them_nor_the_queue() -> None:
    bot = InMemoryBot().start()
    bot.horde.outage = True
    bot.presenter.faults.extend([KeyError("oops"), None])
    record = await bot.ask()
    await asyncio.sleep(40)
    assert bot.presenter.of(record.id)
    bot.horde.outage = False
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_draining_lets_arrive_what_is_on_its_way() -> None:
    bot = InMemoryBot(FakeHorde(latency=(1.0, 1.0))).start()
    records = [await bot.ask(user=n) for n in range(10)]
    await asyncio.sleep(0.5)
    began = ticks()
    await bot.pipeline.drain(4.0)
    assert ticks() - began <= 2.1
    assert await submitted_count(bot, records) == 2
    await asyncio.sleep(10)
    assert bot.horde.count("submit") == 2
    await bot.kill()


@virtual
async def test_draining_lets_nothing_more_through_the_gate() -> None:
    """Uploads that are being fetched when the end comes are sent by the next run."""
    bot = InMemoryBot().start()
    bot.uploads.seconds = 2.0
    record = await bot.ask(AlchemyRequest(source=Source(url="https://x"), forms=("caption",)))
    await asyncio.sleep(1)
    await bot.pipeline.drain(4.0)
    assert bot.horde.count("submit") == 0
    assert (await bot.row(record)).phase is Phase.QUEUED
    await bot.kill()


@virtual
async def test_draining_does_not_wait_for_ever(caplog: pytest.LogCaptureFixture) -> None:
    bot = InMemoryBot(FakeHorde(latency=(30.0, 30.0))).start()
    record = await bot.ask()
    await asyncio.sleep(1)
    began = ticks()
    await bot.pipeline.drain(4.0)
    assert ticks() - began <= 4.1
    assert "no answer" in caplog.text
    await bot.kill()
    assert (await bot.row(record)).phase is Phase.SENDING


@virtual
async def test_an_outage_during_a_pause_of_the_windows() -> None:
    """The outage begins while the next turn waits for its second."""
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    records = [await bot.ask(user=n) for n in range(6)]
    await asyncio.sleep(0.5)
    bot.horde.fail("status", BackendDown("503", status=503))
    bot.horde.outage = True
    await asyncio.sleep(30)
    bot.horde.outage = False
    rows = await bot.ended(*records)
    assert all(row.phase is Phase.DONE and row.attempts == 0 for row in rows)
    await bot.kill()


@virtual
async def test_several_backends_are_drained_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each may use all of its time, and the whole close has eight seconds."""
    bot = InMemoryBot()

    class Slow:
        async def drain(self, seconds: float) -> int:
            await asyncio.sleep(seconds)
            return 0

    slow = SimpleNamespace(queues={"image": Slow()})
    monkeypatch.setattr(bot.pipeline, "dispatchers", {"one": slow, "two": slow})
    began = ticks()
    await bot.pipeline.drain(4.0)
    assert ticks() - began <= 4.1
