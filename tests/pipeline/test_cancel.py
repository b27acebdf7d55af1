"""Cancelled at any moment: it ends cancelled, once, and nothing goes on at the Horde."""

import asyncio

import pytest

from bot.domain.requests import AlchemyRequest, Source
from bot.domain.results import Phase
from bot.errors import BackendDown, RateLimited
from bot.pipeline.dispatch.rate_gate import RateGate
from bot.pipeline.dispatch.submit_result import SubmitResult
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.jobs import dropped, lost
from tests.support.virtual_clock import virtual


@virtual
async def test_cancelled_while_it_waits_with_us() -> None:
    bot = InMemoryBot().start()
    bot.horde.outage = True
    record = await bot.ask()
    await asyncio.sleep(5)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record, within=2)).phase is Phase.CANCELLED
    assert bot.horde.jobs == {}
    await bot.kill()


@virtual
async def test_cancelled_before_the_card_was_up() -> None:
    bot = InMemoryBot().start()
    record = await bot.write()
    await bot.service.cancel(record.id, 7)
    await bot.service.acked(record, 1)
    assert (await bot.outcome(record)).phase is Phase.CANCELLED
    assert bot.horde.jobs == {}
    await bot.kill()


@pytest.mark.parametrize("after", [0.0, 0.001, 0.1, 0.3, 0.55, 0.9])
@pytest.mark.parametrize(
    "fault", [None, RateLimited("slow down"), BackendDown("500", status=500), lost(), dropped()]
)
@virtual
async def test_cancelled_while_it_is_being_sent(after: float, fault: BackendDown | None) -> None:
    bot = InMemoryBot(FakeHorde(latency=(0.25, 0.25)), key="own").start()
    if fault is not None:
        bot.horde.fail("submit", fault)
    record = await bot.ask()
    await asyncio.sleep(after)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record, within=60)).phase is Phase.CANCELLED
    assert all(job.cancelled for job in bot.horde.jobs.values())
    await bot.kill()


@pytest.mark.parametrize("fault", [None, RateLimited("slow down", retry_after=600.0)])
@virtual
async def test_cancelled_in_the_last_moment_of_a_turn(
    fault: RateLimited | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the sender read the row for the last time, before the queue heard what came of it."""
    bot = InMemoryBot().start()
    if fault is not None:
        bot.horde.fail("submit", fault)
    record, send = await bot.ask(), bot.submitter.submit

    async def sent(record_id: int, gate: RateGate) -> SubmitResult:
        result = await send(record_id, gate)
        if (await bot.row(record)).cancel_at is None:
            await bot.service.cancel(record_id, 7)
        return result

    monkeypatch.setattr(bot.submitter, "submit", sent)
    assert (await bot.outcome(record, within=1)).phase is Phase.CANCELLED
    assert all(job.cancelled for job in bot.horde.jobs.values())
    await bot.kill()


@virtual
async def test_cancelled_while_its_upload_is_fetched() -> None:
    bot = InMemoryBot().start()
    bot.uploads.seconds = 20.0
    record = await bot.ask(AlchemyRequest(source=Source(url="https://x"), forms=("caption",)))
    await asyncio.sleep(5)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record, within=30)).phase is Phase.CANCELLED
    assert bot.horde.jobs == {}
    await bot.kill()


@virtual
async def test_cancelled_when_it_was_ready_but_nothing_may_leave() -> None:
    """What fetched its upload finds the limiter asking for ten minutes: it waits in the queue."""
    bot = InMemoryBot().start()
    bot.uploads.seconds = 5.0
    caption = AlchemyRequest(source=Source(url="https://x"), forms=("caption",))
    record = await bot.ask(caption, user=1)
    await asyncio.sleep(1)
    bot.uploads.seconds = 0.0
    bot.horde.fail("submit", RateLimited("90 per 1 minute", retry_after=600.0))
    other = await bot.ask(caption, user=2)
    await asyncio.sleep(9)
    assert bot.position(record)[0] > 0
    await bot.service.cancel(record.id, 1)
    assert (await bot.outcome(record, within=1)).phase is Phase.CANCELLED
    assert (await bot.row(other)).phase is Phase.QUEUED
    await bot.kill()


@virtual
async def test_cancelled_between_the_receipt_and_the_first_look() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record, within=1)).phase is Phase.CANCELLED
    assert bot.horde.jobs["job-1"].cancelled
    await bot.kill()
