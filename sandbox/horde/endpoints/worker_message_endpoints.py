"""Endpoints for messages to workers."""

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from sandbox.horde.endpoints.worker_endpoints import find_worker
from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.json_schema import Schema
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
CREATED, CREATED_SECONDS = "POST /workers/messages", 60.0  # name and life of the cached answer
MESSAGE: Schema = {
    "type": "object",
    "required": ["message"],
    "properties": {
        "worker_id": {"type": "string", "minLength": 36, "maxLength": 36},
        "message": {"type": "string", "minLength": 1, "maxLength": 10240},
        "origin": {"type": "string", "minLength": 1, "maxLength": 255},
        "expiry": {"type": "integer", "minimum": 1, "maximum": 720},
    },
}


@dataclass(slots=True, eq=False)
class WorkerMessage:
    """A message to one worker, or from a moderator to all workers."""

    author: User
    worker_id: str | None
    text: str
    origin: str | None
    expires_at: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def as_json(self) -> Json:
        expiry = datetime.fromtimestamp(self.expires_at, UTC).replace(tzinfo=None)
        return {
            "id": self.id,
            "worker_id": self.worker_id,
            "message": self.text,
            "origin": self.origin,
            "expiry": format_datetime(expiry),
        }


class WorkerMessageEndpoints:
    """Endpoints that create, show and delete messages to workers."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        self._messages: dict[str, WorkerMessage] = {}

    async def list_all(self, request: web.Request) -> web.Response:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        own = {worker.id for worker in self._horde.workers() if worker.owner == requester.id}
        wanted = request.query.get("worker_id")
        now = time.time()
        return json_response(
            [
                each.as_json()
                for each in self._messages.values()
                if (requester.moderator or each.worker_id in own)
                and wanted in (None, each.worker_id)
                and each.expires_at > now
            ]
        )

    async def create(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, MESSAGE)
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        worker = find_worker(self._horde, body["worker_id"]) if "worker_id" in body else None
        if not requester.moderator and (worker is None or worker.owner != requester.id):
            message = "You can only send messages to your own workers."
            raise ApiError(403, "MessagesOnlyOwnWorkers", message)
        if (cached := self._horde.response_cache.get(CREATED)) is not None:
            return cached  # the real server loses the message, too
        made = WorkerMessage(
            requester,
            worker.id if worker else None,
            body["message"],
            body.get("origin"),
            time.time() + int(body.get("expiry", 12)) * 3600,
        )
        self._messages[made.id] = made
        answer = json_response(made.as_json())
        return self._horde.response_cache.store(CREATED, CREATED_SECONDS, answer)

    async def get(self, request: web.Request) -> web.Response:
        return json_response(self._find(request).as_json())

    async def delete(self, request: web.Request) -> web.Response:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        found = self._find(request)
        if found.author is not requester and not requester.moderator:
            raise ApiError(403, "NotOwner", "You're not the author of this message!")
        del self._messages[found.id]
        return json_response({"message": "OK"})

    def _find(self, request: web.Request) -> WorkerMessage:
        wanted = request.match_info["message_id"]
        if wanted not in self._messages:
            message = f"Workermessage with ID '{wanted}' not found."
            raise ApiError(404, "WorkermessageNotFound", message)
        return self._messages[wanted]
