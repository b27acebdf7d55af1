"""The rate limits, with fixed windows and headers like flask-limiter's."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

MINUTE, HOUR = 60, 3600
UNIT_NAMES = {1: "second", MINUTE: "minute", HOUR: "hour"}
TRUSTED_SECONDS = 24 * HOUR  # a request of a trusted account raises its address's limits so long


@dataclass(frozen=True, slots=True)
class Rate:
    """A number of calls per window of some seconds, counted by address or by API key."""

    calls: int
    seconds: int
    by: str = "path"  # "path": address and path; "route": address and route; "key": key and path
    trusted_calls: int | None = None  # the number of calls on a trusted address

    def text(self, calls: int) -> str:
        return f"{calls} per 1 {UNIT_NAMES[self.seconds]}"


DEFAULT = (Rate(90, MINUTE, "route"),)
SUBMIT = (
    Rate(90, MINUTE, trusted_calls=300),
    Rate(2, 1, trusted_calls=10),
    Rate(2, 1, "key", trusted_calls=60),
)
STYLE_SECOND = Rate(2, 1, trusted_calls=10)
STYLE_MINUTE = (Rate(90, MINUTE, trusted_calls=300), STYLE_SECOND)
STYLE_HOUR = (Rate(20, HOUR), STYLE_SECOND)
KINDS = ("image", "text")
RATES: dict[str, tuple[Rate, ...]] = {
    "POST /generate/async": SUBMIT,
    "POST /generate/text/async": SUBMIT,
    "GET /generate/status/{id}": (Rate(10, MINUTE),),
    "DELETE /generate/status/{id}": (Rate(10, MINUTE),),
    "GET /generate/check/{id}": (Rate(10, 1),),
    "GET /generate/text/status/{id}": (Rate(60, MINUTE),),
    "DELETE /generate/text/status/{id}": (Rate(60, MINUTE),),
    "GET /interrogate/status/{id}": (Rate(10, 1),),
    "DELETE /interrogate/status/{id}": (Rate(10, 1),),
    "POST /generate/rate/{id}": (Rate(5, MINUTE),),
    "POST /kudos/transfer": (Rate(90, HOUR, "key", trusted_calls=600), Rate(1, 1, "key")),
    "GET /users/{user_id}": (Rate(60, MINUTE),),
    "PUT /users/{user_id}": (Rate(60, MINUTE),),
    "DELETE /users/{user_id}": (Rate(60, MINUTE),),
    "GET /workers/{worker_id}": (Rate(30, MINUTE),),
    "PUT /workers/{worker_id}": (Rate(30, MINUTE),),
    "DELETE /workers/{worker_id}": (Rate(30, MINUTE),),
    "GET /status/modes": (Rate(30, MINUTE, "route"),),
    "GET /teams": (Rate(30, MINUTE, "route"),),
    "POST /teams": (Rate(30, MINUTE, "route"),),
    "GET /teams/{team_id}": (Rate(30, MINUTE),),
    "PATCH /teams/{team_id}": (Rate(30, MINUTE),),
    "DELETE /teams/{team_id}": (Rate(30, MINUTE),),
    "PUT /sharedkeys": (Rate(5, MINUTE),),
    "GET /styles/image": STYLE_MINUTE,
    "POST /styles/image": STYLE_MINUTE,
    "GET /collections": STYLE_MINUTE,
    "POST /collections": STYLE_MINUTE,
    "GET /collections/{collection_id}": STYLE_MINUTE,
    "PATCH /collections/{collection_id}": STYLE_MINUTE,
    "DELETE /collections/{collection_id}": STYLE_MINUTE,
    "POST /styles/image/{style_id}/example": STYLE_MINUTE,
    "GET /styles/text/{style_id}": STYLE_MINUTE,
    "PATCH /styles/text/{style_id}": STYLE_MINUTE,
    "DELETE /styles/text/{style_id}": STYLE_MINUTE,
    "GET /styles/image/{style_id}": STYLE_HOUR,
    "PATCH /styles/image/{style_id}": STYLE_HOUR,
    "DELETE /styles/image/{style_id}": STYLE_HOUR,
    "GET /styles/text": STYLE_HOUR,
    "POST /styles/text": STYLE_HOUR,
    "GET /status/heartbeat": (),
    "GET /status/style_contract": (),
    "GET /generate/request/{id}": (Rate(60, MINUTE),),
    "GET /generate/text/request/{id}": (Rate(60, MINUTE),),
    "GET /r2/{object}": (),
    "PUT /r2/{object}": (),
    **{
        f"POST {path}/{end}": (Rate(60, 1, "route"),)
        for path in ("/generate", "/generate/text", "/interrogate")
        for end in ("pop", "submit")
    },
}


# The limits that the newer server changed.
NEWER_RATES: dict[str, tuple[Rate, ...]] = {
    **{f"POST /styles/{kind}": STYLE_HOUR for kind in KINDS},
    **{
        f"{method} /styles/{kind}/{{style_id}}": STYLE_MINUTE
        for method in ("PATCH", "DELETE")
        for kind in KINDS
    },
    **{f"GET /styles/{kind}{end}": DEFAULT for kind in KINDS for end in ("", "/{style_id}")},
}


@dataclass(frozen=True, slots=True)
class LimitResult:
    """The result of a rate limit check: response headers and, if exceeded, the limit."""

    headers: dict[str, str]
    refusal: str | None = None  # "2 per 1 second"


class RateLimiter:
    """Counts calls in memory."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.enabled = True
        self.newer = False  # whether the newer server's limits apply
        self.clock = clock
        self._windows: dict[tuple[str, int, str], tuple[int, float]] = {}
        self._trusted: dict[str, float] = {}

    def trust(self, address: str) -> None:
        """Raise the limits of an address after a request of a trusted account."""
        self._trusted[address] = self.clock() + TRUSTED_SECONDS

    def check(self, route: str, address: str, request: web.Request) -> LimitResult:
        """Count one call. The first full window refuses it; later windows do not count it."""
        rates = RATES.get(route, DEFAULT)
        if self.newer:
            rates = NEWER_RATES.get(route, rates)
        if not self.enabled or not rates:
            return LimitResult({})
        now = self.clock()
        trusted = self._trusted.get(address, 0.0) > now
        headers: dict[str, str] = {}
        tightest = HOUR + 1
        for rate in rates:
            subject = _subject(rate, address, request)
            calls = rate.trusted_calls if rate.trusted_calls is not None and trusted else rate.calls
            if rate.by == "key" and request.headers.get("apikey") == "0000000000":
                calls = rate.trusted_calls or calls
            used, end = self._count((subject, rate.seconds, route), rate.seconds, now)
            if used > calls:
                return LimitResult(_headers(calls, used, end, now), rate.text(calls))
            if rate.seconds < tightest:  # the headers describe one window only
                headers, tightest = _headers(calls, used, end, now), rate.seconds
        return LimitResult(headers)

    def reset(self) -> None:
        """Remove all counts, as a restart does."""
        self._windows.clear()
        self._trusted.clear()

    def remove_expired(self) -> None:
        """Remove expired windows."""
        now = self.clock()
        for key in [key for key, (_, end) in self._windows.items() if end <= now]:
            del self._windows[key]

    def _count(self, key: tuple[str, int, str], seconds: int, now: float) -> tuple[int, float]:
        used, end = self._windows.get(key, (0, 0.0))
        if end <= now:  # a window starts with its first call
            used, end = 0, now + seconds
        self._windows[key] = used + 1, end
        return used + 1, end


def _subject(rate: Rate, address: str, request: web.Request) -> str:
    if rate.by == "key":
        key = request.headers.get("apikey", "").encode()
        return f"{hashlib.sha256(key).hexdigest()}@{request.path}"
    return f"{address}@{request.path}" if rate.by == "path" else address


def _headers(calls: int, used: int, end: float, now: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(calls),
        "X-RateLimit-Remaining": str(max(0, calls - used)),
        "X-RateLimit-Reset": str(int(end) + 1),
        "Retry-After": str(max(0, round(end - now))),
    }
