"""Who is connected to the bot's own server: how many at once, and for how long at most.

The web server bounds how much a caller may send, but waits as long as a byte comes now and then. A
few thousand such callers would take every file that the process may open.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

from aiohttp import web


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """`most`: connections at once. `seconds`: of one, from its first byte to its last."""

    most: int = 100
    seconds: float = 10.0  # the Horde waits 3 s (docs/horde-api.md#webhooks), a proxy sends at once


class ConnectionLimiter:
    """Makes what answers a connection, for asyncio's `create_server`.

    Each connection is one request: who has a second one connects again. Whoever is slow is cut off,
    and of more than there is room for, whoever came first makes room: they had the most time.
    """

    def __init__(self, server: web.Server, patience: ConnectionLimits) -> None:
        self._server = server
        self._patience = patience
        self._ends: dict[asyncio.Transport, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.Protocol:
        """What answers the next connection."""
        return _LimitedConnection(self._server(), self)

    def __len__(self) -> int:
        return len(self._ends)

    def enter(self, transport: asyncio.Transport) -> None:
        """Somebody has connected."""
        if len(self._ends) >= self._patience.most:
            self._cut(next(iter(self._ends)))
        loop = asyncio.get_running_loop()
        self._ends[transport] = loop.call_later(self._patience.seconds, self._cut, transport)

    def leave(self, transport: asyncio.Transport) -> None:
        """They are gone."""
        end = self._ends.pop(transport, None)
        if end is not None:
            end.cancel()

    def _cut(self, transport: asyncio.Transport) -> None:
        self.leave(transport)
        transport.abort()  # closed politely, it would wait for a reader who reads nothing


class _LimitedConnection(asyncio.Protocol):
    """One connection: the web server's own, counted."""

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
    """For `on_response_prepare`: the connection ends with its first answer."""
    del request
    response.force_close()
    response.headers["Connection"] = "close"  # it is too late for the server to say so by itself
