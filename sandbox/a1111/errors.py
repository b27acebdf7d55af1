"""The error responses of the local web UI."""

import json
from collections.abc import Iterable
from typing import Any

from aiohttp import web
from pydantic import ValidationError


class WebuiError(Exception):
    """An exception inside the web UI; `name` is the name of its Python class."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.status, self.detail, self.message = 500, "", message


class HttpError(WebuiError):
    """A FastAPI HTTPException: a status and a text in `detail`."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__("HTTPException", "")
        self.status, self.detail = status, detail


def error_response(error: WebuiError, *, forge: bool) -> web.Response:
    """Forge has no exception handlers of its own, so it sends what FastAPI sends."""
    if not forge:
        body = {"error": error.name, "detail": error.detail, "body": "", "errors": error.message}
        return json_response(body, error.status)
    if isinstance(error, HttpError):
        return json_response({"detail": error.detail}, error.status)
    return web.Response(status=500, text="Internal Server Error")


def invalid_body(error: ValidationError) -> web.Response:
    """FastAPI's 422: one entry per invalid field, with its place in the body."""
    return json_response({"detail": list(_entries(error))}, 422)


def malformed_json(error: json.JSONDecodeError) -> web.Response:
    entry = {"loc": ["body", error.pos], "msg": str(error), "type": "value_error.jsondecode"}
    return json_response({"detail": [entry]}, 422)


def json_response(body: Any, status: int = 200) -> web.Response:
    return web.json_response(body, status=status)


def _entries(error: ValidationError) -> Iterable[dict[str, Any]]:
    for fault in error.errors():
        yield {"loc": ["body", *fault["loc"]], "msg": fault["msg"], "type": fault["type"]}
