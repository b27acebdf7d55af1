"""Cards of queued requests: true position and time, and not every second."""

import asyncio

from bot.aio.clock import ticks
from bot.backends.outage_monitor import NOT_AVAILABLE
from bot.domain.requests import ImageRequest
from bot.domain.results import Phase
from bot.errors import BackendDown
from tests.support.bots.in_memory_bot import InMemoryBot
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual


@virtual
async def test_the_place_and_the_estimate_are_honest() -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    records = [await bot.ask(user=n, guild=n % 4) for n in range(60)]
    await asyncio.sleep(5)
    now = ticks()
    said = {r.id: bot.position(r) for r in records}
    places = sorted(place for place, _ in said.values() if place)
    assert places == list(range(1, len(places) + 1))
    rows = await bot.ended(*records)
    for row in rows:
        place, seconds = said[row.id]
        if place:
            left = bot.horde.jobs[row.remote_id or ""].created_at - now
            assert abs(left - seconds) <= 1.0
    await bot.kill()


@virtual
async def test_an_estimate_where_places_are_what_counts() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=10.0, concurrency=30), key="own").start()
    records = [await bot.ask(ImageRequest(prompt="a fox", n=10), user=n) for n in range(20)]
    await asyncio.sleep(30)
    now = ticks()
    place, seconds = bot.position(records[-1])
    assert place > 5
    row = await bot.until(lambda row: row.remote_id is not None, records[-1])
    left = bot.horde.jobs[row.remote_id or ""].created_at - now
    assert 0.5 * left <= seconds <= 2 * left
    await bot.kill()


@virtual
async def test_who_waits_sees_the_place_move_but_not_every_second() -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    records = [await bot.ask(user=n) for n in range(100)]
    last = records[-1]
    await bot.until(lambda row: row.remote_id is not None, last)
    said = [status for status in bot.presenter.of(last.id) if status.phase is Phase.QUEUED]
    assert 3 <= len(said) <= 6
    places = [status.queue_position for status in said]
    assert places == sorted(places, reverse=True)
    assert all(status.wait_time > 0 for status in said)
    await bot.kill()


@virtual
async def test_an_outage_is_said_on_the_cards_and_its_end_too() -> None:
    bot = InMemoryBot().start()
    bot.horde.outage = True
    record = await bot.ask()
    await asyncio.sleep(60)
    said = bot.presenter.of(record.id)
    assert said[-1].detail == NOT_AVAILABLE.format(backend="AI Horde")
    assert len(said) <= 2  # nothing changes, so nothing is edited
    bot.horde.outage = False
    assert (await bot.outcome(record)).detail == ""
    await bot.kill()


@virtual
async def test_a_thousand_cards_are_edited_twenty_times_a_second() -> None:
    bot = InMemoryBot(FakeHorde(outage=True)).start()
    for n in range(300):
        await bot.ask(user=n)
    await asyncio.sleep(10)
    assert len(bot.presenter.shown) <= 20 * 8
    await asyncio.sleep(10)
    assert len({record_id for record_id, _ in bot.presenter.shown}) == 300
    await bot.kill()


@virtual
async def test_a_round_prepares_no_more_than_can_be_shown() -> None:
    bot = InMemoryBot(FakeHorde(outage=True)).start()
    for n in range(100):
        await bot.ask(user=n)
    await asyncio.sleep(3.5)
    assert len(bot.dispatcher._updates._due()) <= 20
    await bot.kill()


@virtual
async def test_who_backs_off_alone_does_not_make_a_crowd() -> None:
    bot = InMemoryBot(FakeHorde()).start()
    bot.horde.fail("submit", *(BackendDown("500", status=500) for _ in range(2)))
    record = await bot.ask()
    await bot.until(lambda row: row.attempts == 2, record)
    await asyncio.sleep(0.5)
    assert bot.position(record) == (1, 1)
    await bot.kill()


@virtual
async def test_discord_that_does_not_answer_holds_up_nothing() -> None:
    bot = InMemoryBot(FakeHorde(limited=True)).start()
    bot.presenter.seconds = 19.0
    records = [await bot.ask(user=n) for n in range(40)]
    began = ticks()
    await bot.until(lambda row: row.remote_id is not None, records[-1])
    assert ticks() - began <= 45
    await bot.kill()
