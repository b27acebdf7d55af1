"""Asyncio locks by key (request id, user id): one task at a time per key."""

import asyncio
from collections.abc import AsyncGenerator, Hashable
from contextlib import asynccontextmanager


class KeyedLocks:
    """Locks by key; a lock exists only while a task holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    def __len__(self) -> int:
        return len(self._locks)

    def held(self, name: Hashable) -> bool:
        """A task holds the lock or waits for it."""
        return name in self._locks

    @asynccontextmanager
    async def hold(self, name: Hashable) -> AsyncGenerator[None]:
        """The lock of that key, in order of arrival. Not reentrant."""
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
