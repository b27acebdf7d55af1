"""What happens, for the page: server-sent events to everybody who watches."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KEPT_UNREAD = 10_000  # a page that falls further behind is cut off and loads anew


@dataclass(slots=True, eq=False)
class Watcher:
    """One open page; None in its queue ends it."""

    viewer: str | None
    queue: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue[bytes | None])


class Feed:
    """Costs nothing while nobody watches."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    def watch(self, viewer: str | None) -> Watcher:
        watcher = Watcher(viewer)
        self._watchers.add(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self._watchers.discard(watcher)

    def publish(
        self, event: str, data: Callable[[], dict[str, Any]], sees: Callable[[str], bool]
    ) -> None:
        """Tell everybody for whom `sees(user id)`; a watcher without a name sees all."""
        block: bytes | None = None
        for watcher in list(self._watchers):
            if watcher.viewer is not None and not sees(watcher.viewer):
                continue
            block = block or f"event: {event}\ndata: {json.dumps(data())}\n\n".encode()
            self._push(watcher, block)

    def close(self) -> None:
        for watcher in self._watchers:
            watcher.queue.put_nowait(None)

    def _push(self, watcher: Watcher, block: bytes) -> None:
        if watcher.queue.qsize() >= KEPT_UNREAD:
            self.leave(watcher)
            watcher.queue.put_nowait(None)
        else:
            watcher.queue.put_nowait(block)
