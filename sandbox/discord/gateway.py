"""The gateway: who is connected, and which event goes to whom."""

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import Callable
from enum import IntEnum, IntFlag
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.discord.compression import encoder
from sandbox.discord.knobs import Knobs
from sandbox.discord.session import Link, Session
from sandbox.discord.snowflake import shard_of
from sandbox.discord.wire import (
    APPLICATION_FLAGS,
    guild_create_json,
    member_json,
    user_json,
)
from sandbox.discord.world import World
from sandbox.faults import Range

log = logging.getLogger(__name__)

Json = dict[str, Any]

LATE_BEAT = 1.5  # heartbeats that a client may be late before it is taken for dead
COMPACT = (",", ":")


class Op(IntEnum):
    HEARTBEAT = 1
    IDENTIFY = 2
    PRESENCE = 3
    VOICE = 4
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    ACK = 11


class Intents(IntFlag):
    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_MESSAGES = 1 << 9
    DIRECT_MESSAGES = 1 << 12
    MESSAGE_CONTENT = 1 << 15


class CloseCode(IntEnum):
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    TIMED_OUT = 4009
    INVALID_SHARD = 4010
    INVALID_INTENTS = 4013


class Gateway:
    """The websockets of the bots; `url` is known once the server listens."""

    def __init__(self, world: World, knobs: Knobs, latency: Callable[[], Range | None]) -> None:
        self.url = ""
        self.is_down = False
        self.sessions: dict[str, Session] = {}
        self.last_token: str | None = None
        self._world = world
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
            link.send({"op": Op.INVALID_SESSION, "d": resumable})

    def drop(self) -> None:
        """Cut every connection without a word."""
        for link in self._links:
            link.abort()

    async def close(self) -> None:
        """Say good-bye to every client."""
        for link in self._links:
            link.close(1001)

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

    # --- one connection -------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The websocket endpoint."""
        if self.is_down:
            raise web.HTTPServiceUnavailable(text="the gateway is down")
        socket = web.WebSocketResponse(compress=False, timeout=1.0, max_msg_size=4096 * 16)
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
            self._receive(link, message.data)

    def _leave(self, link: Link, code: int | None) -> None:
        session = link.session
        if session is None or session.link is not link:
            return
        session.detach()
        if code in (1000, 1001):
            # A client that says good-bye in this way does not come back.
            self.sessions.pop(session.id, None)

    def _receive(self, link: Link, text: str | bytes) -> None:
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
        except (ValueError, KeyError, TypeError, AttributeError):
            link.close(CloseCode.DECODE_ERROR)
            return
        if op == Op.HEARTBEAT:
            link.beat_at = time.monotonic()
            link.send({"op": Op.ACK})
        elif op == Op.IDENTIFY:
            self._identify(link, data)
        elif op == Op.RESUME:
            self._resume(link, data)
        elif op not in (Op.PRESENCE, Op.VOICE, Op.MEMBERS):
            link.close(CloseCode.UNKNOWN_OPCODE)
        elif link.session is None:
            link.close(CloseCode.NOT_AUTHENTICATED)
        elif op == Op.MEMBERS:
            self._send_members(link.session, data)

    def _identify(self, link: Link, data: Json) -> None:
        token = str(data.get("token", ""))
        shard, shards = data.get("shard") or (0, 1)
        if link.session is not None:
            link.close(CloseCode.ALREADY_AUTHENTICATED)
        elif not self._knobs.takes(token.removeprefix("Bot ")):
            link.close(CloseCode.AUTHENTICATION_FAILED)
        elif not 0 <= shard < shards:
            link.close(CloseCode.INVALID_SHARD)
        elif not isinstance(data.get("intents"), int):
            link.close(CloseCode.INVALID_INTENTS)
        else:
            self.last_token = token.removeprefix("Bot ")
            session = Session(secrets.token_hex(16), token, shard, shards, data["intents"], link)
            self.sessions[session.id] = link.session = session
            self._welcome(session)

    def _welcome(self, session: Session) -> None:
        guilds = self._world.guilds_of_shard(session.shard, session.shards)
        ready: Json = {
            "v": 10,
            "user": user_json(self._world.bot)
            | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {"id": self._world.application_id, "flags": APPLICATION_FLAGS},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "user_settings": {},
            "geo_ordered_rtc_regions": [],
            "_trace": ["sandbox"],
        }
        session.dispatch("READY", json.dumps(ready))
        if not session.intents & Intents.GUILDS:
            return
        with_members = bool(session.intents & Intents.GUILD_MEMBERS)
        for guild in guilds:
            body = guild_create_json(self._world, guild, with_members=with_members)
            session.dispatch("GUILD_CREATE", json.dumps(body, separators=COMPACT))

    def _resume(self, link: Link, data: Json) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        seq, token = int(data.get("seq") or 0), str(data.get("token"))
        if session is None or session.is_dead() or not session.can_resume(token, seq):
            link.send({"op": Op.INVALID_SESSION, "d": False})
            return
        if session.link is not None:
            session.link.abort()
        link.session = session
        session.replay(link, seq)

    def _send_members(self, session: Session, data: Json) -> None:
        """Answer op 8 with one chunk: the sandbox has few people."""
        wanted = {str(user) for user in data.get("user_ids") or ()}
        prefix = str(data.get("query") or "")
        found = [
            user
            for user in self._world.users.values()
            if (user.id in wanted if wanted else user.username.startswith(prefix))
        ]
        chunk: Json = {
            "guild_id": str(data.get("guild_id")),
            "members": [member_json(user) for user in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted(wanted - {user.id for user in found}),
            "presences": [],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", json.dumps(chunk))
