"""The gateway: who is connected, and which event goes to whom."""

import asyncio
import contextlib
import json
import time
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord.gateway.compression import encoder
from sandbox.discord.gateway.payload_handler import CloseCode, Handshake, Intents, Op
from sandbox.discord.gateway.sessions import Link, Session
from sandbox.discord.objects.entities import World
from sandbox.discord.objects.snowflake import shard_of
from sandbox.discord.settings import Knobs
from sandbox.faults import Range

Json = dict[str, Any]

LATE_BEAT = 1.5  # heartbeats that a client may be late before it is taken for dead
COMPACT = (",", ":")
LARGEST_PAYLOAD = 15 * 1024  # bytes of the JSON that a client may send


class Gateway:
    """The websockets of the bots."""

    def __init__(self, world: World, knobs: Knobs, latency: Callable[[], Range | None]) -> None:
        self.is_down = False
        self.sessions: dict[str, Session] = {}
        self.handshake = Handshake(world, knobs, self.sessions)
        self._knobs = knobs
        self._latency = latency
        self._links: set[Link] = set()

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
        """Send an event to the sessions of its shard that asked for it.

        Sessions that did not ask for message content get `without_content`, if given.
        """
        full: str | None = None
        bare: str | None = None
        for session in self._alive():
            if shard_of(guild_id, session.shards) != session.shard:
                continue
            if intent and not session.intents & intent:
                continue
            if without_content is None or session.intents & Intents.MESSAGE_CONTENT:
                full = full or json.dumps(data, separators=COMPACT)
                session.dispatch(event, full)
            else:
                bare = bare or json.dumps(without_content, separators=COMPACT)
                session.dispatch(event, bare)

    def _alive(self) -> list[Session]:
        for session in [one for one in self.sessions.values() if one.is_dead()]:
            del self.sessions[session.id]
        return list(self.sessions.values())

    def describe(self) -> list[Json]:
        return [
            {
                "session_id": session.id,
                "shard": [session.shard, session.shards],
                "compress": session.link.compress if session.link else None,
                "connected": session.link is not None,
                "intents": session.intents,
            }
            for session in self._alive()
        ]

    # --- trouble --------------------------------------------------------------------------

    def reconnect(self) -> None:
        """Ask every client to come back and resume (op 7)."""
        for link in self._links:
            link.send({"op": Op.RECONNECT, "d": None})

    def invalidate(self, *, resumable: bool) -> None:
        """Say that the session is invalid (op 9)."""
        for link in self._links:
            if not resumable and link.session:
                self.sessions.pop(link.session.id, None)
                link.session = None
            link.send({"op": Op.INVALID_SESSION, "d": resumable})

    def drop(self) -> None:
        """Cut every connection without a word."""
        for link in self._links:
            link.abort()

    def say_goodbye(self) -> None:
        for link in self._links:
            link.close(CloseCode.GOING_AWAY)

    # --- one connection -------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The websocket endpoint."""
        if self.is_down:
            raise web.HTTPServiceUnavailable(text="the gateway is down")
        socket = web.WebSocketResponse(compress=False, timeout=1.0, max_msg_size=LARGEST_PAYLOAD)
        await socket.prepare(request)
        link = Link(request, socket, encoder(request.query.get("compress")), self._latency)
        self._links.add(link)
        pump = asyncio.create_task(link.pump())
        link.send({"op": Op.HELLO, "d": {"heartbeat_interval": int(self._knobs.heartbeat * 1000)}})
        try:
            await self._listen(socket, link)
        finally:
            self._links.discard(link)
            self._leave(link, socket.close_code)
            pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await pump
        return socket

    async def _listen(self, socket: web.WebSocketResponse, link: Link) -> None:
        while True:
            patience = link.beat_at + self._knobs.heartbeat * LATE_BEAT - time.monotonic()
            try:
                message = await socket.receive(timeout=max(patience, 0.01))
            except TimeoutError:
                await socket.close(code=CloseCode.TIMED_OUT)
                return
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            self.handshake.receive(link, message.data)

    def _leave(self, link: Link, code: int | None) -> None:
        session = link.session
        if session is None or session.link is not link:
            return
        session.detach()
        if code in (CloseCode.NORMAL, CloseCode.GOING_AWAY):
            # A client that says good-bye in this way does not come back.
            self.sessions.pop(session.id, None)
