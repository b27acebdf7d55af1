"""Cached rows that every command reads before it answers.

This process is the only writer of those rows, so each change invalidates the cached copy.
"""

from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from cachetools import LRUCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
SIZE = 20_000  # keys, with or without a row


class RowCache(Generic[K, V]):
    """The newest values by key; a read that began before a change is not kept after it."""

    def __init__(self) -> None:
        self._values: LRUCache[K, V] = LRUCache(SIZE)
        self._changes = 0

    async def get(self, key: K, read: Callable[[], Awaitable[V]]) -> V:
        """The value of `key`: cached, else the result of `read`."""
        if key in self._values:
            return self._values[key]
        before = self._changes
        value = await read()
        if self._changes == before:
            self._values[key] = value
        return value

    def forget(self, key: K) -> None:
        """Invalidate the copy of `key`."""
        self._changes += 1
        self._values.pop(key, None)

    def forget_where(self, matches: Callable[[K], bool]) -> None:
        """Invalidate the copies of all matching keys."""
        self._changes += 1
        for key in [key for key in self._values if matches(key)]:
            del self._values[key]

    def clear(self) -> None:
        """Invalidate all copies."""
        self._changes += 1
        self._values.clear()
