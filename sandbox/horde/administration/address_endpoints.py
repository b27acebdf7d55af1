"""Endpoints for timeouts of addresses, and for the addresses of workers."""

import ipaddress
import time
from typing import Any

from aiohttp import web

from sandbox.horde.administration.roles import require_moderator
from sandbox.horde.endpoints.worker_endpoints import find_worker
from sandbox.horde.errors import bad_request, json_response
from sandbox.horde.json_schema import Schema
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

ADDRESS: Schema = {"type": "string", "minLength": 7, "maxLength": 40}
ADD: Schema = {
    "type": "object",
    "required": ["hours", "ipaddr"],
    "properties": {
        "ipaddr": ADDRESS,
        "hours": {"type": "integer", "minimum": 1, "maximum": 720},
    },
}
DELETE: Schema = {"type": "object", "required": ["ipaddr"], "properties": {"ipaddr": ADDRESS}}
DAYS: Schema = {
    "type": "object",
    "required": ["days"],
    "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 30}},
}
DAY = 86_400.0
OK: dict[str, Any] = {"message": "OK"}


class AddressEndpoints:
    """Endpoints that list, add and end timeouts; for moderators only."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def list_all(self, request: web.Request) -> web.Response:
        require_moderator(self._horde, request)
        return json_response(self._rows(list(self._horde.address_timeouts)))

    async def get(self, request: web.Request) -> web.Response:
        """GET /operations/ipaddr/{ipaddr}: a list with no or one timeout."""
        require_moderator(self._horde, request)
        return json_response(self._rows([request.match_info["ipaddr"]]))

    async def create(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, ADD)
        require_moderator(self._horde, request)
        _check_address(body["ipaddr"])
        self._horde.address_timeouts[body["ipaddr"]] = time.time() + body["hours"] * 3600
        return json_response(OK)

    async def delete(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, DELETE)
        require_moderator(self._horde, request)
        self._horde.address_timeouts.pop(body["ipaddr"], None)
        return json_response(OK)

    async def block_worker(self, request: web.Request) -> web.Response:
        """PUT /operations/block_worker_ipaddr/{id}: the worker's address may not ask for jobs."""
        body = await submit_checks.read_valid(request, DAYS)
        require_moderator(self._horde, request)
        worker = find_worker(self._horde, request.match_info["worker_id"])
        self._horde.blocked_workers[worker.id] = time.time() + body["days"] * DAY
        return json_response(OK)

    async def unblock_worker(self, request: web.Request) -> web.Response:
        require_moderator(self._horde, request)
        worker = find_worker(self._horde, request.match_info["worker_id"])
        self._horde.blocked_workers.pop(worker.id, None)
        return json_response(OK)

    def _rows(self, addresses: list[str]) -> list[dict[str, Any]]:
        now = time.time()
        left = {each: self._horde.address_timeouts.get(each, now) - now for each in addresses}
        return [{"ipaddr": each, "seconds": int(s)} for each, s in left.items() if s > 0]


def _check_address(text: str) -> None:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise bad_request("This is not an IP address.") from error
