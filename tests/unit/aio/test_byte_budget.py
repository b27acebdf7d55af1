"""Memory that is shared: how much is held at once, and in which order it is granted."""

import asyncio
import random

import pytest

from bot.aio.byte_budget import ByteBudget


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class Users:
    """Tasks that hold memory until they are let go, and the order in which they got it."""

    def __init__(self, budget: ByteBudget) -> None:
        self._budget = budget
        self.got: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def begin(self, name: str, count: int, owner: int, source: str = "") -> None:
        self._ends[name] = asyncio.Event()
        self._tasks[name] = asyncio.create_task(self._hold(name, count, owner, source))
        await settled()

    async def _hold(self, name: str, count: int, owner: int, source: str) -> None:
        async with self._budget.hold(count, owner, source):
            self.got.append(name)
            await self._ends[name].wait()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await settled()

    async def cancel(self, name: str) -> None:
        self._tasks[name].cancel()
        await settled()


async def test_budget_never_exceeds_its_total_with_many_owners_and_sources() -> None:
    budget, dice, used, peak = ByteBudget(100, 60), random.Random(7), 0, 0

    async def user(owner: int) -> None:
        nonlocal used, peak
        count = dice.randint(1, 60)
        async with budget.hold(count, owner, dice.choice("abc")):
            used += count
            peak = max(peak, used)
            await asyncio.sleep(dice.random() / 1000)
            used -= count

    await asyncio.gather(*(user(n % 9) for n in range(300)))
    assert 60 < peak <= 100


async def test_owner_who_waits_gets_memory_before_another_gets_it_again() -> None:
    users = Users(ByteBudget(10))
    await users.begin("hers", 10, owner=1)
    for number in range(3):
        await users.begin(f"hers {number}", 10, owner=1)
    await users.begin("his", 10, owner=2)
    await users.end("hers")
    await users.end("hers 0")
    assert users.got == ["hers", "hers 0", "his"]


async def test_source_with_its_share_does_not_hold_up_another() -> None:
    users = Users(ByteBudget(10, 6))
    await users.begin("slow", 6, owner=1, source="evil.test")
    await users.begin("slower", 6, owner=2, source="evil.test")
    await users.begin("mine", 4, owner=3, source="r2.test")
    assert users.got == ["slow", "mine"]
    await users.end("slow")
    assert users.got == ["slow", "mine", "slower"]


async def test_large_request_is_not_overtaken_by_small_ones() -> None:
    users = Users(ByteBudget(10))
    await users.begin("first", 4, owner=1)
    await users.begin("large", 10, owner=2)
    await users.begin("small", 2, owner=3)
    assert users.got == ["first"]
    await users.end("first")
    await users.end("large")
    assert users.got == ["first", "large", "small"]


async def test_request_over_the_total_is_granted_alone() -> None:
    users = Users(ByteBudget(10))
    await users.begin("too large", 99, owner=1)
    assert users.got == ["too large"]
    await users.begin("next", 1, owner=1)
    assert users.got == ["too large"]


async def test_cancelled_waiter_and_holder_give_their_memory_back() -> None:
    users = Users(ByteBudget(10))
    await users.begin("holder", 10, owner=1)
    await users.begin("waiter", 10, owner=1)
    await users.begin("last", 10, owner=2)
    await users.cancel("waiter")
    await users.cancel("holder")
    assert users.got == ["holder", "last"]


async def test_holder_that_fails_gives_its_memory_back() -> None:
    budget = ByteBudget(10)
    with pytest.raises(ValueError, match="broken"):
        async with budget.hold(10, 1):
            raise ValueError("broken")
    async with asyncio.timeout(1), budget.hold(10, 2):
        pass
