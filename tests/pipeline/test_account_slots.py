"""Waiting places: as many as each account has, counted in pictures, and given back in time."""

import asyncio

from bot.aio.clock import ticks
from bot.domain.requests import AlchemyRequest, ImageRequest, Source
from bot.domain.results import Phase
from bot.errors import TooManyPrompts
from tests.support.bots.in_memory_bot import InMemoryBot, submitted_count
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

NEVER = 1e9  # seconds until a worker takes anything
CAPTIONS = AlchemyRequest(
    source=Source(url="https://cdn/x.png"), forms=("caption", "nsfw", "interrogation")
)


def fox_pictures(n: int = 1, prompt: str = "a fox") -> ImageRequest:
    return ImageRequest(prompt=prompt, n=n)


@virtual
async def test_thirty_pictures_wait_at_once_and_no_more() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=NEVER, concurrency=30), key="own").start()
    records = [await bot.ask(fox_pictures(7), user=n) for n in range(6)]
    await asyncio.sleep(60)
    assert await submitted_count(bot, records) == 4  # 28 pictures
    assert bot.horde.count("submit") == 4  # no needless submit
    assert len(bot.dispatcher.queues[records[0].kind]) == 2
    await bot.kill()


@virtual
async def test_what_a_worker_has_taken_leaves_its_place() -> None:
    bot = InMemoryBot(
        FakeHorde(wait_seconds=3.0, job_seconds=(300, 300), concurrency=30), key="own"
    )
    bot.start()
    records = [await bot.ask(fox_pictures(10), user=n) for n in range(8)]
    await asyncio.sleep(60)
    assert await submitted_count(bot, records) == 8
    await bot.kill()


@virtual
async def test_a_cancelled_one_leaves_its_place_at_once() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=NEVER), key="own").start()
    records = [await bot.ask(fox_pictures(20), user=n) for n in range(2)]
    await asyncio.sleep(10)
    assert await submitted_count(bot, records) == 1
    await bot.service.cancel(records[0].id, 0)
    await asyncio.sleep(2)
    assert await submitted_count(bot, records) == 2
    await bot.kill()


@virtual
async def test_an_outcome_that_cannot_be_shown_takes_no_place() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=1.0), key="own").start()
    first = await bot.ask(fox_pictures(20), user=1)
    await bot.until(lambda row: row.outcome_at is not None, first)
    slot = ("horde", "bot", first.kind)
    assert bot.poller.occupied(slot) == 0
    await bot.kill()


@virtual
async def test_alchemy_has_ten_times_as_many_places() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=NEVER), key="own").start()
    records = [await bot.ask(CAPTIONS, user=n) for n in range(101)]
    await asyncio.sleep(120)
    assert await submitted_count(bot, records) == 100
    await bot.kill()


@virtual
async def test_each_key_has_places_of_its_own() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=NEVER, concurrency=30), key="own")
    await bot.login(user=7)
    bot.start()
    records = [await bot.ask(fox_pictures(20), user=1), await bot.ask(fox_pictures(20), user=1)]
    mine = await bot.ask(fox_pictures(20), user=7)
    await asyncio.sleep(10)
    assert await submitted_count(bot, records) == 1
    assert await submitted_count(bot, [mine]) == 1
    await bot.kill()


@virtual
async def test_an_account_with_fewer_places_than_we_think() -> None:
    horde = FakeHorde(wait_seconds=4.0, concurrency=5)
    bot = InMemoryBot(horde, key="own").start()
    records = [await bot.ask(fox_pictures(2), user=n) for n in range(10)]
    rows = await bot.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert horde.count("submit") <= 30
    await bot.kill()


@virtual
async def test_one_that_never_fits_its_account_stops_nobody() -> None:
    horde = FakeHorde(wait_seconds=1.0, concurrency=3)
    bot = InMemoryBot(horde, key="own").start()
    large = await bot.ask(fox_pictures(4), user=1)
    await asyncio.sleep(1)
    small = [await bot.ask(user=n) for n in range(2, 12)]
    await bot.ended(*small, within=300)
    assert (await bot.row(large)).phase is Phase.REJECTED
    assert "3 open results" in bot.presenter.told[0][1]
    await bot.kill()


@virtual
async def test_accounts_that_are_filled_elsewhere_do_not_use_up_everybodys_submits() -> None:
    """Ten people wait with us while their own programs keep their accounts full."""
    bot = InMemoryBot(FakeHorde(limited=True, wait_seconds=NEVER, concurrency=1))
    for user in range(10):
        await bot.login(user=user, key=f"key-{user}")
    bot.start()
    waiting = [await bot.ask(user=user) for user in range(10) for _ in range(2)]
    await asyncio.sleep(60)
    assert await submitted_count(bot, waiting) == 10
    before = bot.horde.count("submit")
    await asyncio.sleep(600)
    assert bot.horde.count("submit") - before <= 10 * 11  # each about once a minute
    others, began = [await bot.ask(user=100 + n) for n in range(60)], ticks()
    bot.horde.concurrency = 60  # the world has room for those without a key
    for other in others:
        await bot.until(lambda row: row.remote_id is not None, other)
    assert ticks() - began <= 45
    await bot.kill()


@virtual
async def test_a_key_that_had_room_again_rests_no_longer_than_at_first() -> None:
    bot = InMemoryBot(FakeHorde(wait_seconds=NEVER, concurrency=1), key="own").start()
    first, second = await bot.ask(user=1), await bot.ask(user=2)
    await asyncio.sleep(200)  # it rests for a minute by now
    bot.horde.concurrency = 2
    await bot.until(lambda row: row.remote_id is not None, second)
    third, before = await bot.ask(user=3), bot.horde.count("submit")
    await asyncio.sleep(2.0)
    assert bot.horde.count("submit") - before == 1
    bot.horde.concurrency = 3
    await asyncio.sleep(2.0)
    assert (await bot.row(third)).remote_id is not None
    assert (await bot.row(first)).remote_id is not None
    await bot.kill()


@virtual
async def test_the_worlds_places_are_only_known_by_asking() -> None:
    bot = InMemoryBot().start()  # anonymous
    bot.horde.fail("submit", *(TooManyPrompts("full") for _ in range(5)))
    records = [await bot.ask(user=n) for n in range(3)]
    rows = await bot.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert bot.horde.count("submit") == 8
    await bot.kill()


@virtual
async def test_a_place_is_free_again_when_a_turn_comes_to_nothing() -> None:
    """Without a wake-up the second one would wait for ever."""
    bot = InMemoryBot(FakeHorde(latency=(0.5, 0.5), wait_seconds=NEVER), key="own").start()
    first, second = await bot.ask(fox_pictures(20), user=1), await bot.ask(fox_pictures(20), user=2)
    await bot.until(lambda row: row.phase is Phase.SENDING, first)
    bot.disk.raw.execute("UPDATE requests SET phase = 'cancelled' WHERE id = ?", (first.id,))
    await bot.until(lambda row: row.remote_id is not None, second)
    await bot.kill()
