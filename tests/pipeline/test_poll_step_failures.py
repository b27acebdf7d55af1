"""A look that fails, an outage, a time out, a bug of our own: no request is lost by it."""

import asyncio
from collections import Counter

import pytest

from bot.aio.clock import ticks
from bot.domain.results import Phase, Status
from bot.errors import BackendDown, BackendError, BackendPaused, BadReply, RateLimited
from bot.pipeline.tracking.endings import BROKEN_HERE, NO_ANSWER
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOUR_FOXES
from tests.support.fakes.backend import BACKEND_DOWN, FakeHorde
from tests.support.fakes.jobs import Job
from tests.support.virtual_clock import virtual

# Trouble on the way


@pytest.mark.parametrize(
    "error",
    [BACKEND_DOWN, BadReply("nonsense"), RateLimited("10 per 1 minute"), BackendError("what?")],
)
@virtual
async def test_looks_that_fail_are_repeated(error: BackendError) -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("status", *[error] * 6)
    assert (await bot.outcome(await bot.ask())).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_limit_on_looks_is_obeyed() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("status", RateLimited("10 per 1 minute", retry_after=40.0))
    record = await bot.ask()
    await bot.outcome(record)
    first, second, *_ = [at for name, at in bot.horde.calls if name == "status"]
    assert second - first >= 40
    await bot.kill()


@virtual
async def test_one_answer_that_asks_for_an_hour_does_not_lose_the_result() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("status", BackendDown("503", status=503, retry_after=3600.0))
    assert (await bot.outcome(await bot.ask(), within=90)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_during_an_outage_nothing_is_asked_and_the_card_says_so() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=5.0)).start()
    records = [await bot.ask(user=n) for n in range(20)]
    for record in records:
        await bot.until(lambda row: row.remote_id is not None, record)
    bot.horde.outage = True
    await asyncio.sleep(30)
    before = Counter(name for name, _ in bot.horde.calls)
    await asyncio.sleep(570)
    after = Counter(name for name, _ in bot.horde.calls)
    assert after["status"] == before["status"]
    assert after["health"] - before["health"] <= 160  # about every five seconds
    assert all(bot.presenter.of(r.id)[-1].detail == said(NO_ANSWER) for r in records)
    bot.horde.outage = False
    began = ticks()
    rows = await bot.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert ticks() - began <= 30
    soon = [at for name, at in bot.horde.calls if began <= at and name != "health"]
    assert max(sum(at <= t < at + 1 for t in soon) for at in soon) <= 20
    await bot.kill()


@virtual
async def test_the_end_of_an_outage_is_said_too() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(200.0, 200.0))).start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    bot.horde.outage = True
    await asyncio.sleep(40)
    bot.horde.outage = False
    await asyncio.sleep(40)
    shown = [status.detail for status in bot.presenter.of(record.id)]
    assert shown[shown.index(said(NO_ANSWER)) :][:2] == [
        said(NO_ANSWER),
        "",
    ]
    await bot.kill()


@virtual
async def test_maintenance_does_not_keep_from_what_is_ready() -> None:
    bot = InMemoryBot().start()
    first = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, first)
    bot.horde.maintenance = True
    bot.horde.fail("submit", BackendDown("400", status=500))
    second = await bot.ask()
    assert (await bot.outcome(first)).phase is Phase.DONE
    assert (await bot.row(second)).phase is Phase.QUEUED
    await bot.kill()


@virtual
async def test_an_address_in_time_out_still_gets_what_is_ready() -> None:
    bot = InMemoryBot().start()
    first = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, first)
    bot.horde.fail("submit", BackendPaused("time-out", retry_after=600.0))
    second, began = await bot.ask(), ticks()
    await asyncio.sleep(1)
    assert bot.outage_monitor.down is False
    await bot.outcome(first)
    assert ticks() - began < 20
    await bot.until(lambda row: row.remote_id is not None, second)
    assert ticks() - began >= 600
    await bot.kill()


@virtual
async def test_an_outage_during_a_time_out_ends_before_it() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(100.0, 100.0))).start()
    first = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, first)
    bot.horde.fail("submit", BackendPaused("time-out", retry_after=900.0))
    await bot.ask()
    await asyncio.sleep(5)
    bot.horde.outage = True
    await asyncio.sleep(60)
    assert bot.outage_monitor.down
    bot.horde.outage, began = False, ticks()
    assert (await bot.outcome(first)).phase is Phase.DONE
    assert ticks() - began < 120
    await bot.kill()


@virtual
async def test_after_a_long_stop_one_bad_answer_ends_nothing() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(1300.0, 1300.0))).start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.kill()
    (job,) = bot.horde.jobs.values()
    job.done_at = [ticks() + 600]
    await asyncio.sleep(1500)
    bot = bot.again().start()
    bot.horde.fail("status", *[BACKEND_DOWN] * 3)
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


# Bugs of our own


@virtual
async def test_a_bug_in_a_step_is_got_over() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("status", *[KeyError("oops")] * 4)
    assert (await bot.outcome(await bot.ask())).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_bug_that_stays_ends_that_request_alone() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(5.0, 100.0))).start()

    def buggy(_job: Job, status: Status) -> Status:
        if status.finished >= 2:
            raise KeyError("oops")
        return status

    bot.horde.answers["four foxes"] = buggy
    bad, good = await bot.ask(FOUR_FOXES, user=1), await bot.ask(user=2)
    outcome = await bot.outcome(bad)
    assert (outcome.phase, outcome.detail) == (Phase.PARTIAL, BROKEN_HERE)
    assert outcome.arrived == 1
    assert (await bot.outcome(good)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_an_outcome_that_only_makes_us_stumble_is_held() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    bot.presenter.always = KeyError("oops")
    (row,) = await bot.ended(record, within=900)
    assert row.phase is Phase.HELD
    assert row.status is not None
    assert row.status.phase is Phase.DONE
    await bot.kill()
