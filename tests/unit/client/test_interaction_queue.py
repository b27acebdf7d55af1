""""""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.client.commands.command_tree import CommandTree
from bot.client.interaction_queue import SHORTLY, InteractionLimiter

STAGES = 4


class Counter:
    """Who is answered in so many strokes of work, each of which holds up everything."""

    def __init__(self) -> None:
        self.strokes = 0
        self.served: list[tuple[int, int]] = []  # who, and after how many strokes in all

    async def serve(self, number: int, entrance: InteractionLimiter) -> None:
        await entrance.come_in(number)
        for _ in range(STAGES):
            time.sleep(0.001)  # noqa: ASYNC251 - keeps the processor busy
            self.strokes += 1
            await asyncio.sleep(0)
        self.served.append((number, self.strokes))
        entrance.leave(number)


async def crowd(entrance: InteractionLimiter, count: int = 100) -> Counter:
    counter = Counter()
    await asyncio.gather(*(counter.serve(number, entrance) for number in range(count)))
    return counter


async def test_with_room_for_all_nobody_is_answered_before_everybody_nearly_is() -> None:
    found = await crowd(InteractionLimiter(inside=100))
    assert found.served[0][1] > 300


async def test_whoever_came_first_is_answered_while_the_others_wait() -> None:
    found = await crowd(InteractionLimiter(inside=8))
    assert [number for number, _ in found.served] == list(range(100))
    assert found.served[0][1] <= 8 * STAGES
    assert found.served[49][1] <= 58 * STAGES


async def test_who_waits_for_the_network_holds_up_nobody() -> None:
    entrance = InteractionLimiter(inside=1)
    begun = time.monotonic()
    for who in range(3):  # none of them leaves
        await asyncio.wait_for(entrance.come_in(who), 30)
    assert time.monotonic() - begun > 1.9 * SHORTLY


async def test_while_the_processor_is_busy_the_next_comes_in_late_but_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.client.interaction_queue.TIMES", 3)
    looks = 0

    async def hog() -> None:
        nonlocal looks
        while True:
            time.sleep(1.5 * SHORTLY)  # noqa: ASYNC251 - so that each timer comes late
            looks += 1
            await asyncio.sleep(0)

    entrance, task = InteractionLimiter(inside=1), asyncio.create_task(hog())
    await entrance.come_in(1)
    await asyncio.wait_for(entrance.come_in(2), 60)
    task.cancel()
    assert looks >= 2


async def test_leaving_counts_once_and_a_stranger_cannot_leave() -> None:
    entrance = InteractionLimiter(inside=1)
    await entrance.come_in(1)
    entrance.leave(1)
    entrance.leave(1)
    entrance.leave(7)
    await entrance.come_in(2)
    third = asyncio.create_task(entrance.come_in(3))
    for _ in range(3):
        await asyncio.sleep(0)
    assert not third.done()
    entrance.leave(2)
    await third


async def test_whoever_goes_away_lets_the_next_in() -> None:
    entrance = InteractionLimiter(inside=1)
    await entrance.come_in(0)
    async with asyncio.TaskGroup() as people:
        waiting = [people.create_task(entrance.come_in(who)) for who in (1, 2, 3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[1].cancel()
        entrance.leave(0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert waiting[2].done()


async def test_a_command_that_is_delivered_twice_takes_room_once() -> None:
    entrance = InteractionLimiter(inside=2)
    admitted = iter([True, False])

    async def admits(_: Any, *, always: bool) -> bool:
        return next(admitted) and not always

    bot = SimpleNamespace(entrance=entrance, admits=admits)
    command: Any = SimpleNamespace(
        client=bot, command=None, id=1, type=discord.InteractionType.application_command
    )
    tree = object.__new__(CommandTree)
    assert await tree.interaction_check(command)
    assert not await tree.interaction_check(command)
    await asyncio.wait_for(entrance.come_in(2), SHORTLY / 2)
    for who in (1, 2):
        entrance.leave(who)
    for who in (3, 4):  # room for both again
        await asyncio.wait_for(entrance.come_in(who), SHORTLY / 2)
