"""Locks by name, so that only one hand at a time works on a request, or for a person."""

import asyncio
from collections.abc import AsyncGenerator, Hashable
from contextlib import asynccontextmanager


class KeyedLocks:
    """Locks by id or any other name; one exists only while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    def held(self, name: Hashable) -> bool:
        """Somebody holds it or waits for it now."""
        return name in self._locks

    @asynccontextmanager
    async def hold(self, name: Hashable) -> AsyncGenerator[None]:
        """The lock of that name, first come, first served. Not reentrant."""
        lock, users = self._locks.get(name, (asyncio.Lock(), 0))
        self._locks[name] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[name]
            if users == 1:
                del self._locks[name]
            else:
                self._locks[name] = (lock, users - 1)
