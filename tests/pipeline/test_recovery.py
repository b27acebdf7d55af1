"""After a start every open row continues where it stopped; only unneeded rows are deleted."""

import asyncio
import time
from typing import Any

import pytest

from bot.aio.clock import ticks
from bot.domain.generations import ImageGeneration
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Source
from bot.domain.results import Phase, Status
from bot.errors import Undeliverable
from bot.pipeline.dispatch.submit_results import MAY_RUN_TWICE, SENT_TWICE
from bot.pipeline.housekeeping import CLEANED, run_housekeeping
from bot.pipeline.recovery import NO_BACKEND
from tests.support.backend_messages import said
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.fakes.keyed_backend import FakeKeyed
from tests.support.virtual_clock import virtual


@virtual
async def test_whatever_the_row_says_it_goes_on() -> None:
    bot = InMemoryBot()
    queued, waiting, over = [await bot.ask(user=n) for n in range(3)]
    job = await bot.horde.submit(waiting.request, "0000000000")
    await bot.store.requests.change(
        waiting.id, phase=Phase.WAITING, remote_id=job.remote_id, sent_at=bot.clock()
    )
    done = Status(phase=Phase.DONE)
    await bot.store.requests.change(over.id, remote_id="old", status=done, outcome_at=bot.clock())
    await asyncio.sleep(1)
    bot = bot.again().start()
    rows = await bot.ended(queued, waiting, over)
    assert [row.phase for row in rows] == [Phase.DONE] * 3
    assert bot.presenter.outcomes(over.id) == [done]
    assert len(bot.horde.jobs) == 2
    await bot.kill()


@virtual
async def test_a_row_in_doubt_is_looked_for_first() -> None:
    bot = InMemoryBot(key="own")
    found, lost = await bot.ask(user=1), await bot.ask(ImageRequest(prompt="b", n=2), user=2)
    await bot.horde.submit(found.request, "own")
    await bot.store.requests.change(found.id, phase=Phase.SENDING)
    await asyncio.sleep(1)
    bot = bot.again().start()
    assert (await bot.outcome(found)).warnings == ()
    await bot.ended(lost)
    await bot.kill()
    anonymous = InMemoryBot()
    record = await anonymous.ask()
    await anonymous.store.requests.change(record.id, phase=Phase.SENDING)
    await asyncio.sleep(1)
    anonymous = anonymous.again().start()
    assert (await anonymous.outcome(record)).warnings == (said(MAY_RUN_TWICE),)
    await anonymous.kill()


@virtual
async def test_killed_at_any_moment_it_ends_once() -> None:
    for tenth in range(60):
        bot = InMemoryBot(
            FakeHorde(latency=(0.15, 0.15), wait_seconds=1.0, job_seconds=(1.0, 1.0)), key="own"
        )
        bot.start()
        record = await bot.ask()
        await asyncio.sleep(tenth / 10)
        await bot.kill()
        await asyncio.sleep(2)
        bot = bot.again().start()
        outcome = await bot.outcome(record)
        assert outcome.phase is Phase.DONE
        assert outcome.warnings in (
            (),
            (said(SENT_TWICE),),
        )  # killed before it arrived, or after
        assert len(bot.horde.jobs) == 1
        await bot.kill()


# Rows whose command may never have been answered


@virtual
async def test_what_discord_never_heard_of_is_cancelled_unsent() -> None:
    bot = InMemoryBot()
    record = await bot.write()
    bot.presenter.never_answered.add(record.id)
    await asyncio.sleep(1)
    bot = bot.again().start()
    (row,) = await bot.ended(record)
    assert row.phase is Phase.CANCELLED
    assert bot.horde.jobs == {}
    assert bot.presenter.told == []  # Discord did
    await bot.kill()


@virtual
async def test_what_discord_did_take_goes_on() -> None:
    bot = InMemoryBot()
    record = await bot.write()
    bot.presenter.unknown.extend([Undeliverable("away")] * 8)
    await asyncio.sleep(1)
    bot = bot.again().start()
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert (await bot.row(record)).messages[0].message_id == 1_000 + record.id
    await bot.kill()


@virtual
async def test_after_twenty_five_minutes_nobody_can_know_and_the_person_is_told() -> None:
    bot = InMemoryBot()
    record = await bot.write()
    bot.presenter.never_answered.add(record.id)
    await asyncio.sleep(25 * 60)
    bot = bot.again().start()
    await bot.ended(record)
    ((told, words),) = bot.presenter.told
    assert told == record.id
    assert "stopped before it sent" in words
    assert bot.horde.jobs == {}
    await bot.kill()


@virtual
async def test_what_comes_in_after_the_start_is_none_of_its_business() -> None:
    bot = InMemoryBot()
    bot.disk.failing = 5  # it cannot read the rows at once
    bot.start()
    await asyncio.sleep(0.1)
    bot.disk.failing = 0
    record = await bot.write()
    bot.disk.failing = 3
    bot.presenter.never_answered.add(record.id)  # its answer is on its way
    await asyncio.sleep(30)
    assert (await bot.row(record)).phase is Phase.QUEUED
    await bot.service.acked(record, 5)
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_clock_that_was_put_back_meanwhile_changes_nothing() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    bot.disk.raw.execute("UPDATE requests SET created_at = created_at + 86400")
    bot = bot.again().start()
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_what_this_version_cannot_read_stops_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = InMemoryBot()
    strange, record = await bot.ask(user=1), await bot.ask(user=2)
    later = """UPDATE requests SET request = '{"kind": "film", "prompt": "secret"}' WHERE id = ?"""
    bot.disk.raw.execute(later, (strange.id,))
    bot = bot.again().start()
    assert (await bot.outcome(record)).phase is Phase.DONE
    assert f"#{strange.id} cannot be read" in caplog.text
    assert "secret" not in caplog.text
    await bot.kill()


@virtual
async def test_one_that_discord_cannot_answer_for_holds_up_no_other() -> None:
    bot = InMemoryBot()
    unknown, known = await bot.write(user=1), await bot.ask(user=2)
    bot.presenter.unknown.extend([Undeliverable("away")] * 1000)
    await asyncio.sleep(1)
    bot = bot.again().start()
    assert (await bot.outcome(known)).phase is Phase.DONE
    assert (await bot.row(unknown)).phase is Phase.QUEUED
    await bot.kill()


# Other trouble


@virtual
async def test_a_backend_that_is_no_longer_set_up() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    bot.disk.raw.execute("UPDATE requests SET backend = 'elsewhere'")
    await asyncio.sleep(1)
    bot = bot.again().start()
    outcome = await bot.outcome(record)
    assert (outcome.phase, outcome.detail) == (Phase.EXPIRED, NO_BACKEND)
    await bot.kill()


@virtual
async def test_it_can_be_cancelled_without_its_backend_too() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    bot.disk.raw.execute("UPDATE requests SET backend = 'elsewhere'")
    assert (await bot.service.cancel(record.id, 7)).cancel_at is not None
    (still_open,) = await bot.history.open_of(7)
    assert still_open.status is None


@virtual
async def test_a_busy_database_at_the_start_is_waited_for() -> None:
    bot = InMemoryBot()
    record = await bot.ask()
    await asyncio.sleep(1)
    bot = bot.again()
    bot.disk.failing = 30
    bot.start()
    assert (await bot.outcome(record)).phase is Phase.DONE
    await bot.kill()


@virtual
async def test_a_hundred_open_ones_are_looked_at_in_turn() -> None:
    bot = InMemoryBot(FakeHorde(job_seconds=(200.0, 200.0))).start()
    records = [await bot.ask(user=n) for n in range(100)]
    for record in records:
        await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.kill()
    bot = bot.again().start()
    began = ticks()
    await asyncio.sleep(1.0)
    assert 30 <= sum(at > began for name, at in bot.horde.calls if name == "status") <= 60
    rows = await bot.ended(*records)
    assert all(len(bot.presenter.outcomes(row.id)) == 1 for row in rows)
    assert len(bot.horde.jobs) == 100
    await bot.kill()


# Housekeeping


@virtual
async def test_bytes_that_somebody_still_needs_are_kept() -> None:
    bot = InMemoryBot()
    upload = AlchemyRequest(
        source=Source(url="https://cdn/x.png", file="3-source"), forms=("caption",)
    )
    result = Source(url="", file="77-g.webp")  # of another user; it is copied at the submit
    mask = Source(url="https://cdn/y.png", file="5-mask")
    await bot.ask(ImageRequest(prompt="x", source=result, mask=mask, mode="inpainting"), user=5)
    open_, held, alchemy, closed = (
        await bot.ask(user=1),
        await bot.ask(user=2),
        await bot.ask(upload, user=3),
        await bot.ask(user=4),
    )
    for record, phase in ((open_, Phase.PROCESSING), (held, Phase.HELD), (closed, Phase.DONE)):
        status = Status(
            phase=Phase.DONE, generations=(ImageGeneration(id="g", file=f"{record.id}-g.webp"),)
        )
        await bot.store.requests.change(record.id, phase=phase, status=status)
    own = upload.model_copy(update={"source": Source(url="", file="6-source")})
    saved = await bot.ask(own, user=6)
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="6-g.webp"),))
    await bot.store.requests.change(saved.id, phase=Phase.DONE, status=done, closed_at=1.0)
    assert await bot.store.history.add_favourite(saved, 2.0, 5)
    task = asyncio.create_task(run_housekeeping(bot.store, bot.spool, keep_days=90))
    await asyncio.sleep(1)
    started = {"3-source", "77-g.webp", "5-mask"}
    assert bot.spool.kept == {f"{open_.id}-g.webp"} | started
    assert bot.spool.dear == {"6-source", "6-g.webp", f"{held.id}-g.webp"}
    assert alchemy.request.count == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_what_people_saved_is_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    bot, pages = InMemoryBot(), list[int]()
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="x-g.webp"),))
    for n in range(5):
        record = await bot.ask(user=n)
        file = ImageGeneration(id="g", file=f"{record.id}-g.webp")
        status = done.model_copy(update={"generations": (file,)})
        await bot.store.requests.change(record.id, phase=Phase.DONE, status=status, closed_at=1.0)
        assert await bot.store.history.add_favourite(record, 2.0, 5)
    favourites = bot.store.history.favourites

    async def two(after: int) -> list[Record]:
        page = await favourites(after, 2)
        pages.append(len(page))
        return page

    monkeypatch.setattr(bot.store.history, "favourites", two)
    task = asyncio.create_task(run_housekeeping(bot.store, bot.spool, keep_days=90))
    await asyncio.sleep(1)
    assert bot.spool.dear == {f"{n}-g.webp" for n in range(1, 6)}
    assert pages == [2, 2, 1, 0]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_a_busy_database_does_not_end_the_house_keeping(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot = InMemoryBot()
    sweeps = 0

    async def sweep(keep: Any, last: Any) -> int:
        nonlocal sweeps
        sweeps += 1
        return 1

    monkeypatch.setattr(bot.spool, "sweep", sweep)
    bot.disk.failing = 1
    task = asyncio.create_task(run_housekeeping(bot.store, bot.spool, keep_days=90))
    await asyncio.sleep(2 * 3600 + 1)
    assert "clean-up failed" in caplog.text
    assert sweeps == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_a_result_without_room_does_not_wait_for_the_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot, sweeps = InMemoryBot(), list[float]()

    async def sweep(keep: Any, last: Any) -> int:
        assert keep == last == set()
        bot.spool.crowded.clear()
        sweeps.append(ticks())
        return 0

    monkeypatch.setattr(bot.spool, "sweep", sweep)
    began = ticks()
    task = asyncio.create_task(run_housekeeping(bot.store, bot.spool, keep_days=90))
    await asyncio.sleep(100)
    for _ in range(600):  # nothing helps: it is tried now and then, and no more
        bot.spool.crowded.set()
        await asyncio.sleep(0.1)
    assert [round(at - began) for at in sweeps][:5] == [0, 100, 115, 130, 145]
    assert len(sweeps) <= 6
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_clock_that_jumped_ahead_erases_nothing_in_the_first_day(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bot, sweeps = InMemoryBot(), list[float]()

    async def sweep(keep: Any, last: Any) -> int:
        sweeps.append(ticks())
        return 0

    monkeypatch.setattr(bot.spool, "sweep", sweep)
    two_years_ago = time.time() - 2 * 365 * 86_400
    await bot.store.notes.write(CLEANED, str(int(two_years_ago)))
    began = ticks()
    task = asyncio.create_task(run_housekeeping(bot.store, bot.spool, keep_days=90))
    await asyncio.sleep(23 * 3600)
    assert not sweeps
    assert "by the clock" in caplog.text
    await asyncio.sleep(3 * 3600)
    assert sweeps[0] - began >= 86_400
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_a_backend_that_needs_the_key_for_polls_gets_it_back() -> None:
    backend = FakeKeyed(job_seconds=(60.0, 60.0))
    bot = InMemoryBot(backend, key="own").start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.PROCESSING, record)
    await bot.kill()
    backend.known.clear()
    later = bot.again().start()
    assert (await later.outcome(record)).phase is Phase.DONE
    assert set(backend.known.values()) == {"own"}
    (request,) = backend.resumed
    assert isinstance(request, ImageRequest)
    assert request.seed  # the one that was sent
    assert len(backend.jobs) == 1
    await later.kill()


@virtual
async def test_a_request_that_may_be_charged_is_not_sent_again_when_it_is_gone() -> None:
    backend = FakeKeyed(wait_seconds=60.0)
    bot = InMemoryBot(backend, key="own").start()
    record = await bot.ask()
    await bot.until(lambda row: row.phase is Phase.WAITING, record)
    backend.known.clear()
    assert (await bot.outcome(record)).phase is Phase.EXPIRED
    assert len(backend.jobs) == 1
    await bot.kill()
