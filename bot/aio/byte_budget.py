"""Memory that many tasks use together, in bytes: granted by person in rotation, not by arrival."""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class _Wait:
    count: int
    source: str
    granted: asyncio.Future[None]


class ByteBudget:
    """Memory for at most `total` bytes, at most `of_source` of them for one source.

    Each waiting owner gets memory before another owner gets it again. A source that has used its
    share, such as one file server, does not delay the others.
    """

    def __init__(self, total: int, of_source: int | None = None) -> None:
        self._total = total
        self._of_source = total if of_source is None else of_source
        self._used: Counter[str] = Counter()
        self._waiting: OrderedDict[int, list[_Wait]] = OrderedDict()

    @asynccontextmanager
    async def hold(self, count: int, owner: int, source: str = "") -> AsyncGenerator[None]:
        """Hold `count` bytes; more than can ever be granted counts as the most that can."""
        if count <= 0:  # not to wait behind one that needs memory
            yield
            return
        future = asyncio.get_running_loop().create_future()
        wait = _Wait(min(count, self._of_source), source, future)
        self._waiting.setdefault(owner, []).append(wait)
        self._grant()
        try:
            await wait.granted
            yield
        finally:
            self._release(owner, wait)

    def _release(self, owner: int, wait: _Wait) -> None:
        if wait.granted.done() and not wait.granted.cancelled():
            self._used[wait.source] -= wait.count
            if not self._used[wait.source]:
                del self._used[wait.source]
        else:
            self._remove(owner, wait)
        self._grant()

    def _grant(self) -> None:
        while (found := self._next()) is not None:
            owner, wait = found
            if self._used.total() + wait.count > self._total:
                return  # the next one is waited for: smaller ones never overtake it for ever
            self._remove(owner, wait)
            self._used[wait.source] += wait.count
            wait.granted.set_result(None)

    def _next(self) -> tuple[int, _Wait] | None:
        """The first owner in rotation with something whose source has a free share.

        Where it has none, later ones of the same source wait behind it.
        """
        full: set[str] = set()
        for owner, waits in self._waiting.items():
            for wait in waits:
                if wait.granted.done() or wait.source in full:  # done: cancelled a moment ago
                    continue
                if self._used[wait.source] + wait.count <= self._of_source:
                    return owner, wait
                full.add(wait.source)
        return None

    def _remove(self, owner: int, wait: _Wait) -> None:
        waits = self._waiting.pop(owner)
        waits.remove(wait)
        if waits:
            self._waiting[owner] = waits  # behind the other owners
