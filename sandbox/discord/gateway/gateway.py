"""The gateway: websocket connections, sessions, and the delivery of events."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord.gateway.compression import encoder
from sandbox.discord.gateway.payload_handler import PayloadHandler
from sandbox.discord.gateway.protocol import CloseCode, Intents, Opcode
from sandbox.discord.gateway.sessions import Connection, Session
from sandbox.discord.objects.entities import EntityStore
from sandbox.discord.objects.snowflake import shard_of
from sandbox.discord.settings import Settings
from sandbox.faults import Range

Json = dict[str, Any]

HEARTBEATS_MISSED = 1.5  # heartbeat intervals without a heartbeat until the connection is closed
COMPACT_SEPARATORS = (",", ":")
LARGEST_PAYLOAD = 15 * 1024  # bytes of the JSON that a client may send


class Gateway:
    """The websocket connections and sessions of the bots."""

    def __init__(
        self, entities: EntityStore, settings: Settings, latency: Callable[[], Range | None]
    ) -> None:
        self.is_down = False
        self.sessions: dict[str, Session] = {}
        self.payload_handler = PayloadHandler(entities, settings, self.sessions)
        self._settings = settings
        self._latency = latency
        self._connections: set[Connection] = set()

    # --- events ---------------------------------------------------------------------------

    def emit(
        self,
        event: str,
        data: Json,
        guild_id: str | None,
        intent: int = 0,
        *,
        without_content: Json | None = None,
    ) -> None:
        """Send an event to the sessions of its shard that have the intent.

        Sessions without the message content intent get `without_content`, if given.
        """
        full: str | None = None
        reduced: str | None = None
        for session in self._live_sessions():
            if shard_of(guild_id, session.shards) != session.shard:
                continue
            if intent and not session.intents & intent:
                continue
            if without_content is None or session.intents & Intents.MESSAGE_CONTENT:
                full = full or json.dumps(data, separators=COMPACT_SEPARATORS)
                session.dispatch(event, full)
            else:
                reduced = reduced or json.dumps(without_content, separators=COMPACT_SEPARATORS)
                session.dispatch(event, reduced)

    def _live_sessions(self) -> list[Session]:
        for session in [one for one in self.sessions.values() if one.is_expired()]:
            del self.sessions[session.id]
        return list(self.sessions.values())

    def sessions_json(self) -> list[Json]:
        return [
            {
                "session_id": session.id,
                "shard": [session.shard, session.shards],
                "compress": session.connection.compress if session.connection else None,
                "connected": session.connection is not None,
                "intents": session.intents,
            }
            for session in self._live_sessions()
        ]

    # --- faults ---------------------------------------------------------------------------

    def request_reconnect(self) -> None:
        """Ask every client to reconnect and resume (op 7)."""
        for connection in self._connections:
            connection.send({"op": Opcode.RECONNECT, "d": None})

    def invalidate_sessions(self, *, resumable: bool) -> None:
        """Tell every client that its session is invalid (op 9)."""
        for connection in self._connections:
            if not resumable and connection.session:
                self.sessions.pop(connection.session.id, None)
                connection.session = None
            connection.send({"op": Opcode.INVALID_SESSION, "d": resumable})

    def drop_connections(self) -> None:
        """Abort every connection without a close frame."""
        for connection in self._connections:
            connection.abort()

    def close_connections(self) -> None:
        for connection in self._connections:
            connection.close(CloseCode.GOING_AWAY)

    # --- one connection -------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The websocket endpoint."""
        if self.is_down:
            raise web.HTTPServiceUnavailable(text="the gateway is down")
        socket = web.WebSocketResponse(compress=False, timeout=1.0, max_msg_size=LARGEST_PAYLOAD)
        await socket.prepare(request)
        connection = Connection(
            request, socket, encoder(request.query.get("compress")), self._latency
        )
        self._connections.add(connection)
        writer = asyncio.create_task(connection.write_queued())
        connection.send(
            {"op": Opcode.HELLO, "d": {"heartbeat_interval": int(self._settings.heartbeat * 1000)}}
        )
        try:
            await self._listen(socket, connection)
        finally:
            self._connections.discard(connection)
            self._disconnected(connection, socket.close_code)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    async def _listen(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        while True:
            timeout = (
                connection.last_heartbeat
                + self._settings.heartbeat * HEARTBEATS_MISSED
                - time.monotonic()
            )
            try:
                message = await socket.receive(timeout=max(timeout, 0.01))
            except TimeoutError:
                await socket.close(code=CloseCode.TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self.payload_handler.handle(connection, message.data)

    def _disconnected(self, connection: Connection, code: int | None) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.detach()
        if code in (CloseCode.NORMAL, CloseCode.GOING_AWAY):
            # A client that closes with these codes does not resume.
            self.sessions.pop(session.id, None)
