"""Why a request takes longer than estimated: too few workers, or a worker that is late."""

import asyncio
from collections.abc import Callable

import pytest

from bot.aio.clock import ticks
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase, Status
from bot.pipeline.tracking.capacity_warning import POLLS, CapacityWarning
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.jobs import Job
from tests.support.virtual_clock import virtual

STALLS = Status(phase=Phase.WAITING, waiting=1, might_stall=True, eligible_workers=2)
MOVES = Status(phase=Phase.WAITING, waiting=1)
RUNS = Status(phase=Phase.PROCESSING, processing=1, might_stall=True)


def after(*polls: Status) -> bool:
    warning = CapacityWarning()
    return [warning.after(each) for each in polls][-1]


@pytest.mark.parametrize(
    ("polls", "warns"),
    [
        ([STALLS] * (POLLS - 1), False),
        ([STALLS] * POLLS, True),
        ([STALLS, MOVES] * POLLS, False),  # not equal
        ([STALLS] * POLLS + [MOVES] * (POLLS - 1), True),
        ([STALLS] * POLLS + [MOVES] * POLLS, False),
        ([STALLS] * POLLS + [RUNS], False),
        ([MOVES] * 9, False),  # an older server reports nothing
        ([STALLS.model_copy(update={"is_possible": False})] * 9, False),
    ],
)
def test_capacity_warning_changes_after_several_equal_polls(
    polls: list[Status], warns: bool
) -> None:
    assert after(*polls) is warns


def stalling(until: float) -> Callable[[Job, Status], Status]:
    """The Horde reports for so long that the request might stall."""

    def bend(_job: Job, status: Status) -> Status:
        stalls = status.waiting > 0 and ticks() < until
        return status.model_copy(update={"might_stall": stalls, "eligible_workers": 2})

    return bend


@virtual
async def test_card_request_might_stall_warns_and_stops_warning() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=300.0)).start()
    bot.horde.answers["a fox"] = stalling(ticks() + 100)
    record = await bot.ask(ImageRequest(prompt="a fox"))
    await asyncio.sleep(80)
    shown = bot.presenter.of(record.id)
    assert not shown[0].few_workers
    assert shown[-1].few_workers
    await asyncio.sleep(100)
    assert not bot.presenter.of(record.id)[-1].few_workers
    await bot.kill()


@virtual
async def test_card_worker_longer_than_its_limit_says_so() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(400.0, 400.0))).start()
    small = ImageRequest(prompt="a fox", models=("Deliberate",), width=512, height=512)
    record = await bot.ask(small)
    await asyncio.sleep(140)
    assert not any(status.late for status in bot.presenter.of(record.id))
    await asyncio.sleep(60)
    assert bot.presenter.of(record.id)[-1].late
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_job_longer_than_the_lifetime_within_its_limit_is_not_given_up() -> None:
    """A worker may hold it for 4860 seconds, and the Horde keeps it for an hour."""
    bot = InMemoryBot(FakeHorde(job_seconds=(2000.0, 2000.0))).start()
    slow = ImageRequest(
        prompt="a fox", models=("Flux.1-Schnell fp8 (Compact)",), extra_slow_workers=True
    )
    record = await bot.ask(slow)
    await bot.until(lambda row: row.remote_id is not None, record)
    (job,) = bot.horde.jobs.values()
    bot.horde.kept[job.id] = 3600.0
    assert (await bot.outcome(record, within=4000)).phase is Phase.DONE
    await bot.kill()
