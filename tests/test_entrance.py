import asyncio
import time

import pytest

from bot.entrance import ROUNDS, Entrance

STAGES = 4


class Counter:
    """Who is answered in so many strokes of work, each of which holds up everything."""

    def __init__(self) -> None:
        self.strokes = 0
        self.served: list[tuple[int, int]] = []  # who, and after how many strokes in all

    async def serve(self, number: int, entrance: Entrance | None) -> None:
        if entrance is not None:
            await entrance.come_in()
        for _ in range(STAGES):
            time.sleep(0.001)  # noqa: ASYNC251 - the processor is busy, nobody else can run
            self.strokes += 1
            await asyncio.sleep(0)
        self.served.append((number, self.strokes))


async def crowd(entrance: Entrance | None, count: int = 100) -> Counter:
    counter = Counter()
    await asyncio.gather(*(counter.serve(number, entrance) for number in range(count)))
    return counter


async def test_without_it_nobody_is_answered_before_everybody_nearly_is() -> None:
    found = await crowd(None)
    assert found.served[0][1] > 300


async def test_whoever_came_first_is_answered_while_the_others_wait() -> None:
    found = await crowd(Entrance())
    assert [number for number, _ in found.served] == list(range(100))
    assert found.served[0][1] < 50
    assert found.served[49][1] < 250


async def test_nobody_waits_for_work_that_never_ends() -> None:
    rounds = 0

    async def hog() -> None:
        nonlocal rounds
        while True:
            time.sleep(0.006)  # noqa: ASYNC251 - longer than what counts as busy
            rounds += 1
            await asyncio.sleep(0)

    entrance, task = Entrance(), asyncio.create_task(hog())
    for _ in range(3):
        await entrance.come_in()
    task.cancel()
    assert rounds <= 3 * (ROUNDS + 1)


async def test_whoever_goes_away_lets_the_next_in() -> None:
    entrance = Entrance()
    async with asyncio.TaskGroup() as people:
        waiting = [people.create_task(entrance.come_in()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        waiting[1].cancel()
    with pytest.raises(asyncio.CancelledError):
        waiting[1].result()
    assert waiting[2].done()
