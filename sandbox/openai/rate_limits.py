"""The limit of requests per minute of a key, with the headers of OpenAI."""

import math
import time
from collections import deque

from sandbox.openai.errors import ApiError
from sandbox.openai.state import OpenAiState

WINDOW_SECONDS = 60.0


def count_call(state: OpenAiState, key: str) -> dict[str, str]:
    """Count a call and return the headers for its answer. Raises ApiError 429 over the limit."""
    now, limit = time.monotonic(), state.settings.requests_per_minute
    calls = state.calls.setdefault(key, deque())
    while calls and calls[0] <= now - WINDOW_SECONDS:
        calls.popleft()
    wait = calls[0] + WINDOW_SECONDS - now if calls else 0.0
    if len(calls) >= limit:
        raise _too_many(limit, wait)
    calls.append(now)
    return _headers(limit, limit - len(calls), wait)


def _headers(limit: int, remaining: int, wait: float) -> dict[str, str]:
    return {
        "x-ratelimit-limit-requests": str(limit),
        "x-ratelimit-remaining-requests": str(remaining),
        "x-ratelimit-reset-requests": f"{wait:.3f}s",
    }


def _too_many(limit: int, wait: float) -> ApiError:
    seconds = max(1, math.ceil(wait))
    message = (
        f"Rate limit reached on requests per min (RPM): Limit {limit}, Used {limit}, Requested 1. "
        f"Please try again in {seconds}s."
    )
    headers = _headers(limit, 0, wait) | {"Retry-After": str(seconds)}
    return ApiError(429, message, kind="requests", code="rate_limit_exceeded", headers=headers)
