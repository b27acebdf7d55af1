"""Endpoints that inject faults, control the gateway, end tokens and change settings."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.discord.rest.bodies import json_response, no_content
from sandbox.discord.state import Discord


class GatewayAction(BaseModel):
    model_config = ConfigDict(extra="forbid")
    action: Literal["reconnect", "invalidate", "drop", "down", "up"]
    resumable: bool = False


class Expiry(BaseModel):
    model_config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    interaction_id: str | None = None
    message_id: str | None = None


class SettingsChange(BaseModel):
    """POST /knobs: the settings to change. Times are in seconds."""

    model_config = ConfigDict(extra="forbid")
    token_ttl: float = Field(default=0, ge=0)
    ack_timeout: float = Field(default=0, gt=0)
    heartbeat: float = Field(default=0, gt=0)
    upload_limit: int = Field(default=0, gt=0)
    rate_limits: bool = True
    message_content: bool = False
    refused_tokens: set[str] = set()
    latency: tuple[float, float] | None = None


class FaultEndpoints:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._faults = discord.faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/faults", self.add_fault),
            web.delete("/faults", self.clear_faults),
            web.delete("/faults/{id}", self.clear_fault),
            web.get("/gateway", self.gateway),
            web.post("/gateway", self.control_gateway),
            web.post("/expire", self.expire),
            web.post("/knobs", self.change_settings),
        ]

    async def add_fault(self, request: web.Request) -> web.Response:
        return json_response({"id": self._faults.add(await request.json())}, 201)

    async def clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return no_content()

    async def clear_fault(self, request: web.Request) -> web.Response:
        """Remove a rule. A rule whose `times` are used up is removed automatically."""
        try:
            self._faults.clear(request.match_info["id"])
        except KeyError as error:
            raise web.HTTPNotFound(text="there is no such rule, or it is used up") from error
        return no_content()

    async def gateway(self, _: web.Request) -> web.Response:
        gateway = self._discord.gateway
        return json_response({"sessions": gateway.sessions_json(), "down": gateway.is_down})

    async def control_gateway(self, request: web.Request) -> web.Response:
        wanted = GatewayAction.model_validate(await request.json())
        gateway = self._discord.gateway
        match wanted.action:
            case "reconnect":
                gateway.request_reconnect()
            case "invalidate":
                gateway.invalidate_sessions(resumable=wanted.resumable)
            case "drop":
                gateway.drop_connections()
            case "down" | "up":
                gateway.is_down = wanted.action == "down"
                if gateway.is_down:
                    gateway.drop_connections()
        return no_content()

    async def expire(self, request: web.Request) -> web.Response:
        """Expire the token of an interaction, or all tokens that reach a message."""
        wanted = Expiry.model_validate(await request.json())
        interactions = self._discord.interactions
        found = interactions.get(wanted.interaction_id or "")
        ended = [found] if found else interactions.by_message(wanted.message_id or "")
        if not ended:
            raise web.HTTPNotFound(text="no interaction is known by that")
        for interaction in ended:
            interaction.expired = True
        return json_response({"expired": [interaction.id for interaction in ended]})

    async def change_settings(self, request: web.Request) -> web.Response:
        change = SettingsChange.model_validate(await request.json())
        for name in change.model_fields_set:
            if name == "latency":
                self._faults.latency["discord"] = change.latency
            else:
                setattr(self._discord.settings, name, getattr(change, name))
        return no_content()
