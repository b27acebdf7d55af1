"""One lock for each request, so that only one hand at a time writes to its message."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Locks:
    """Locks by record id; one exists only while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def hold(self, record_id: int) -> AsyncGenerator[None]:
        """The record's lock. Not reentrant."""
        lock, users = self._locks.get(record_id, (asyncio.Lock(), 0))
        self._locks[record_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[record_id]
            if users == 1:
                del self._locks[record_id]
            else:
                self._locks[record_id] = (lock, users - 1)
