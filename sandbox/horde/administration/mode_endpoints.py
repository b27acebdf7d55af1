"""The endpoints that change the modes of the Horde and award kudos."""

from typing import Any

from aiohttp import web

from sandbox.horde.administration.roles import (
    ADMINISTRATOR,
    require_administrator,
    require_moderator,
)
from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.json_schema import Schema
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

_FLAG: Schema = {"type": "boolean"}
MODES: Schema = {
    "type": "object",
    "properties": {"maintenance_mode": _FLAG, "invite_only_mode": _FLAG, "raid_mode": _FLAG},
}
AWARD: Schema = {
    "type": "object",
    "required": ["username", "amount"],
    "properties": {"username": {"type": "string"}, "amount": {"type": "integer"}},
}


class ModeEndpoints:
    """PUT /status/modes and POST /kudos/award."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def change(self, request: web.Request) -> web.Response:
        """Maintenance needs an administrator, the other modes a moderator."""
        body = await submit_checks.read_valid(request, MODES)
        user = require_moderator(self._horde, request)
        changed: dict[str, Any] = {name: body[name] for name in MODES["properties"] if name in body}
        if not changed:
            raise ApiError(400, "NoHordeModSelected", "No mod change selected!")
        if "maintenance_mode" in changed:
            require_administrator(user)
            self._horde.set_maintenance(on=changed["maintenance_mode"])
        settings = self._horde.settings
        settings.raid_mode = changed.get("raid_mode", settings.raid_mode)
        settings.invite_only = changed.get("invite_only_mode", settings.invite_only)
        return json_response(changed)

    async def award(self, request: web.Request) -> web.Response:
        """Create kudos for an account; only account 1 may do so."""
        body = await submit_checks.read_valid(request, AWARD)
        giver = submit_checks.require_account(self._horde, request.headers["apikey"])
        if giver.id != ADMINISTRATOR:
            raise ApiError(403, "NotAllowedAwards", "You are not allowed to award kudos.")
        receiver = self._horde.accounts.find_by_name(body["username"])
        if receiver is None:
            raise ApiError(400, "InvalidAwardUsername", "Invalid target username.")
        if receiver.anonymous:
            message = "Tried to burn kudos via anonymous."
            raise ApiError(400, "KudosAwardToAnon", message)
        receiver.post(float(body["amount"]))
        receiver.awarded += body["amount"]
        return json_response({"awarded": float(body["amount"])})
