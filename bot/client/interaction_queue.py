"""Limits how many interactions are processed at the same time; the others wait in order of arrival.

When a thousand arrive in one second and all are begun at once, all are answered at the end: on a
slow machine all of them too late, since Discord waits three seconds. In order, most are in time.
"""

import asyncio

from bot.aio.clock import ticks

INSIDE = 64  # enough to keep a processor busy while Discord receives the answers
SHORTLY = 0.1  # seconds; an interaction that takes longer most likely waits for the network
LATE = 0.02  # seconds of a timer's delay that show a busy processor
TIMES = 10  # checks of an interaction before the next one starts anyway


class InteractionLimiter:
    """Starts interactions in order of arrival."""

    def __init__(self, inside: int = INSIDE) -> None:
        self._room = asyncio.Semaphore(inside)  # it wakes tasks in order of arrival
        self._inside: dict[int, asyncio.TimerHandle] = {}

    async def come_in(self, who: int) -> None:
        """Returns when the interaction may start. `who`: its id."""
        await self._room.acquire()
        self._look_later(who, TIMES)

    def leave(self, who: int) -> None:
        """The interaction is answered: the next may start. Ignores unknown ids."""
        timer = self._inside.pop(who, None)
        if timer is not None:
            timer.cancel()
            self._room.release()

    def _look_later(self, who: int, times: int) -> None:
        due = ticks() + SHORTLY
        loop = asyncio.get_running_loop()
        self._inside[who] = loop.call_at(due, self._look, who, due, times - 1)

    def _look(self, who: int, due: float, times: int) -> None:
        """Release the slot of an interaction that waits for the network."""
        if times and ticks() - due > LATE:
            self._look_later(who, times)
        else:
            self.leave(who)
