"""Waiting places: as many as each account has, counted in pictures, and given back in time."""

import asyncio

from bot.aio.clock import ticks
from bot.domain.records import Record
from bot.domain.requests import AlchemyRequest, ImageRequest, Source
from bot.domain.results import Phase
from bot.errors import TooManyPrompts
from tests.support.bots.in_memory_bot import House
from tests.support.fakes.backend import FakeHorde
from tests.support.virtual_clock import virtual

NEVER = 1e9  # seconds until a worker takes anything
CAPTIONS = AlchemyRequest(
    source=Source(url="https://cdn/x.png"), forms=("caption", "nsfw", "interrogation")
)


def pictures(n: int = 1, prompt: str = "a fox") -> ImageRequest:
    return ImageRequest(prompt=prompt, n=n)


async def at_the_horde(house: House, records: list[Record]) -> int:
    rows = [await house.row(record) for record in records]
    return sum(row.remote_id is not None for row in rows)


@virtual
async def test_thirty_pictures_wait_at_once_and_no_more() -> None:
    house = House(FakeHorde(wait_seconds=NEVER, concurrency=30), key="own").start()
    records = [await house.ask(pictures(7), user=n) for n in range(6)]
    await asyncio.sleep(60)
    assert await at_the_horde(house, records) == 4  # 28 pictures
    assert house.horde.count("submit") == 4  # nobody knocked in vain
    assert len(house.dispatcher.queues[records[0].kind]) == 2
    await house.kill()


@virtual
async def test_what_a_worker_has_taken_leaves_its_place() -> None:
    house = House(FakeHorde(wait_seconds=3.0, job_seconds=(300, 300), concurrency=30), key="own")
    house.start()
    records = [await house.ask(pictures(10), user=n) for n in range(8)]
    await asyncio.sleep(60)
    assert await at_the_horde(house, records) == 8
    await house.kill()


@virtual
async def test_a_cancelled_one_leaves_its_place_at_once() -> None:
    house = House(FakeHorde(wait_seconds=NEVER), key="own").start()
    records = [await house.ask(pictures(20), user=n) for n in range(2)]
    await asyncio.sleep(10)
    assert await at_the_horde(house, records) == 1
    await house.service.cancel(records[0].id, 0)
    await asyncio.sleep(2)
    assert await at_the_horde(house, records) == 2
    await house.kill()


@virtual
async def test_an_outcome_that_cannot_be_shown_takes_no_place() -> None:
    house = House(FakeHorde(wait_seconds=1.0), key="own").start()
    first = await house.ask(pictures(20), user=1)
    await house.until(lambda row: row.outcome_at is not None, first)
    slot = ("horde", "bot", first.kind)
    assert house.poller.occupied(slot) == 0
    await house.kill()


@virtual
async def test_alchemy_has_ten_times_as_many_places() -> None:
    house = House(FakeHorde(wait_seconds=NEVER), key="own").start()
    records = [await house.ask(CAPTIONS, user=n) for n in range(101)]
    await asyncio.sleep(120)
    assert await at_the_horde(house, records) == 100
    await house.kill()


@virtual
async def test_each_key_has_places_of_its_own() -> None:
    house = House(FakeHorde(wait_seconds=NEVER, concurrency=30), key="own")
    await house.login(user=7)
    house.start()
    records = [await house.ask(pictures(20), user=1), await house.ask(pictures(20), user=1)]
    mine = await house.ask(pictures(20), user=7)
    await asyncio.sleep(10)
    assert await at_the_horde(house, records) == 1
    assert await at_the_horde(house, [mine]) == 1
    await house.kill()


@virtual
async def test_an_account_with_fewer_places_than_we_think() -> None:
    horde = FakeHorde(wait_seconds=4.0, concurrency=5)
    house = House(horde, key="own").start()
    records = [await house.ask(pictures(2), user=n) for n in range(10)]
    rows = await house.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert horde.count("submit") <= 30
    await house.kill()


@virtual
async def test_one_that_never_fits_its_account_stops_nobody() -> None:
    horde = FakeHorde(wait_seconds=1.0, concurrency=3)
    house = House(horde, key="own").start()
    large = await house.ask(pictures(4), user=1)
    await asyncio.sleep(1)
    small = [await house.ask(user=n) for n in range(2, 12)]
    await house.ended(*small, within=300)
    assert (await house.row(large)).phase is Phase.QUEUED
    await asyncio.sleep(600)
    assert horde.count("submit") < 40  # it knocks seldom
    await house.service.cancel(large.id, 1)
    assert (await house.outcome(large, within=2)).phase is Phase.CANCELLED
    await house.kill()


@virtual
async def test_accounts_that_are_filled_elsewhere_do_not_use_up_everybodys_submits() -> None:
    """Ten people wait with us while their own programs keep their accounts full."""
    house = House(FakeHorde(limited=True, wait_seconds=NEVER, concurrency=1))
    for user in range(10):
        await house.login(user=user, key=f"key-{user}")
    house.start()
    waiting = [await house.ask(user=user) for user in range(10) for _ in range(2)]
    await asyncio.sleep(60)
    assert await at_the_horde(house, waiting) == 10
    before = house.horde.count("submit")
    await asyncio.sleep(600)
    assert house.horde.count("submit") - before <= 10 * 11  # each about once a minute
    others, began = [await house.ask(user=100 + n) for n in range(60)], ticks()
    house.horde.concurrency = 60  # the world has room for those without a key
    for other in others:
        await house.until(lambda row: row.remote_id is not None, other)
    assert ticks() - began <= 45
    await house.kill()


@virtual
async def test_a_key_that_had_room_again_rests_no_longer_than_at_first() -> None:
    house = House(FakeHorde(wait_seconds=NEVER, concurrency=1), key="own").start()
    first, second = await house.ask(user=1), await house.ask(user=2)
    await asyncio.sleep(200)  # it rests for a minute by now
    house.horde.concurrency = 2
    await house.until(lambda row: row.remote_id is not None, second)
    third, before = await house.ask(user=3), house.horde.count("submit")
    await asyncio.sleep(2.0)
    assert house.horde.count("submit") - before == 1
    house.horde.concurrency = 3
    await asyncio.sleep(2.0)
    assert (await house.row(third)).remote_id is not None
    assert (await house.row(first)).remote_id is not None
    await house.kill()


@virtual
async def test_the_worlds_places_are_only_known_by_asking() -> None:
    house = House().start()  # anonymous
    house.horde.fail("submit", *(TooManyPrompts("full") for _ in range(5)))
    records = [await house.ask(user=n) for n in range(3)]
    rows = await house.ended(*records)
    assert all(row.phase is Phase.DONE for row in rows)
    assert house.horde.count("submit") == 8
    await house.kill()


@virtual
async def test_a_place_is_free_again_when_a_turn_comes_to_nothing() -> None:
    """A bell that is not rung would leave the second one waiting for ever."""
    house = House(FakeHorde(latency=(0.5, 0.5), wait_seconds=NEVER), key="own").start()
    first, second = await house.ask(pictures(20), user=1), await house.ask(pictures(20), user=2)
    await house.until(lambda row: row.phase is Phase.SENDING, first)
    house.disk.raw.execute("UPDATE requests SET phase = 'cancelled' WHERE id = ?", (first.id,))
    await house.until(lambda row: row.remote_id is not None, second)
    await house.kill()
