"""A short-lived cache of responses, as the real server has."""

import time
from collections.abc import Callable

from aiohttp import web

from sandbox.horde.errors import raw_response


class ResponseCache:
    """JSON bodies by key, each with an expiry."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.enabled = True
        self.clock = clock
        self._bodies: dict[str, tuple[float, bytes]] = {}

    def get(self, key: str) -> web.Response | None:
        """The cached response, unless it has expired."""
        found = self._bodies.get(key)
        if found is None or not self.enabled or found[0] <= self.clock():
            return None
        return raw_response(found[1])

    def store(self, key: str, seconds: float, response: web.Response) -> web.Response:
        """Cache a 200 response for some seconds; returns the response."""
        if self.enabled and response.status == 200 and isinstance(response.body, bytes):
            self._bodies[key] = self.clock() + seconds, response.body
        return response

    def clear(self) -> None:
        self._bodies.clear()

    def remove_expired(self) -> None:
        """Remove expired responses."""
        now = self.clock()
        for key in [key for key, (end, _) in self._bodies.items() if end <= now]:
            del self._bodies[key]
