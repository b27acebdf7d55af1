"""Headers of answers that belong to one account."""

from aiohttp import web


def private(response: web.Response) -> web.Response:
    """Mark an answer as one that no cache may keep."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
