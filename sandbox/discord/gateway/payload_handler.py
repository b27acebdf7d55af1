"""Handles the payloads that clients send over the gateway."""

import asyncio
import json
import secrets
import time
from typing import Any

from sandbox.discord.gateway.protocol import CloseCode, Intents, Opcode
from sandbox.discord.gateway.sessions import Connection, Session
from sandbox.discord.objects.entities import EntityStore
from sandbox.discord.objects.guild_json import guild_create_json
from sandbox.discord.objects.json_objects import application_flags, member_json, user_json
from sandbox.discord.settings import Settings

Json = dict[str, Any]

# Seconds, as a network takes them. discord.py notes the moment of a heartbeat after it was sent; an
# answer before that note counts as one to the heartbeat before it, a whole interval late.
ACK_DELAY = 0.05


class PayloadHandler:
    """Handles heartbeats, IDENTIFY, RESUME and member requests; `url` is the gateway's address."""

    def __init__(
        self, entities: EntityStore, settings: Settings, sessions: dict[str, Session]
    ) -> None:
        self.url = ""
        self.last_token: str | None = None
        self._entities = entities
        self._settings = settings
        self._sessions = sessions

    def handle(self, connection: Connection, text: str | bytes) -> None:
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
            self._handle(connection, op, data)
        except (ValueError, KeyError, TypeError, AttributeError):
            # The JSON is not a gateway payload.
            connection.close(CloseCode.DECODE_ERROR)

    def _handle(self, connection: Connection, op: int, data: Any) -> None:
        if op == Opcode.HEARTBEAT:
            connection.last_heartbeat = time.monotonic()
            loop = asyncio.get_running_loop()
            loop.call_later(ACK_DELAY, connection.send, {"op": Opcode.ACK})
        elif op == Opcode.IDENTIFY:
            self._identify(connection, data)
        elif op == Opcode.RESUME:
            self._resume(connection, data)
        elif op not in (Opcode.PRESENCE, Opcode.VOICE, Opcode.MEMBERS):
            connection.close(CloseCode.UNKNOWN_OPCODE)
        elif connection.session is None:
            connection.close(CloseCode.NOT_AUTHENTICATED)
        elif op == Opcode.MEMBERS:
            self._send_members(connection.session, data)

    def _identify(self, connection: Connection, data: Json) -> None:
        token = str(data["token"]).removeprefix("Bot ")
        shard, shards = data.get("shard") or (0, 1)
        if connection.session is not None:
            connection.close(CloseCode.ALREADY_AUTHENTICATED)
        elif not self._settings.accepts_token(token):
            connection.close(CloseCode.AUTHENTICATION_FAILED)
        elif not 0 <= shard < shards:
            connection.close(CloseCode.INVALID_SHARD)
        elif not isinstance(data.get("intents"), int):
            connection.close(CloseCode.INVALID_INTENTS)
        elif data["intents"] & Intents.MESSAGE_CONTENT and not self._settings.message_content:
            connection.close(CloseCode.DISALLOWED_INTENTS)
        else:
            self.last_token = token
            session = Session(
                secrets.token_hex(16), token, shard, shards, data["intents"], connection
            )
            self._sessions[session.id] = connection.session = session
            self._send_ready(session)

    def _send_ready(self, session: Session) -> None:
        guilds = self._entities.guilds_of_shard(session.shard, session.shards)
        account = {"verified": True, "mfa_enabled": False, "email": None}
        ready: Json = {
            "v": 10,
            "user": user_json(self._entities.bot) | account,
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.url,
            "shard": [session.shard, session.shards],
            "application": {
                "id": self._entities.application_id,
                "flags": application_flags(self._settings),
            },
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
            body = guild_create_json(self._entities, guild, with_members=with_members)
            session.dispatch("GUILD_CREATE", json.dumps(body))

    def _resume(self, connection: Connection, data: Json) -> None:
        session = self._sessions.get(str(data["session_id"]))
        seq, token = int(data["seq"] or 0), str(data["token"]).removeprefix("Bot ")
        if session is None or session.is_expired() or not session.can_resume(token, seq):
            connection.send({"op": Opcode.INVALID_SESSION, "d": False})
            return
        if session.connection is not None:
            session.connection.abort()
        connection.session = session
        session.replay(connection, seq)

    def _send_members(self, session: Session, data: Json) -> None:
        """Answer op 8 with one chunk: the sandbox has few members."""
        asked = data.get("user_ids") or ()
        wanted = {asked} if isinstance(asked, str) else {str(user) for user in asked}
        prefix = str(data.get("query") or "")
        found = [
            user
            for user in self._entities.users.values()
            if (user.id in wanted if wanted else user.username.startswith(prefix))
        ]
        chunk: Json = {
            "guild_id": str(data["guild_id"]),
            "members": [member_json(user) for user in found],
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": sorted(wanted - {user.id for user in found}),
            "presences": [],
        }
        if data.get("nonce"):
            chunk["nonce"] = data["nonce"]
        session.dispatch("GUILD_MEMBERS_CHUNK", json.dumps(chunk))
