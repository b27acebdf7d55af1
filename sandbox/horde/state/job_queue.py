"""The queue in front of the workers of one kind, best priority first."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class QueueItem(Protocol):
    """`order` decides, smallest first, and never changes while something waits.

    Everybody gains priority at the same pace while waiting, so the order between two requests
    is fixed at submission: it is the moment of submission, put forward by the kudos owned.
    """

    id: str
    queue_order: float


T = TypeVar("T", bound=QueueItem)


class JobQueue(Generic[T]):
    """Keeps its members sorted; a position costs a binary search, not a walk."""

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
        """1 for the next in line; 0 when it is not in line."""
        if item.id not in self._items:
            return 0
        return bisect_left(self._keys, (item.queue_order, item.id)) + 1
