"""So many people at once are being answered; the others wait in the order in which they came.

When a thousand ask in one second and everything is begun at once, all are answered at its end: on
a slow machine all of them too late, since Discord waits three seconds. In order, most are in time.
"""

import asyncio

from bot.aio.clock import ticks

INSIDE = 64  # enough to keep a processor busy while Discord takes their answers
SHORTLY = 0.1  # s; whoever is not answered by then most likely waits for the network, not for us
LATE = 0.02  # s that a timer comes late when the processor is what everybody waits for
TIMES = 10  # that somebody may be looked at before the next comes in anyway


class InteractionLimiter:
    """First come, first served."""

    def __init__(self, inside: int = INSIDE) -> None:
        self._room = asyncio.Semaphore(inside)  # it wakes people in the order in which they came
        self._inside: dict[int, asyncio.TimerHandle] = {}

    async def come_in(self, who: int) -> None:
        """Returns when it is their turn. `who`: the interaction's id."""
        await self._room.acquire()
        self._look_later(who, TIMES)

    def leave(self, who: int) -> None:
        """They have been answered: the next may come in. Said twice, or of a stranger: nothing."""
        timer = self._inside.pop(who, None)
        if timer is not None:
            timer.cancel()
            self._room.release()

    def _look_later(self, who: int, times: int) -> None:
        due = ticks() + SHORTLY
        loop = asyncio.get_running_loop()
        self._inside[who] = loop.call_at(due, self._look, who, due, times - 1)

    def _look(self, who: int, due: float, times: int) -> None:
        """Somebody who waits for the network holds up nobody else."""
        if times and ticks() - due > LATE:
            self._look_later(who, times)
        else:
            self.leave(who)
