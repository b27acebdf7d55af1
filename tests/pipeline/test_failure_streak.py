"""The heartbeat answers, but submits fail: of one requester, or of all."""

import asyncio

import pytest

from bot.aio.clock import ticks
from bot.domain.requests import ImageRequest, Source
from bot.domain.results import Phase
from bot.errors import BackendDown, BadOption, RequestRejected
from bot.pipeline.dispatch.failure_streak import PAUSE_FIRST, PAUSE_MAX, RECENT, FailureStreak
from bot.pipeline.dispatch.submit_results import REFUSED, UNREACHED
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

OWN = BackendDown("an error of its own", status=500)
PAGE_INSTEAD = BackendDown("a page instead of data", status=503)
UPLOAD = ImageRequest(prompt="a fox", source=Source(url="https://cdn/x.png"))


def test_one_person_is_no_streak_and_two_are() -> None:
    streak = FailureStreak()
    assert [streak.failed(1, now) for now in (0.0, 1.0, 2.0)] == [0.0] * 3
    assert streak.failed(2, 3.0) == PAUSE_FIRST
    pauses = [streak.failed(1, 4.0 + n) for n in range(9)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == PAUSE_MAX
    streak.over()
    assert streak.failed(2, 20.0) == 0.0


def test_what_failed_long_ago_does_not_count() -> None:
    streak = FailureStreak()
    streak.failed(1, 0.0)
    assert streak.failed(2, RECENT + 1) == 0.0


@pytest.mark.parametrize("error", [OWN, PAGE_INSTEAD], ids=["500", "503"])
@virtual
async def test_when_all_submits_fail_for_ten_minutes_nobody_is_refused(error: BackendDown) -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    bot.horde.fail("submit", *[error] * 10_000)
    records = [await bot.ask(user=n) for n in range(6)]
    await asyncio.sleep(600)
    assert bot.horde.count("submit") <= 25  # it is asked now and then whether it still fails
    tried = [await bot.row(record) for record in records]
    assert all(row.phase is Phase.QUEUED and row.attempts <= 4 for row in tried)
    place, wait = bot.position(records[-1])
    assert place
    assert wait >= 3  # no promise that it leaves right now
    bot.horde.faults["submit"].clear()
    began = ticks()
    rows = await bot.ended(*records, within=120)
    assert all(row.phase is Phase.DONE for row in rows)
    assert max(job.created_at for job in bot.horde.jobs.values()) - began <= PAUSE_MAX + 10
    await bot.kill()


@virtual
async def test_while_answers_are_slow_to_fail_one_at_a_time_is_sent() -> None:
    bot = InMemoryBot(FakeHorde(latency=(7.0, 7.0), limited=True)).start()
    bot.horde.fail("submit", *[PAGE_INSTEAD] * 10_000)
    for n in range(40):
        await bot.ask(user=n)
    await asyncio.sleep(120)
    before = bot.horde.count("submit")
    await asyncio.sleep(300)
    assert 2 <= bot.horde.count("submit") - before <= 5
    await bot.kill()


@virtual
async def test_a_proxys_error_is_not_the_fault_of_the_only_one_who_asks() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", *[PAGE_INSTEAD] * 8)
    assert (await bot.outcome(await bot.ask())).phase is Phase.DONE
    bot.horde.fail("submit", *[PAGE_INSTEAD] * 100)
    began = ticks()
    outcome = await bot.outcome(await bot.ask())
    assert (outcome.phase, outcome.detail) == (Phase.REJECTED, said(UNREACHED))
    assert ticks() - began >= 300
    await bot.kill()


@virtual
async def test_one_persons_bad_requests_are_refused_and_hold_up_nobody() -> None:
    horde = FakeHorde(limited=True)
    bot, submit = InMemoryBot(horde).start(), horde.submit

    async def submitted(request: ImageRequest, *args: object, **more: object) -> object:
        if request.prompt == "bad":
            horde.calls.append(("submit", ticks()))
            raise OWN
        return await submit(request, *args, **more)  # type: ignore[arg-type]

    horde.submit = submitted  # type: ignore[assignment,method-assign]
    bad = [await bot.ask(ImageRequest(prompt="bad"), user=1) for _ in range(5)]
    for row in await bot.ended(*bad, within=60):
        assert row.status is not None
        assert (row.phase, row.status.detail) == (
            Phase.REJECTED,
            said(REFUSED),
        )
    began = ticks()
    assert (await bot.outcome(await bot.ask(user=2))).phase is Phase.DONE
    assert ticks() - began <= 15
    await bot.kill()


@virtual
async def test_a_refusal_with_a_reason_shows_that_submits_get_through() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", OWN, RequestRejected("no such model"), OWN)
    records = [await bot.ask(user=n) for n in (1, 2, 3)]
    rows = await bot.ended(*records)
    assert [row.phase for row in rows] == [Phase.DONE, Phase.REJECTED, Phase.DONE]
    submits = [at for name, at in bot.horde.calls if name == "submit"]
    assert len(submits) == 5
    assert submits[-1] - submits[0] < PAUSE_FIRST  # no request waited for the others
    await bot.kill()


@virtual
async def test_what_is_refused_before_it_leaves_says_nothing_about_submits() -> None:
    bot = InMemoryBot().start()
    bot.horde.fail("submit", *[OWN] * 10_000)
    waiting = [await bot.ask(user=1), await bot.ask(user=2)]
    for _ in range(10):
        bot.uploads.errors.append(BadOption("That picture is not on Discord any more."))
        gone = await bot.ask(UPLOAD, user=3)
        assert (await bot.outcome(gone, within=120)).phase is Phase.REJECTED
    rows = [await bot.row(record) for record in waiting]
    assert all(row.phase is Phase.QUEUED for row in rows)
    await bot.kill()
