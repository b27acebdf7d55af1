"""One person after the other comes in, as fast as they can be served.

When a thousand ask in one second and everything is begun at once, all are answered at its end: on
a slow machine all of them too late, since Discord waits three seconds. In order, most are in time.
"""

import asyncio

from bot.ticks import ticks

BUSY = 0.005  # s; what is under way took so long for one round: two or three answers' work
ROUNDS = 3  # that somebody waits at the most, so that other work cannot keep people out


class Entrance:
    """First come, first served: the next comes in when the event loop has time."""

    def __init__(self) -> None:
        self._door = asyncio.Lock()  # it wakes people in the order in which they came

    async def come_in(self) -> None:
        """Returns when it is one's turn."""
        async with self._door:
            for _ in range(ROUNDS):
                begun = ticks()
                await asyncio.sleep(0)
                if ticks() - begun < BUSY:
                    return
