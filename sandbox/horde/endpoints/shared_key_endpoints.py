"""Endpoints for shared keys."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, bad_request, forbidden, invalid_key, json_response
from sandbox.horde.newer.active_usage import active_usage
from sandbox.horde.newer.responses import private
from sandbox.horde.state.accounts import SharedKey
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks
from sandbox.horde.validation.submit_checks import json_object

Json = dict[str, Any]
KEYS_EACH, KEYS_TRUSTED, KEYS_EDUCATION = 3, 10, 1000
SHARED_SECONDS = 60.0
LIMITS = ("max_image_pixels", "max_image_steps", "max_text_tokens")


class SharedKeyEndpoints:
    """Endpoints that create, show, change and delete shared keys."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def create(self, request: web.Request) -> web.Response:
        """PUT /sharedkeys. The real endpoint does not enforce its schema."""
        body = json_object(await submit_checks.read_json(request))
        owner = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        if owner.anonymous:
            message = "Anonymous user is forbidden from performing this operation"
            raise ApiError(403, "AnonForbidden", message)
        most = KEYS_EDUCATION if owner.education else KEYS_TRUSTED if owner.trusted else KEYS_EACH
        if len(owner.shared_keys) >= most:
            raise forbidden(f"You cannot have more than {most} shared keys.")
        key = self._horde.accounts.create_shared_key(owner)
        _change_key(key, {"kudos": 5000, "expiry": -1, "name": "", **body})
        return json_response(shared_key_json(key))

    async def get(self, request: web.Request) -> web.Response:
        """GET /sharedkeys/{id}. The newer server shows its owner what the key does right now."""
        if not self._horde.settings.newer:
            return self._public(request)
        key = self._find(request)
        if request.headers.get("apikey") != key.owner.api_key:
            return private(self._public(request))
        usage = {"active_usage": active_usage(self._horde, key)}
        return private(json_response(shared_key_json(key) | usage))

    def _public(self, request: web.Request) -> web.Response:
        cached = self._horde.response_cache.get(request.path)
        if cached is not None:
            return cached
        answer = json_response(shared_key_json(self._find(request)))
        return self._horde.response_cache.store(request.path, SHARED_SECONDS, answer)

    async def change(self, request: web.Request) -> web.Response:
        body = json_object(await submit_checks.read_json(request))
        key = self._find_owned(request)
        if not any(name in body for name in ("kudos", "expiry", "name", *LIMITS)):
            raise ApiError(400, "NoSharedKeyModSelected", "No shared key modification selected!")
        _change_key(key, body)
        return json_response(shared_key_json(key))

    async def delete(self, request: web.Request) -> web.Response:
        self._horde.accounts.delete_shared_key(self._find_owned(request))
        return json_response({"message": "OK"})

    def _find(self, request: web.Request) -> SharedKey:
        key = self._horde.accounts.shared_keys.get(request.match_info["sharedkey_id"])
        if key is None:
            raise invalid_key()  # a 401, not a 404, as on the real server
        return key

    def _find_owned(self, request: web.Request) -> SharedKey:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        key = self._find(request)
        if key.owner is not requester:
            raise forbidden(f"Shared Key {key.id} belongs to {key.owner.name} and not to you.")
        return key


def shared_key_json(key: SharedKey) -> Json:
    """The JSON of a shared key; one that never expires has no expiry."""
    expiry: Json = {}
    if key.expires_at is not None:
        moment = datetime.fromtimestamp(key.expires_at, UTC).replace(tzinfo=None)
        expiry["expiry"] = format_datetime(moment)
    return expiry | {
        "id": key.id,
        "username": key.owner.name,
        "name": key.name,
        "kudos": key.kudos if key.kudos == -1 else int(key.kudos_left),
        "utilized": int(key.utilized),
        **{name: getattr(key, name) for name in LIMITS},
    }


def _change_key(key: SharedKey, body: Json) -> None:
    for name in ("kudos", "expiry", *LIMITS):
        if name in body and (not isinstance(body[name], int) or abs(body[name]) > 10**9):
            raise bad_request(f"{name} must be a number.")
    if isinstance(body.get("name"), str):
        key.name = body["name"]
    if "kudos" in body:  # the kudos left from now on; -1: no limit
        key.kudos = -1 if body["kudos"] == -1 else body["kudos"] + int(key.utilized)
    if "expiry" in body:
        days = body["expiry"]
        key.expires_at = None if days == -1 else time.time() + min(days, 36500) * 86400
    for name in LIMITS:
        if name in body:
            setattr(key, name, body[name])
