"""One step after the other: what is looked at, believed, kept and shown, and how it ends."""

import asyncio
from collections import Counter

import pytest

from bot.errors import BackendDown, BackendError, BackendPaused, BadReply, RateLimited
from bot.gather import BROKEN, LOST
from bot.requests import ImageRequest, TextRequest
from bot.results import Phase, Status
from bot.steps import BROKEN_HERE, EXPIRED, NO_ANSWER, NO_ROOM, SENT_AGAIN, STOPPED_LATE
from bot.ticks import ticks
from tests.fake_horde import FakeHorde, Job, picture
from tests.fake_house import FOX, House
from tests.virtual import virtual

FOUR = ImageRequest(prompt="four foxes", n=4)
DOWN = BackendDown("503", status=503)


def looks(house: House) -> list[float]:
    """When the pictures themselves were asked for."""
    return [at for name, at in house.horde.calls if name == "full"]


@virtual
async def test_pictures_are_shown_as_they_arrive() -> None:
    house = House().start()
    record = await house.ask(FOUR)
    await house.until(lambda row: row.remote_id is not None, record)
    (job,) = house.horde.jobs.values()
    job.done_at = [ticks() + n for n in (15.0, 30.0, 45.0, 60.0)]
    outcome = await house.outcome(record)
    assert outcome.arrived == 4
    seen = [status.arrived for status in house.stage.of(record.id)]
    assert {1, 2, 3, 4} <= set(seen)
    assert house.horde.count("fetch") == 4
    assert sorted(house.shelf.files) == sorted(p.file for p in outcome.pictures)
    await house.kill()


@virtual
async def test_pictures_are_asked_for_ten_times_a_minute_at_most() -> None:
    horde = FakeHorde(job_seconds=(1.0, 55.0))
    house = House(horde).start()
    record = await house.ask(ImageRequest(prompt="many", n=20))
    assert (await house.outcome(record)).arrived == 20
    times = looks(house)
    assert max(sum(at <= t < at + 60 for t in times) for at in times) <= 8  # two are for the end
    await house.kill()


@virtual
async def test_a_text_comes_as_it_is() -> None:
    house = House().start()
    outcome = await house.outcome(await house.ask(TextRequest(prompt="once upon", n=2)))
    assert [text.text for text in outcome.texts] == ["text 0", "text 1"]
    assert looks(house) == []
    await house.kill()


# Rings


@virtual
async def test_a_ring_brings_the_picture_at_once() -> None:
    house = House(FakeHorde(wait_seconds=1.0, job_seconds=(100.0, 100.0))).start()
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    (job,) = house.horde.jobs.values()
    await asyncio.sleep(20)
    job.done_at = [ticks()]
    house.tracker.ring(record.id)
    assert (await house.outcome(record, within=0.3)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_hundred_rings_are_one() -> None:
    house = House(FakeHorde(wait_seconds=1.0, job_seconds=(500.0, 500.0))).start()
    record = await house.ask(FOUR)
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    await asyncio.sleep(10)
    for _ in range(100):
        house.tracker.ring(record.id)
        await asyncio.sleep(0.01)
    assert len(looks(house)) <= 2
    for _ in range(200):
        house.tracker.ring(record.id)
        await asyncio.sleep(0.2)
    assert len(looks(house)) <= 8
    await house.kill()


@virtual
async def test_a_ring_during_a_step_is_not_forgotten() -> None:
    house = House(FakeHorde(job_seconds=(100.0, 100.0), latency=(0.5, 0.5))).start()
    record = await house.ask(FOUR)
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    (job,) = house.horde.jobs.values()
    before = len(looks(house))
    house.tracker.ring(record.id)
    await asyncio.sleep(0.2)  # the look is on its way
    job.done_at = [ticks(), *job.done_at[1:]]
    house.tracker.ring(record.id)
    await asyncio.sleep(4)
    assert len(looks(house)) == before + 2
    assert house.stage.of(record.id)[-1].arrived == 1
    await house.kill()


# Ends


@virtual
async def test_an_end_that_may_be_none_is_looked_at_twice() -> None:
    house = House(FakeHorde(job_seconds=(30.0, 30.0))).start()
    began = ticks()

    def between_two_workers(_job: Job, status: Status) -> Status:
        if 10 <= ticks() - began < 12:
            return Status(phase=Phase.FAULTED, settled=False)
        return status

    house.horde.answers["a fox"] = between_two_workers
    assert (await house.outcome(await house.ask(FOX))).phase is Phase.DONE
    house.horde.answers["a fox"] = lambda _job, _status: Status(phase=Phase.FAULTED, settled=False)
    before = house.horde.count("status")
    assert (await house.outcome(await house.ask(FOX))).phase is Phase.FAULTED
    assert house.horde.count("status") == before + 2
    await house.kill()


@virtual
async def test_what_nobody_picked_up_is_sent_again_once_and_says_so() -> None:
    house = House(FakeHorde(wait_seconds=2000.0)).start()
    record = await house.ask()
    row = await house.until(lambda row: row.remote_id == "job-1", record)
    await asyncio.sleep(1210)
    row = await house.row(record)
    assert (row.remote_id, row.resends) == ("job-2", 1)
    assert row.status is not None
    assert row.status.warnings == (SENT_AGAIN,)
    outcome = await house.outcome(record, within=3000)
    assert (outcome.phase, outcome.detail) == (Phase.EXPIRED, EXPIRED)
    await house.kill()


@virtual
async def test_what_was_begun_and_lost_is_handed_out_as_far_as_it_came() -> None:
    house = House(FakeHorde(job_seconds=(10.0, 400.0))).start()
    record = await house.ask(FOUR)
    row = await house.until(lambda row: bool(row.status and row.status.arrived), record)
    house.horde.jobs[row.remote_id or ""].gone = True
    outcome = await house.outcome(record)
    assert (outcome.phase, outcome.detail) == (Phase.PARTIAL, EXPIRED)
    assert outcome.arrived >= 1
    assert len(house.horde.jobs) == 1
    await house.kill()


@virtual
async def test_one_that_is_stuck_ends_when_its_lifetime_is_over() -> None:
    house = House(FakeHorde(request_lifetime=1200.0)).start()
    house.horde.answers["a fox"] = lambda _job, _status: Status(
        phase=Phase.PROCESSING, processing=1
    )
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    (job,) = house.horde.jobs.values()
    job.done_at = [ticks() + n for n in (1000.0, 2000.0, 3000.0)]  # the Horde does keep it
    began = ticks()
    assert (await house.outcome(record, within=3000)).phase is Phase.EXPIRED
    assert 1200 <= ticks() - began <= 1300
    await house.kill()


# Trouble on the way


@pytest.mark.parametrize(
    "error", [DOWN, BadReply("nonsense"), RateLimited("10 per 1 minute"), BackendError("what?")]
)
@virtual
async def test_looks_that_fail_are_repeated(error: BackendError) -> None:
    house = House().start()
    house.horde.fail("status", *[error] * 6)
    assert (await house.outcome(await house.ask())).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_limit_on_looks_is_obeyed() -> None:
    house = House().start()
    house.horde.fail("status", RateLimited("10 per 1 minute", retry_after=40.0))
    record = await house.ask()
    await house.outcome(record)
    first, second, *_ = [at for name, at in house.horde.calls if name == "status"]
    assert second - first >= 40
    await house.kill()


@virtual
async def test_one_answer_that_asks_for_an_hour_does_not_lose_the_result() -> None:
    house = House().start()
    house.horde.fail("status", BackendDown("503", status=503, retry_after=3600.0))
    assert (await house.outcome(await house.ask(), within=90)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_during_an_outage_nothing_is_asked_and_the_card_says_so() -> None:
    house = House(FakeHorde(wait_seconds=5.0)).start()
    records = [await house.ask(user=n) for n in range(20)]
    for record in records:
        await house.until(lambda row: row.remote_id is not None, record)
    house.horde.outage = True
    await asyncio.sleep(30)
    before = Counter(name for name, _ in house.horde.calls)
    await asyncio.sleep(570)
    after = Counter(name for name, _ in house.horde.calls)
    assert after["status"] == before["status"]
    assert after["health"] - before["health"] <= 160  # about every five seconds
    assert all(house.stage.of(r.id)[-1].detail == NO_ANSWER for r in records)
    house.horde.outage = False
    began = ticks()
    rows = await house.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert ticks() - began <= 30
    soon = [at for name, at in house.horde.calls if began <= at and name != "health"]
    assert max(sum(at <= t < at + 1 for t in soon) for at in soon) <= 20
    await house.kill()


@virtual
async def test_the_end_of_an_outage_is_said_too() -> None:
    house = House(FakeHorde(job_seconds=(200.0, 200.0))).start()
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    house.horde.outage = True
    await asyncio.sleep(40)
    house.horde.outage = False
    await asyncio.sleep(40)
    said = [status.detail for status in house.stage.of(record.id)]
    assert said[said.index(NO_ANSWER) :][:2] == [NO_ANSWER, ""]
    await house.kill()


@virtual
async def test_maintenance_does_not_keep_from_what_is_ready() -> None:
    house = House().start()
    first = await house.ask()
    await house.until(lambda row: row.remote_id is not None, first)
    house.horde.maintenance = True
    house.horde.fail("submit", BackendDown("400", status=500))
    second = await house.ask()
    assert (await house.outcome(first)).phase is Phase.DONE
    assert (await house.row(second)).phase is Phase.QUEUED
    await house.kill()


@virtual
async def test_an_address_in_time_out_still_gets_what_is_ready() -> None:
    house = House().start()
    first = await house.ask()
    await house.until(lambda row: row.remote_id is not None, first)
    house.horde.fail("submit", BackendPaused("time-out", retry_after=600.0))
    second, began = await house.ask(), ticks()
    await asyncio.sleep(1)
    assert house.weather.down is False
    await house.outcome(first)
    assert ticks() - began < 20
    await house.until(lambda row: row.remote_id is not None, second)
    assert ticks() - began >= 600
    await house.kill()


@virtual
async def test_an_outage_during_a_time_out_ends_before_it() -> None:
    house = House(FakeHorde(job_seconds=(100.0, 100.0))).start()
    first = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, first)
    house.horde.fail("submit", BackendPaused("time-out", retry_after=900.0))
    await house.ask()
    await asyncio.sleep(5)
    house.horde.outage = True
    await asyncio.sleep(60)
    assert house.weather.down
    house.horde.outage, began = False, ticks()
    assert (await house.outcome(first)).phase is Phase.DONE
    assert ticks() - began < 120
    await house.kill()


@virtual
async def test_after_a_long_stop_one_bad_answer_ends_nothing() -> None:
    house = House(FakeHorde(job_seconds=(1300.0, 1300.0))).start()
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    await house.kill()
    (job,) = house.horde.jobs.values()
    job.done_at = [ticks() + 600]
    await asyncio.sleep(1500)
    house = house.again().start()
    house.horde.fail("status", *[DOWN] * 3)
    assert (await house.outcome(record)).phase is Phase.DONE
    await house.kill()


# Bytes


@virtual
async def test_a_link_that_leads_nowhere_is_named_and_the_rest_is_handed_out() -> None:
    house = House().start()

    def bytes_of(url: str) -> bytes:
        if url.endswith("-2"):
            raise BadReply("The result is not there.", status=404)
        return picture()

    house.horde.bytes_of = bytes_of
    record = await house.ask(FOUR)
    outcome = await house.outcome(record)
    assert (outcome.phase, outcome.arrived) == (Phase.PARTIAL, 3)
    assert [p.problem for p in outcome.pictures] == ["", "", LOST, ""]
    assert house.horde.count("fetch") == 3 + 3
    assert any(s.arrived == 3 for s in house.stage.of(record.id) if s.phase.is_open)
    await house.kill()


@virtual
async def test_a_storage_that_is_down_for_a_minute_loses_nothing() -> None:
    house = House().start()
    began = ticks()

    def bytes_of(_url: str) -> bytes:
        if ticks() - began < 75:
            raise BackendDown("The storage does not answer.", status=503)
        return picture()

    house.horde.bytes_of = bytes_of
    assert (await house.outcome(await house.ask(FOUR))).arrived == 4
    await house.kill()


@virtual
async def test_a_full_disk_uses_up_no_tries() -> None:
    house = House().start()
    house.shelf.full = 5
    missing = [BadReply("404"), BadReply("404")]

    def bytes_of(_url: str) -> bytes:
        if not house.shelf.full and missing:
            raise missing.pop()
        return picture()

    house.horde.bytes_of = bytes_of
    assert (await house.outcome(await house.ask())).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_full_disk_is_waited_for() -> None:
    house = House().start()
    house.shelf.full = 30
    record = await house.ask()
    outcome = await house.outcome(record, within=1200)
    assert outcome.phase is Phase.DONE
    assert [status.detail for status in house.stage.of(record.id)].count(NO_ROOM) == 1
    assert outcome.detail == ""
    await house.kill()


@virtual
async def test_bytes_that_are_no_picture() -> None:
    house = House().start()
    house.horde.bytes_of = lambda _url: b"\xff\x00 no picture"
    outcome = await house.outcome(await house.ask())
    assert outcome.phase is Phase.FAULTED
    assert [p.problem for p in outcome.pictures] == [BROKEN]
    assert house.shelf.files == {}
    await house.kill()


# Cancelling at the backend


@virtual
async def test_cancelled_with_something_there() -> None:
    house = House(FakeHorde(job_seconds=(10.0, 100.0))).start()
    record = await house.ask(FOUR)
    row = await house.until(lambda row: bool(row.status and row.status.arrived), record)
    await house.service.cancel(record.id, 7)
    outcome = await house.outcome(record, within=3)
    assert (outcome.phase, outcome.detail) == (Phase.CANCELLED, STOPPED_LATE)
    assert outcome.arrived >= 1
    assert house.horde.jobs[row.remote_id or ""].cancelled
    await house.kill()


@virtual
async def test_cancelled_when_all_was_there_already() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    (job,) = house.horde.jobs.values()
    job.done_at = [ticks()]
    await house.service.cancel(record.id, 7)
    outcome = await house.outcome(record)
    assert (outcome.phase, outcome.arrived) == (Phase.DONE, 1)
    await house.kill()


@pytest.mark.parametrize("error", [DOWN, BadReply("nonsense")])
@virtual
async def test_cancelling_ends_without_the_backends_word(error: BackendError) -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    house.horde.fail("cancel", *[error] * 3)
    await house.service.cancel(record.id, 7)
    assert (await house.outcome(record, within=10)).phase is Phase.CANCELLED
    await house.kill()


@virtual
async def test_cancelled_during_an_outage() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.remote_id is not None, record)
    house.horde.outage = True
    await asyncio.sleep(20)
    await house.service.cancel(record.id, 7)
    assert (await house.outcome(record, within=10)).phase is Phase.CANCELLED
    await house.kill()


# Bugs of our own


@virtual
async def test_a_bug_in_a_step_is_got_over() -> None:
    house = House().start()
    house.horde.fail("status", *[KeyError("oops")] * 4)
    assert (await house.outcome(await house.ask())).phase is Phase.DONE
    await house.kill()


@virtual
async def test_a_bug_that_stays_ends_that_request_alone() -> None:
    house = House(FakeHorde(job_seconds=(5.0, 100.0))).start()

    def buggy(_job: Job, status: Status) -> Status:
        if status.finished >= 2:
            raise KeyError("oops")
        return status

    house.horde.answers["four foxes"] = buggy
    bad, good = await house.ask(FOUR, user=1), await house.ask(user=2)
    outcome = await house.outcome(bad)
    assert (outcome.phase, outcome.detail) == (Phase.PARTIAL, BROKEN_HERE)
    assert outcome.arrived == 1
    assert (await house.outcome(good)).phase is Phase.DONE
    await house.kill()


@virtual
async def test_an_outcome_that_only_makes_us_stumble_is_held() -> None:
    house = House().start()
    record = await house.ask()
    await house.until(lambda row: row.phase is Phase.PROCESSING, record)
    house.stage.always = KeyError("oops")
    (row,) = await house.ended(record, within=900)
    assert row.phase is Phase.HELD
    assert row.status is not None
    assert row.status.phase is Phase.DONE
    await house.kill()
