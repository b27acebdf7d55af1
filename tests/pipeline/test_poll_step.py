"""Single steps of an open request: polls, cards, and the end."""

import asyncio

import pytest

from bot.aio.clock import ticks
from bot.backends.values import Limits, for_all_kinds
from bot.domain.requests import ImageRequest, TextRequest
from bot.domain.results import Phase, Status
from bot.errors import BackendError, BadReply
from bot.pipeline.tracking.endings import (
    DROPPED_SENT_AGAIN,
    EXPIRED,
    GONE_LATE,
    SENT_AGAIN,
    STOPPED_LATE,
)
from bot.pipeline.tracking.poll_step import STEPS_AT_ONCE
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.builders import FOUR_FOXES, FOX_BY_DELIBERATE
from tests.support.fakes.backend import BACKEND_DOWN, FakeHorde
from tests.support.fakes.jobs import Job
from tests.support.virtual_clock import virtual


def full_polls(bot: InMemoryBot) -> list[float]:
    """When the pictures themselves were asked for."""
    return [at for name, at in bot.horde.calls if name == "full"]


@virtual
async def test_pictures_are_shown_as_they_arrive() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask(FOUR_FOXES)
    await bot.until(lambda row: row.remote_id is not None, record)
    (job,) = bot.horde.jobs.values()
    job.done_at = [ticks() + n for n in (15.0, 30.0, 45.0, 60.0)]
    outcome = await bot.outcome(record)
    assert outcome.arrived == 4
    seen = [status.arrived for status in bot.presenter.of(record.id)]
    assert {1, 2, 3, 4} <= set(seen)
    assert bot.horde.count("fetch") == 4
    assert sorted(bot.spool.files) == sorted(p.file for p in outcome.pictures)
    await bot.kill()


@virtual
async def test_pictures_are_asked_for_ten_times_a_minute_at_most() -> None:
    horde = FakeHorde(job_seconds=(1.0, 55.0))
    bot = InMemoryBot(horde).start()
    record = await bot.ask(ImageRequest(prompt="many", n=20))
    assert (await bot.outcome(record)).arrived == 20
    times = full_polls(bot)
    assert max(sum(at <= t < at + 60 for t in times) for at in times) <= 8  # two are for the end
    await bot.kill()


@virtual
async def test_a_text_comes_as_it_is() -> None:
    bot = InMemoryBot().start()
    outcome = await bot.outcome(await bot.ask(TextRequest(prompt="once upon", n=2)))
    assert [text.text for text in outcome.texts] == ["text 0", "text 1"]
    assert full_polls(bot) == []
    await bot.kill()


# How often


@virtual
async def test_poll_estimate_much_too_long_result_seen_within_three_seconds() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=4.0, job_seconds=(3.0, 5.0))).start()
    bot.horde.answers["a fox"] = lambda _job, status: status.model_copy(
        update={"wait_time": 90 if status.phase.is_open else 0}
    )
    for _ in range(20):
        record = await bot.ask(FOX_BY_DELIBERATE)
        await bot.until(lambda row: row.remote_id is not None, record)
        job = [*bot.horde.jobs.values()][-1]
        await bot.outcome(record)
        assert ticks() - job.done_at[-1] <= 3.1
    await bot.kill()


@virtual
async def test_poll_worker_never_returns_polls_slow_down() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(540.0, 540.0))).start()
    bot.horde.answers["a fox"] = lambda _job, status: status.model_copy(update={"wait_time": 0})
    await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))
    assert bot.horde.count("status") + bot.horde.count("full") <= 200
    await bot.kill()


# Rings


@virtual
async def test_a_ring_brings_the_picture_at_once() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=1.0, job_seconds=(100.0, 100.0))).start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    (job,) = bot.horde.jobs.values()
    await asyncio.sleep(20)
    job.done_at = [ticks()]
    bot.poller.webhook_received(record.id)
    assert (await bot.outcome(record, within=0.3)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_hundred_rings_are_one() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=1.0, job_seconds=(500.0, 500.0))).start()
    record = await bot.ask(FOUR_FOXES)
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await asyncio.sleep(10)
    for _ in range(100):
        bot.poller.webhook_received(record.id)
        await asyncio.sleep(0.01)
    assert len(full_polls(bot)) <= 2
    for _ in range(200):
        bot.poller.webhook_received(record.id)
        await asyncio.sleep(0.2)
    assert len(full_polls(bot)) <= 8
    await bot.kill()


@virtual
async def test_a_ring_during_a_step_is_not_forgotten() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(100.0, 100.0), latency=(0.5, 0.5))).start()
    record = await bot.ask(FOUR_FOXES)
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    (job,) = bot.horde.jobs.values()
    before = len(full_polls(bot))
    bot.poller.webhook_received(record.id)
    await asyncio.sleep(0.2)  # the look is on its way
    job.done_at = [ticks(), *job.done_at[1:]]
    bot.poller.webhook_received(record.id)
    await asyncio.sleep(4)
    assert len(full_polls(bot)) == before + 2
    assert bot.presenter.of(record.id)[-1].arrived == 1
    await bot.kill()


# Ends


@virtual
async def test_an_end_that_may_be_none_is_looked_at_twice() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(30.0, 30.0))).start()
    began = ticks()

    def between_two_workers(_job: Job, status: Status) -> Status:
        if 10 <= ticks() - began < 12:
            return Status(phase=Phase.FAULTED, settled=False)
        return status

    bot.horde.answers["a fox"] = between_two_workers
    assert (await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))).phase is Phase.DONE
    bot.horde.answers["a fox"] = lambda _job, _status: Status(phase=Phase.FAULTED, settled=False)
    before = bot.horde.count("status")
    assert (await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))).phase is Phase.FAULTED
    assert bot.horde.count("status") == before + 2
    await bot.kill()


@virtual
async def test_what_nobody_picked_up_is_sent_again_once_and_says_so() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=2000.0)).start()
    record = await bot.ask()
    row = await bot.until(lambda row: row.remote_id == "job-1", record)
    await asyncio.sleep(300)
    bot.horde.jobs["job-1"].gone = True
    await asyncio.sleep(60)
    row = await bot.row(record)
    assert (row.remote_id, row.resends) == ("job-2", 1)
    assert row.status is not None
    assert row.status.warnings == (said(SENT_AGAIN),)
    outcome = await bot.outcome(record, within=3000)
    assert (outcome.phase, outcome.detail) == (Phase.EXPIRED, said(EXPIRED))
    await bot.kill()


@virtual
async def test_request_dropped_by_a_maintenance_is_sent_again_once() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(30.0, 30.0))).start()
    dropped = Status(phase=Phase.FAULTED, settled=False, dropped=True, detail="dropped")
    bot.horde.answers["a fox"] = lambda job, status: dropped if job.id == "job-1" else status
    record = await bot.ask(FOX_BY_DELIBERATE)
    outcome = await bot.outcome(record)
    assert outcome.phase is Phase.DONE
    assert outcome.warnings == (said(DROPPED_SENT_AGAIN),)
    bot.horde.answers["a fox"] = lambda _job, _status: dropped
    before = bot.horde.count("submit")
    outcome = await bot.outcome(await bot.ask(FOX_BY_DELIBERATE))
    assert (outcome.phase, outcome.detail) == (Phase.FAULTED, "dropped")
    assert bot.horde.count("submit") == before + 2
    await bot.kill()


@virtual
async def test_expired_request_is_neither_called_lost_nor_sent_again() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=2000.0)).start()
    record = await bot.ask()
    outcome = await bot.outcome(record, within=1_400)
    assert (outcome.phase, outcome.detail) == (Phase.EXPIRED, said(EXPIRED))
    assert said(SENT_AGAIN) not in outcome.warnings
    assert [*bot.horde.jobs] == ["job-1"]
    await bot.kill()


@virtual
async def test_what_was_begun_and_lost_is_handed_out_as_far_as_it_came() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(10.0, 400.0))).start()
    record = await bot.ask(FOUR_FOXES)
    row = await bot.until(lambda row: bool(row.status and row.status.arrived), record)
    bot.horde.jobs[row.remote_id or ""].gone = True
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.detail) == (Phase.PARTIAL, said(GONE_LATE))
    assert outcome.arrived >= 1
    assert len(bot.horde.jobs) == 1
    await bot.kill()


@virtual
async def test_one_that_is_stuck_ends_when_its_lifetime_is_over() -> None:
    bot = InMemoryBot(FakeHorde(request_lifetime=1200.0)).start()
    bot.horde.answers["a fox"] = lambda _job, _status: Status(phase=Phase.PROCESSING, processing=1)
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    (job,) = bot.horde.jobs.values()
    job.done_at = [ticks() + n for n in (1000.0, 2000.0, 3000.0)]  # the Horde does keep it
    began = ticks()
    assert (await bot.outcome(record, within=3000)).phase is Phase.EXPIRED
    assert 1200 <= ticks() - began <= 1300
    await bot.kill()


# Cancelling at the backend


@virtual
async def test_cancelled_with_something_there() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(10.0, 100.0))).start()
    record = await bot.ask(FOUR_FOXES)
    row = await bot.until(lambda row: bool(row.status and row.status.arrived), record)
    await bot.service.cancel(record.id, 7)
    outcome = await bot.outcome(record, within=3)
    assert (outcome.phase, outcome.detail) == (Phase.CANCELLED, STOPPED_LATE)
    assert outcome.arrived >= 1
    assert bot.horde.jobs[row.remote_id or ""].cancelled
    await bot.kill()


@virtual
async def test_cancelled_when_all_was_there_already() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    (job,) = bot.horde.jobs.values()
    job.done_at = [ticks()]
    await bot.service.cancel(record.id, 7)
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.arrived) == (Phase.DONE, 1)
    await bot.kill()


@pytest.mark.parametrize("error", [BACKEND_DOWN, BadReply("nonsense")])
@virtual
async def test_cancelling_ends_without_the_backends_word(error: BackendError) -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.horde.fail("cancel", *[error] * 3)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record, within=10)).phase is Phase.CANCELLED
    await bot.kill()


@virtual
async def test_cancelled_during_an_outage() -> None:
    bot = InMemoryBot().start()
    record = await bot.ask()
    await bot.until(lambda row: row.remote_id is not None, record)
    bot.horde.outage = True
    await asyncio.sleep(20)
    await bot.service.cancel(record.id, 7)
    assert (await bot.outcome(record, within=10)).phase is Phase.CANCELLED
    await bot.kill()


class StuckDownloads(FakeHorde):
    """File servers that never send the end."""

    async def fetch(self, url: str, limit: int) -> bytes:
        await asyncio.Event().wait()
        return await super().fetch(url, limit)


@virtual
async def test_slow_file_servers_do_not_hold_up_the_polls_of_others() -> None:
    bot = InMemoryBot(StuckDownloads(limits=for_all_kinds(Limits(((1000, 1.0),))))).start()
    for number in range(STEPS_AT_ONCE + 5):
        await bot.ask(ImageRequest(prompt=f"slow {number}"), user=1_000 + number)
    await asyncio.sleep(60)
    mine = await bot.ask(TextRequest(prompt="mine"))
    assert (await bot.outcome(mine, within=60)).arrived == 1
    await bot.kill()
