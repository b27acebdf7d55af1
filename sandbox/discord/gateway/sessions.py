"""Gateway sessions and connections; a session outlives its connections."""

import asyncio
import json
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.discord.gateway.compression import Encode
from sandbox.faults import Range

KEPT_EVENTS = 5000  # with more missed events the session cannot be resumed
RESUME_WINDOW = 180.0  # seconds that a session waits for its client


@dataclass(frozen=True, slots=True)
class _Close:
    code: int


class Connection:
    """One websocket. Payloads are sent in order, each after the latency."""

    def __init__(
        self,
        request: web.Request,
        socket: web.WebSocketResponse,
        encode: Encode,
        latency: Callable[[], Range | None],
    ) -> None:
        self._request = request
        self._socket = socket
        self._encode = encode
        self._latency = latency
        self._queue: asyncio.Queue[tuple[float, str | _Close]] = asyncio.Queue()
        self._due = 0.0
        self.compress = request.query.get("compress")
        self.last_heartbeat = time.monotonic()
        self.session: Session | None = None

    def send(self, payload: dict[str, Any]) -> None:
        self.send_text(json.dumps(payload, separators=(",", ":")))

    def send_text(self, text: str) -> None:
        self._enqueue(text)

    def close(self, code: int) -> None:
        """Close the websocket after all queued payloads."""
        self._enqueue(_Close(code))

    def abort(self) -> None:
        """Cut the TCP connection."""
        if self._request.transport is not None:
            self._request.transport.abort()

    async def write_queued(self) -> None:
        """Send queued payloads until the connection is closed."""
        while True:
            due, item = await self._queue.get()
            if (wait := due - time.monotonic()) > 0:
                await asyncio.sleep(wait)
            if isinstance(item, _Close):
                await self._socket.close(code=item.code)
                return
            await self._write(self._encode(item))

    def _enqueue(self, item: str | _Close) -> None:
        latency = self._latency()
        delay = random.uniform(*latency) if latency else 0.0  # noqa: S311  jitter, no secret
        self._due = max(self._due, time.monotonic() + delay)
        self._queue.put_nowait((self._due, item))

    async def _write(self, frame: str | bytes) -> None:
        try:
            if isinstance(frame, str):
                await self._socket.send_str(frame)
            else:
                await self._socket.send_bytes(frame)
        except ConnectionError:
            # The reading task sees the end of the connection too and detaches the session.
            self.abort()


@dataclass(slots=True)
class Session:
    """One session. A client that resumes it gets the events that it missed."""

    id: str
    token: str
    shard: int
    shards: int
    intents: int
    connection: Connection | None
    seq: int = 0
    disconnected_at: float = 0.0
    _sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))

    def dispatch(self, event: str, data: str) -> None:
        """Send an event, given as JSON text, now or when the client resumes."""
        text = self._numbered(event, data)
        self._sent.append((self.seq, text))
        if self.connection:
            self.connection.send_text(text)

    def _numbered(self, event: str, data: str) -> str:
        self.seq += 1
        return f'{{"op":0,"s":{self.seq},"t":"{event}","d":{data}}}'

    def can_resume(self, token: str, seq: int) -> bool:
        """Whether all events after `seq` are still stored."""
        first = self._sent[0][0] if self._sent else self.seq + 1
        return token == self.token and first - 1 <= seq <= self.seq

    def replay(self, connection: Connection, seq: int) -> None:
        """Attach a new connection and send it the events after `seq`."""
        self.connection = connection
        for number, text in self._sent:
            if number > seq:
                connection.send_text(text)
        # Not stored: a later replay must not repeat it.
        connection.send_text(self._numbered("RESUMED", '{"_trace":["sandbox"]}'))

    def detach(self) -> None:
        self.connection = None
        self.disconnected_at = time.monotonic()

    def is_expired(self) -> bool:
        return self.connection is None and time.monotonic() - self.disconnected_at > RESUME_WINDOW
