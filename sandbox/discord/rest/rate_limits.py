"""Rate limits. Discord publishes none per route; these values are commonly observed."""

import hashlib
import time
from dataclasses import dataclass

from aiohttp import web

from sandbox.discord.rest.bodies import json_response

WEBHOOK = (5, 2.0)  # calls per seconds, for one token
MESSAGES = (5, 5.0)  # for one channel and method
GLOBAL = (50, 1.0)  # all calls of a bot; interactions do not count
KEPT_WINDOWS = 10_000


@dataclass(slots=True)
class Window:
    limit: int
    ends: float
    remaining: int


class RateLimiter:
    """Counts calls in windows that start with their first call."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def count_call(self, key: str, limit: int, seconds: float) -> tuple[Window, bool]:
        """The window after this call, and whether the call fits in it."""
        now = time.time()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            self._forget_old(now)
            window = self._windows[key] = Window(limit, now + seconds, limit)
        fits = window.remaining > 0
        window.remaining -= fits
        return window, fits

    def _forget_old(self, now: float) -> None:
        if len(self._windows) >= KEPT_WINDOWS:
            live = {key: one for key, one in self._windows.items() if one.ends > now}
            self._windows = live


def rate_limit_headers(route: str, window: Window) -> dict[str, str]:
    """The rate limit headers of every response."""
    return {
        "X-RateLimit-Limit": str(window.limit),
        "X-RateLimit-Remaining": str(window.remaining),
        "X-RateLimit-Reset": f"{window.ends:.3f}",
        "X-RateLimit-Reset-After": f"{max(window.ends - time.time(), 0):.3f}",
        "X-RateLimit-Bucket": hashlib.md5(route.encode(), usedforsecurity=False).hexdigest(),
    }


def too_many_requests(window: Window, *, is_global: bool) -> web.Response:
    """The 429 response."""
    wait = round(max(window.ends - time.time(), 0.001), 3)
    message = "You are being rate limited."
    body = {"message": message, "code": 0, "retry_after": wait, "global": is_global}
    response = json_response(body, 429)
    response.headers["Retry-After"] = f"{wait:.3f}"
    response.headers["X-RateLimit-Scope"] = "global" if is_global else "user"
    if is_global:
        response.headers["X-RateLimit-Global"] = "true"
    return response


def bucket_of(route: str, parts: dict[str, str]) -> tuple[str, int, float] | None:
    """Key, limit and seconds of a route's bucket; None where the sandbox has no limit."""
    if "/webhooks/" in route:
        return f"webhook:{parts.get('token')}", *WEBHOOK
    if "/channels/{channel}/messages" in route:
        method, _, _ = route.partition(" ")
        return f"{method}:{parts.get('channel')}", *MESSAGES
    return None
