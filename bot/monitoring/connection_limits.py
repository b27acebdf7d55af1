"""Limits of the connections to the bot's HTTP server: their number and their duration.

The web server bounds the bytes of a caller, but waits while single bytes arrive. A few thousand
such callers would use up all file descriptors of the process.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

from aiohttp import web


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """`most`: connections at once. `seconds`: of one connection, in all."""

    most: int = 100
    seconds: float = 10.0  # the Horde waits 3 s (docs/horde-api.md#webhooks), a proxy sends at once


class ConnectionLimiter:
    """Protocol factory for asyncio's `create_server` that limits the connections.

    One request per connection. A slow caller is cut off; when there are too many, the oldest
    connection is closed, because it had the most time.
    """

    def __init__(self, server: web.Server, patience: ConnectionLimits) -> None:
        self._server = server
        self._patience = patience
        self._ends: dict[asyncio.Transport, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.Protocol:
        """The protocol for the next connection."""
        return _LimitedConnection(self._server(), self)

    def __len__(self) -> int:
        return len(self._ends)

    def enter(self, transport: asyncio.Transport) -> None:
        """Count a new connection."""
        if len(self._ends) >= self._patience.most:
            self._cut(next(iter(self._ends)))
        loop = asyncio.get_running_loop()
        self._ends[transport] = loop.call_later(self._patience.seconds, self._cut, transport)

    def leave(self, transport: asyncio.Transport) -> None:
        """Count a closed connection."""
        end = self._ends.pop(transport, None)
        if end is not None:
            end.cancel()

    def _cut(self, transport: asyncio.Transport) -> None:
        self.leave(transport)
        transport.abort()  # a polite close would wait for a caller that does not read


class _LimitedConnection(asyncio.Protocol):
    """One counted connection to the web server."""

    def __init__(self, inner: asyncio.Protocol, callers: ConnectionLimiter) -> None:
        self._inner = inner
        self._callers = callers
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._callers.enter(self._transport)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._transport is not None:
            self._callers.leave(self._transport)
        self._inner.connection_lost(exc)


async def say_goodbye(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: the connection ends after its first response."""
    del request
    response.force_close()
    response.headers["Connection"] = "close"  # the server sets this header too late
