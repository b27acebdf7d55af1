"""Errors in the form of FastAPI: {"detail": …}, and the one of its rate limiter."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import ValidationError

PATH_CLOSED = "This generation path is temporarily unavailable."


class ApiError(Exception):
    def __init__(self, status: int, detail: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(detail))
        self.status = status
        self.detail = detail
        self.headers = headers

    def response(self) -> web.Response:
        body = {"detail": self.detail}
        return web.json_response(body, status=self.status, headers=self.headers)


def too_many_calls() -> web.Response:
    """The refusal of the rate limiter, without Retry-After."""
    message = "Rate limit exceeded. Please slow down."
    body = {"error": {"message": message, "type": "rate_limit_error"}}
    return web.json_response(body, status=429)


def invalid(error: ValidationError, place: str = "body") -> ApiError:
    """The list of all errors, with the place in front of each path."""
    faults = error.errors(include_url=False, include_context=False)
    return ApiError(422, [{**fault, "loc": [place, *fault["loc"]]} for fault in faults])


def not_json(position: int) -> ApiError:
    fault = {"type": "json_invalid", "loc": ["body", position], "msg": "JSON decode error"}
    return ApiError(422, [fault | {"input": {}}])
