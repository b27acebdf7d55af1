"""After a start every open row goes on where it stood; only what nobody needs is let go."""

import asyncio
from typing import Any

import pytest

from bot.aio.clock import ticks
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Source
from bot.domain.results import ImageGeneration, Phase, Status
from bot.errors import Undeliverable
from bot.pipeline.dispatch.submit_results import SENT_TWICE
from bot.pipeline.housekeeping import run_housekeeping
from bot.pipeline.recovery import NO_BACKEND
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual


@virtual
async def test_whatever_the_row_says_it_goes_on() -> None:
    house = House()
    queued, waiting, over = [await house.ask(user=n) for n in range(3)]
    job = await house.horde.submit(waiting.request, "0000000000")
    await house.store.requests.change(
        waiting.id, phase=Phase.WAITING, remote_id=job.remote_id, sent_at=house.clock()
    )
    done = Status(phase=Phase.DONE)
    await house.store.requests.change(
        over.id, remote_id="old", status=done, outcome_at=house.clock()
    )
    await asyncio.sleep(1)
    house = house.again().start()
    rows = await house.ended(queued, waiting, over)
    assert [row.phase for row in rows] == [Phase.DONE] * 3
    assert house.stage.outcomes(over.id) == [done]
    assert len(house.horde.jobs) == 2
    await house.kill()


@virtual
async def test_a_row_in_doubt_is_looked_for_first() -> None:
    house = House(key="own")
    found, lost = await house.ask(user=1), await house.ask(ImageRequest(prompt="b", n=2), user=2)
    await house.horde.submit(found.request, "own")
    await house.store.requests.change(found.id, phase=Phase.SENDING)
    await asyncio.sleep(1)
    house = house.again().start()
    assert (await house.outcome(found)).warnings == ()
    await house.ended(lost)
    await house.kill()
    anonymous = House()
    record = await anonymous.ask()
    await anonymous.store.requests.change(record.id, phase=Phase.SENDING)
    await asyncio.sleep(1)
    anonymous = anonymous.again().start()
    assert (await anonymous.outcome(record)).warnings == (SENT_TWICE,)
    await anonymous.kill()


@virtual
async def test_killed_at_any_moment_it_ends_once() -> None:
    for tenth in range(60):
        house = House(
            FakeHorde(latency=(0.15, 0.15), wait_seconds=1.0, job_seconds=(1.0, 1.0)), key="own"
        )
        house.start()
        record = await house.ask()
        await asyncio.sleep(tenth / 10)
        await house.kill()
        await asyncio.sleep(2)
        house = house.again().start()
        outcome = await house.outcome(record)
        assert outcome.phase is Phase.DONE
        assert outcome.warnings in ((), (SENT_TWICE,))  # killed before it arrived, or after
        assert len(house.horde.jobs) == 1
        await house.kill()


# Rows whose command may never have been answered


@virtual
async def test_what_discord_never_heard_of_is_cancelled_unsent() -> None:
    house = House()
    record = await house.write()
    house.stage.never_answered.add(record.id)
    await asyncio.sleep(1)
    house = house.again().start()
    (row,) = await house.ended(record)
    assert row.phase is Phase.CANCELLED
    assert house.horde.jobs == {}
    assert house.stage.told == []  # Discord did
    await house.kill()


@virtual
async def test_what_discord_did_take_goes_on() -> None:
    house = House()
    record = await house.write()
    house.stage.unknown.extend([Undeliverable("away")] * 8)
    await asyncio.sleep(1)
    house = house.again().start()
    assert (await house.outcome(record)).phase is Phase.DONE
    assert (await house.row(record)).messages[0].message_id == 1_000 + record.id
    await house.kill()


@virtual
async def test_after_twenty_five_minutes_nobody_can_know_and_the_person_is_told() -> None:
    house = House()
    record = await house.write()
    house.stage.never_answered.add(record.id)
    await asyncio.sleep(25 * 60)
    house = house.again().start()
    await house.ended(record)
    ((told, words),) = house.stage.told
    assert told == record.id
    assert "never sent" in words
    assert house.horde.jobs == {}
    await house.kill()


@virtual
async def test_what_comes_in_after_the_start_is_none_of_its_business() -> None:
    house = House()
    house.disk.failing = 5  # it cannot read the rows at once
    house.start()
    await asyncio.sleep(0.1)
    house.disk.failing = 0
    record = await house.write()
    house.disk.failing = 3
    house.stage.never_answered.add(record.id)  # its answer is on its way
    await asyncio.sleep(30)
    assert (await house.row(record)).phase is Phase.QUEUED
    await house.service.acked(record, 5)
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_clock_that_was_put_back_meanwhile_changes_nothing() -> None:
    house = House()
    record = await house.ask()
    house.disk.raw.execute("UPDATE requests SET created_at = created_at + 86400")
    house = house.again().start()
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_what_this_version_cannot_read_stops_nobody_else(
    caplog: pytest.LogCaptureFixture,
) -> None:
    house = House()
    strange, record = await house.ask(user=1), await house.ask(user=2)
    later = """UPDATE requests SET request = '{"kind": "film", "prompt": "secret"}' WHERE id = ?"""
    house.disk.raw.execute(later, (strange.id,))
    house = house.again().start()
    assert (await house.outcome(record)).phase is Phase.DONE
    assert f"#{strange.id} cannot be read" in caplog.text
    assert "secret" not in caplog.text
    await house.kill()


@virtual
async def test_one_that_discord_cannot_answer_for_holds_up_no_other() -> None:
    house = House()
    unknown, known = await house.write(user=1), await house.ask(user=2)
    house.stage.unknown.extend([Undeliverable("away")] * 1000)
    await asyncio.sleep(1)
    house = house.again().start()
    assert (await house.outcome(known)).phase is Phase.DONE
    assert (await house.row(unknown)).phase is Phase.QUEUED
    await house.kill()


# Other trouble


@virtual
async def test_a_backend_that_is_no_longer_set_up() -> None:
    house = House()
    record = await house.ask()
    house.disk.raw.execute("UPDATE requests SET backend = 'elsewhere'")
    await asyncio.sleep(1)
    house = house.again().start()
    outcome = await house.outcome(record)
    assert (outcome.phase, outcome.detail) == (Phase.EXPIRED, NO_BACKEND)
    await house.kill()


@virtual
async def test_it_can_be_cancelled_without_its_backend_too() -> None:
    house = House()
    record = await house.ask()
    house.disk.raw.execute("UPDATE requests SET backend = 'elsewhere'")
    assert (await house.service.cancel(record.id, 7)).cancel_at is not None
    (still_open,) = await house.service.open_of(7)
    assert still_open.status is None


@virtual
async def test_a_busy_database_at_the_start_is_waited_for() -> None:
    house = House()
    record = await house.ask()
    await asyncio.sleep(1)
    house = house.again()
    house.disk.failing = 30
    house.start()
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_hundred_open_ones_are_looked_at_in_turn() -> None:
    house = House(FakeHorde(job_seconds=(200.0, 200.0))).start()
    records = [await house.ask(user=n) for n in range(100)]
    for record in records:
        await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    await house.kill()
    house = house.again().start()
    began = ticks()
    await asyncio.sleep(1.0)
    assert 30 <= sum(at > began for name, at in house.horde.calls if name == "status") <= 60
    rows = await house.ended(*records)
    assert all(len(house.stage.outcomes(row.id)) == 1 for row in rows)
    assert len(house.horde.jobs) == 100
    await house.kill()


# House-keeping


@virtual
async def test_bytes_that_somebody_still_needs_are_kept() -> None:
    house = House()
    upload = AlchemyRequest(
        source=Source(url="https://cdn/x.png", file="3-source"), forms=("caption",)
    )
    result = Source(url="", file="77-g.webp")  # of somebody else; it is copied when this is sent
    mask = Source(url="https://cdn/y.png", file="5-mask")
    await house.ask(ImageRequest(prompt="x", source=result, mask=mask, mode="inpainting"), user=5)
    open_, held, alchemy, closed = (
        await house.ask(user=1),
        await house.ask(user=2),
        await house.ask(upload, user=3),
        await house.ask(user=4),
    )
    for record, phase in ((open_, Phase.PROCESSING), (held, Phase.HELD), (closed, Phase.DONE)):
        status = Status(
            phase=Phase.DONE, generations=(ImageGeneration(id="g", file=f"{record.id}-g.webp"),)
        )
        await house.store.requests.change(record.id, phase=phase, status=status)
    own = upload.model_copy(update={"source": Source(url="", file="6-source")})
    saved = await house.ask(own, user=6)
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="6-g.webp"),))
    await house.store.requests.change(saved.id, phase=Phase.DONE, status=done, closed_at=1.0)
    assert await house.store.history.add_favourite(saved, 2.0, 5)
    task = asyncio.create_task(run_housekeeping(house.store, house.shelf, keep_days=90))
    await asyncio.sleep(1)
    started = {"3-source", "77-g.webp", "5-mask"}
    assert house.shelf.kept == {f"{open_.id}-g.webp"} | started
    assert house.shelf.dear == {"6-source", "6-g.webp", f"{held.id}-g.webp"}
    assert alchemy.request.count == 1
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_what_people_saved_is_read_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    house, pages = House(), list[int]()
    done = Status(phase=Phase.DONE, generations=(ImageGeneration(id="g", file="x-g.webp"),))
    for n in range(5):
        record = await house.ask(user=n)
        file = ImageGeneration(id="g", file=f"{record.id}-g.webp")
        status = done.model_copy(update={"generations": (file,)})
        await house.store.requests.change(record.id, phase=Phase.DONE, status=status, closed_at=1.0)
        assert await house.store.history.add_favourite(record, 2.0, 5)
    favourites = house.store.history.favourites

    async def two(after: int) -> list[Record]:
        page = await favourites(after, 2)
        pages.append(len(page))
        return page

    monkeypatch.setattr(house.store.history, "favourites", two)
    task = asyncio.create_task(run_housekeeping(house.store, house.shelf, keep_days=90))
    await asyncio.sleep(1)
    assert house.shelf.dear == {f"{n}-g.webp" for n in range(1, 6)}
    assert pages == [2, 2, 1, 0]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_a_busy_database_does_not_end_the_house_keeping(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house = House()
    sweeps = 0

    async def sweep(keep: Any, last: Any) -> int:
        nonlocal sweeps
        sweeps += 1
        return 1

    monkeypatch.setattr(house.shelf, "sweep", sweep)
    house.disk.failing = 1
    task = asyncio.create_task(run_housekeeping(house.store, house.shelf, keep_days=90))
    await asyncio.sleep(2 * 3600 + 1)
    assert "clean-up failed" in caplog.text
    assert sweeps == 2
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@virtual
async def test_a_result_without_room_does_not_wait_for_the_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house, sweeps = House(), list[float]()

    async def sweep(keep: Any, last: Any) -> int:
        assert keep == last == set()
        house.shelf.crowded.clear()
        sweeps.append(ticks())
        return 0

    monkeypatch.setattr(house.shelf, "sweep", sweep)
    began = ticks()
    task = asyncio.create_task(run_housekeeping(house.store, house.shelf, keep_days=90))
    await asyncio.sleep(100)
    for _ in range(600):  # nothing helps: it is tried now and then, and no more
        house.shelf.crowded.set()
        await asyncio.sleep(0.1)
    assert [round(at - began) for at in sweeps][:5] == [0, 100, 115, 130, 145]
    assert len(sweeps) <= 6
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
