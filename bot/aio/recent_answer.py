"""An answer of a server that is requested rarely, for all users."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class RecentAnswer(Generic[T]):
    """An answer that is requested at most every `seconds`. A failure is not kept."""

    def __init__(
        self,
        ask: Callable[[], Awaitable[T]],
        seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._ask = ask
        self._seconds = seconds
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value: tuple[T, float] | None = None

    @property
    def known(self) -> T | None:
        """The last answer, however old it is; None before the first one."""
        return self._value[0] if self._value else None

    async def get(self) -> tuple[T, float]:
        """The answer and its time, in UTC seconds."""
        async with self._lock:
            if self._value is None or self._clock() - self._value[1] > self._seconds:
                self._value = (await self._ask(), self._clock())
            return self._value
