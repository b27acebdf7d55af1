"""The queue in front of the workers of one kind, best priority first."""

from bisect import bisect_left, insort
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar


class Queued(Protocol):
    """`order` decides, smallest first, and never changes while something waits.

    Everybody gains priority at the same pace while waiting, so the order between two requests
    is fixed at submission: it is the moment of submission, put forward by the kudos owned.
    """

    id: str
    order: float


T = TypeVar("T", bound=Queued)


class Line(Generic[T]):
    """Keeps its members sorted; a position costs a binary search, not a walk."""

    def __init__(self) -> None:
        self._keys: list[tuple[float, str]] = []
        self._members: dict[str, T] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[T]:
        return (self._members[key[1]] for key in self._keys)

    def __contains__(self, member: T) -> bool:
        return member.id in self._members

    def add(self, member: T) -> None:
        if member.id not in self._members:
            insort(self._keys, (member.order, member.id))
            self._members[member.id] = member

    def discard(self, member: T) -> None:
        if self._members.pop(member.id, None) is not None:
            del self._keys[bisect_left(self._keys, (member.order, member.id))]

    def position(self, member: T) -> int:
        """1 for the next in line; 0 when it is not in line."""
        if member.id not in self._members:
            return 0
        return bisect_left(self._keys, (member.order, member.id)) + 1
