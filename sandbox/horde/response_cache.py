"""Answers kept for a moment, as the real server keeps them (which clients have to live with)."""

import time
from collections.abc import Callable

from aiohttp import web

from sandbox.horde.errors import raw_response


class ResponseCache:
    """JSON bodies by key, each with its time to live."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.enabled = True
        self.clock = clock
        self._bodies: dict[str, tuple[float, bytes]] = {}

    def get(self, key: str) -> web.Response | None:
        """The kept answer while it is fresh."""
        found = self._bodies.get(key)
        if found is None or not self.enabled or found[0] <= self.clock():
            return None
        return raw_response(found[1])

    def store(self, key: str, seconds: float, response: web.Response) -> web.Response:
        """Keep a 200 answer for so many seconds, and give it back."""
        if self.enabled and response.status == 200 and isinstance(response.body, bytes):
            self._bodies[key] = self.clock() + seconds, response.body
        return response

    def clear(self) -> None:
        self._bodies.clear()

    def remove_expired(self) -> None:
        """Forget what is stale."""
        now = self.clock()
        for key in [key for key, (end, _) in self._bodies.items() if end <= now]:
            del self._bodies[key]
