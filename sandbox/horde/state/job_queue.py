"""A priority queue of jobs."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class QueueItem(Protocol):
    """An item of the queue. The smallest `queue_order` is first; it never changes.

    All requests gain priority at the same rate, so the order of two requests is fixed at
    submission: it is the time of submission minus an amount for the account's kudos.
    """

    id: str
    queue_order: float


T = TypeVar("T", bound=QueueItem)


class JobQueue(Generic[T]):
    """Keeps its items sorted; `position` is a binary search."""

    def __init__(self) -> None:
        self._keys: list[tuple[float, str]] = []
        self._items: dict[str, T] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        return (self._items[key[1]] for key in self._keys)

    def __contains__(self, item: T) -> bool:
        return item.id in self._items

    def add(self, item: T) -> None:
        if item.id not in self._items:
            insort(self._keys, (item.queue_order, item.id))
            self._items[item.id] = item

    def discard(self, item: T) -> None:
        if self._items.pop(item.id, None) is not None:
            del self._keys[bisect_left(self._keys, (item.queue_order, item.id))]

    def position(self, item: T) -> int:
        """The position from 1; 0 for an item that is not in the queue."""
        if item.id not in self._items:
            return 0
        return bisect_left(self._keys, (item.queue_order, item.id)) + 1
