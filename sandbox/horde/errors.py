"""The Horde's error responses."""

import json
from typing import Any

from aiohttp import web

INVALID = "Input payload validation failed"
MALFORMED = "The browser (or proxy) sent a request that this server could not understand."
NOT_FOUND_PAGE = """<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check \
your spelling and try again.</p>
"""


class ApiError(Exception):
    """An error response: status and JSON body. `rc` is None for errors without a code.

    `newer_rc`: the code of server 5.1.14, for errors whose code changed after 5.1.5.
    """

    def __init__(
        self, status: int, rc: str | None, message: str, *, newer_rc: str | None = None
    ) -> None:
        super().__init__(rc or message)
        self.status = status
        self.body: dict[str, Any] = {"message": message}
        if rc is not None:
            self.body["rc"] = rc
        self.newer_rc = newer_rc

    def body_of(self, *, newer: bool) -> dict[str, Any]:
        """The body as the older or the newer server sends it."""
        return self.body | ({"rc": self.newer_rc} if newer and self.newer_rc else {})


class InvalidPayload(ApiError):
    """The body or a header violates the schema: all errors by dotted path, without rc."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(400, None, INVALID)
        self.body = {"errors": errors, "message": INVALID}


def malformed_request() -> ApiError:
    """The body is no JSON, or its content type is not JSON."""
    return ApiError(400, None, MALFORMED)


def internal_error() -> ApiError:
    """The real server has a bug here: an unhandled exception."""
    return ApiError(500, None, "Internal Server Error")


def bad_request(message: str, newer_rc: str | None = None) -> ApiError:
    return ApiError(400, "BadRequest", message, newer_rc=newer_rc)


def forbidden(message: str) -> ApiError:
    return ApiError(403, "Forbidden", message)


def invalid_key() -> ApiError:
    return ApiError(
        401,
        "InvalidAPIKey",
        "No user matching sent API Key. "
        "Have you remembered to register at https://stablehorde.net/register ?",
    )


def json_response(body: Any, status: int = 200) -> web.Response:
    return raw_response(json.dumps(body).encode(), status)


def raw_response(body: bytes, status: int = 200) -> web.Response:
    """A response with an encoded JSON body."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    return web.Response(status=status, body=body, headers=headers)


def html_response(page: str, status: int) -> web.Response:
    headers = {"Content-Type": "text/html; charset=utf-8"}
    return web.Response(status=status, body=page.encode(), headers=headers)
