"""Server-sent events for the open pages."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KEPT_UNREAD = 10_000  # a slower page is disconnected and reloads


@dataclass(slots=True, eq=False)
class Subscriber:
    """One open page; None in its queue ends the stream."""

    viewer: str | None
    queue: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue[bytes | None])


class EventStream:
    """Sends events to all subscribers. The data is only built when there is one."""

    def __init__(self) -> None:
        self._subscribers: set[Subscriber] = set()

    def subscribe(self, viewer: str | None) -> Subscriber:
        subscriber = Subscriber(viewer)
        self._subscribers.add(subscriber)
        return subscriber

    def unsubscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)

    def publish(
        self, event: str, data: Callable[[], dict[str, Any]], sees: Callable[[str], bool]
    ) -> None:
        """Send an event to the subscribers for whom `sees(user id)`; without a viewer to all."""
        block: bytes | None = None
        for subscriber in list(self._subscribers):
            if subscriber.viewer is not None and not sees(subscriber.viewer):
                continue
            block = block or f"event: {event}\ndata: {json.dumps(data())}\n\n".encode()
            self._push(subscriber, block)

    def close(self) -> None:
        for subscriber in self._subscribers:
            subscriber.queue.put_nowait(None)

    def _push(self, subscriber: Subscriber, block: bytes) -> None:
        if subscriber.queue.qsize() >= KEPT_UNREAD:
            self.unsubscribe(subscriber)
            subscriber.queue.put_nowait(None)
        else:
            subscriber.queue.put_nowait(block)
