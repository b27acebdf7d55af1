"""One hand at a time, first come, first served, and nothing left behind."""

import asyncio

import pytest

from bot.aio.keyed_locks import KeyedLocks


async def test_one_at_a_time_in_the_order_of_coming() -> None:
    locks, order = KeyedLocks(), list[int]()
    inside = 0

    async def work(number: int) -> None:
        nonlocal inside
        async with locks.hold("a"):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            order.append(number)
            inside -= 1

    await asyncio.gather(*(work(n) for n in range(20)))
    assert order == list(range(20))
    assert len(locks) == 0


async def test_other_names_do_not_wait() -> None:
    locks = KeyedLocks()
    async with locks.hold(1), locks.hold(2), locks.hold(("person", 1)):
        assert locks.held(1)
        assert not locks.held(3)
        assert len(locks) == 3
    assert not locks.held(1)


async def test_whoever_is_cancelled_while_waiting_leaves_nothing() -> None:
    locks = KeyedLocks()

    async def work() -> None:
        async with locks.hold(1):
            await asyncio.sleep(0)

    async with locks.hold(1):
        waiting = asyncio.create_task(work())
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert len(locks) == 1
    assert len(locks) == 0
    await work()


async def test_an_error_inside_opens_it_again() -> None:
    locks = KeyedLocks()
    with pytest.raises(RuntimeError):
        async with locks.hold(1):
            raise RuntimeError
    assert len(locks) == 0
