"""What a client says over the gateway, and the answers it gets."""

import json
import secrets
import time
from enum import IntEnum, IntFlag
from typing import Any

from sandbox.discord.gateway.sessions import Link, Session
from sandbox.discord.objects.entities import World
from sandbox.discord.objects.guild_json import guild_create_json
from sandbox.discord.objects.json_objects import APPLICATION_FLAGS, member_json, user_json
from sandbox.discord.settings import Knobs

Json = dict[str, Any]


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
    NORMAL = 1000
    GOING_AWAY = 1001
    UNKNOWN_OPCODE = 4001
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005
    TIMED_OUT = 4009
    INVALID_SHARD = 4010
    INVALID_INTENTS = 4013


class Handshake:
    """Heartbeats, IDENTIFY, RESUME and member requests; `url` is the gateway's own address."""

    def __init__(self, world: World, knobs: Knobs, sessions: dict[str, Session]) -> None:
        self.url = ""
        self.last_token: str | None = None
        self._world = world
        self._knobs = knobs
        self._sessions = sessions

    def receive(self, link: Link, text: str | bytes) -> None:
        try:
            payload = json.loads(text)
            op, data = payload["op"], payload.get("d")
            self._act(link, op, data)
        except (ValueError, KeyError, TypeError, AttributeError):
            # JSON of another shape than the gateway's.
            link.close(CloseCode.DECODE_ERROR)

    def _act(self, link: Link, op: int, data: Any) -> None:
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
        token = str(data["token"]).removeprefix("Bot ")
        shard, shards = data.get("shard") or (0, 1)
        if link.session is not None:
            link.close(CloseCode.ALREADY_AUTHENTICATED)
        elif not self._knobs.takes(token):
            link.close(CloseCode.AUTHENTICATION_FAILED)
        elif not 0 <= shard < shards:
            link.close(CloseCode.INVALID_SHARD)
        elif not isinstance(data.get("intents"), int):
            link.close(CloseCode.INVALID_INTENTS)
        else:
            self.last_token = token
            session = Session(secrets.token_hex(16), token, shard, shards, data["intents"], link)
            self._sessions[session.id] = link.session = session
            self._welcome(session)

    def _welcome(self, session: Session) -> None:
        guilds = self._world.guilds_of_shard(session.shard, session.shards)
        account = {"verified": True, "mfa_enabled": False, "email": None}
        ready: Json = {
            "v": 10,
            "user": user_json(self._world.bot) | account,
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
            session.dispatch("GUILD_CREATE", json.dumps(body))

    def _resume(self, link: Link, data: Json) -> None:
        session = self._sessions.get(str(data["session_id"]))
        seq, token = int(data["seq"] or 0), str(data["token"]).removeprefix("Bot ")
        if session is None or session.is_dead() or not session.can_resume(token, seq):
            link.send({"op": Op.INVALID_SESSION, "d": False})
            return
        if session.link is not None:
            session.link.abort()
        link.session = session
        session.replay(link, seq)

    def _send_members(self, session: Session, data: Json) -> None:
        """Answer op 8 with one chunk: the sandbox has few people."""
        asked = data.get("user_ids") or ()
        wanted = {asked} if isinstance(asked, str) else {str(user) for user in asked}
        prefix = str(data.get("query") or "")
        found = [
            user
            for user in self._world.users.values()
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
