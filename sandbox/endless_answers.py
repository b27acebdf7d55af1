"""Answers that never end: silence, an error that comes byte by byte, headers without an end."""

import asyncio
import contextlib

from aiohttp import web

LOOK = 0.1  # seconds between looks whether the client is gone
LENGTH = 100_000  # bytes that the body of an error promises


async def until_left(request: web.Request) -> None:
    """Wait until the client has closed the connection."""
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(LOOK)


async def dripping_error(request: web.Request, status: int, seconds: float) -> web.StreamResponse:
    """An error with that status, whose body has one byte each `seconds`."""
    response = web.StreamResponse(status=status, headers={"Content-Type": "application/json"})
    response.content_length = LENGTH
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):
        for _ in range(LENGTH):
            await response.write(b" ")
            await asyncio.sleep(seconds)
    return response


async def endless_headers(request: web.Request, seconds: float) -> None:
    """A success with one more header each `seconds`, until the client has left."""
    count, transport = 0, request.transport
    assert transport is not None
    transport.write(b"HTTP/1.1 200 OK\r\n")
    while not transport.is_closing():
        transport.write(b"X-More-%d: yes\r\n" % count)
        count += 1
        await asyncio.sleep(seconds)
