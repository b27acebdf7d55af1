"""Endpoints for kudos transfers and shared keys."""

import time
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

from sandbox.horde.errors import (
    ApiError,
    InvalidPayload,
    bad_request,
    forbidden,
    invalid_key,
    json_response,
)
from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
REVERSE_SECONDS = 60.0  # a transfer in the opposite direction within this time is refused
KEYS_EACH, KEYS_TRUSTED, KEYS_EDUCATION = 3, 10, 1000
SHARED_SECONDS = 60.0
LIMITS = ("max_image_pixels", "max_image_steps", "max_text_tokens")


class KudosEndpoints:
    """Endpoints that transfer kudos and manage shared keys."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        self._transfers_by_key: dict[
            tuple[int, str], tuple[str, int]
        ] = {}  # by user and Idempotency-Key
        self._last_transfers: dict[tuple[int, int], float] = {}

    async def transfer(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_json(request)
        key = submit_checks.require_key_header(request)
        target, amount = _transfer_of(body)
        source = self._horde.accounts.by_key.get(key)
        if source is None:
            raise invalid_key()
        repeat = request.headers.get("Idempotency-Key")
        if repeat is not None and (source.id, repeat) in self._transfers_by_key:
            if self._transfers_by_key[source.id, repeat] != (target, amount):
                message = "Idempotency key was already used with different transfer parameters."
                raise ApiError(400, "IdempotencyKeyConflict", message)
            return json_response({"transferred": float(amount)})
        receiver, shared = self._receiver(target)
        self._check(source, receiver, amount)
        source.kudos -= amount
        source.gifted -= amount
        receiver.kudos += amount
        receiver.received += amount
        if shared is not None and shared.kudos != -1:
            shared.kudos += amount
        self._last_transfers[source.id, receiver.id] = time.time()
        if repeat is not None:
            self._transfers_by_key[source.id, repeat] = target, amount
        return json_response({"transferred": float(amount)})

    def _receiver(self, target: str) -> tuple[User, SharedKey | None]:
        shared = self._horde.accounts.shared_keys.get(target)
        if shared is not None:
            if shared.expires_at is not None and shared.expires_at < time.time():
                raise ApiError(400, "SharedKeyExpired", "This shared key has expired.")
            return shared.owner, shared
        receiver = self._horde.accounts.find_by_name(target)
        if receiver is None:
            raise ApiError(400, "InvalidTargetUsername", "Invalid target username.")
        return receiver, None

    def _check(self, source: User, receiver: User, amount: int) -> None:
        """Raises ApiError for the first reason that forbids this transfer."""
        back = self._last_transfers.get((receiver.id, source.id), 0.0)
        reasons = (
            (amount < 0, "NegativeKudosTransfer", "Nice try..."),
            (amount == 0, "InvalidKudosTransferAmount", "Transfer amount must be positive."),
            (source.anonymous, "KudosTransferFromAnon", "Anonymous cannot send kudos."),
            (receiver.anonymous, "KudosTransferToAnon", "Tried to burn kudos via anonymous."),
            (
                source is receiver,
                "KudosTransferToSelf",
                "Cannot send kudos to yourself, ya monkey!",
            ),
            (source.deleted or receiver.deleted, "DeletedUser", "This account is being deleted."),
            # The real server swaps these two messages; the rc is right.
            (receiver.flagged, "TargetAccountFlagged", "The source account has been flagged."),
            (source.flagged, "SourceAccountFlagged", "The target account has been flagged."),
            (source.education, "EducationCannotSendKudos", "Education accounts cannot send kudos."),
            (
                time.time() - back < REVERSE_SECONDS,
                "TooFastKudosTransfers",
                "You cannot send kudos back so soon.",
            ),
            (source.spendable < amount, "KudosTransferNotEnough", "Not enough kudos."),
        )
        for wrong, rc, message in reasons:
            if wrong:
                raise ApiError(400, rc, message)

    async def create_key(self, request: web.Request) -> web.Response:
        """PUT /sharedkeys. The real endpoint does not enforce its schema."""
        body = _object(await submit_checks.read_json(request))
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

    async def get_key(self, request: web.Request) -> web.Response:
        cached = self._horde.response_cache.get(request.path)
        if cached is not None:
            return cached
        answer = json_response(shared_key_json(self._find(request)))
        return self._horde.response_cache.store(request.path, SHARED_SECONDS, answer)

    async def change_key(self, request: web.Request) -> web.Response:
        body = _object(await submit_checks.read_json(request))
        key = self._find_owned(request)
        if not any(name in body for name in ("kudos", "expiry", "name", *LIMITS)):
            raise ApiError(400, "NoSharedKeyModSelected", "No shared key modification selected!")
        _change_key(key, body)
        return json_response(shared_key_json(key))

    async def delete_key(self, request: web.Request) -> web.Response:
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
    expiry = None
    if key.expires_at is not None:
        moment = datetime.fromtimestamp(key.expires_at, UTC).replace(tzinfo=None)
        expiry = format_datetime(moment)
    return {
        "id": key.id,
        "username": key.owner.name,
        "name": key.name,
        "kudos": key.kudos if key.kudos == -1 else int(key.kudos_left),
        "expiry": expiry,
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


def _transfer_of(body: Any) -> tuple[str, int]:
    """Target and amount of a transfer. Raises InvalidPayload like the real parser."""
    body = _object(body)
    name, amount = body.get("username"), body.get("amount", 100)
    if not isinstance(name, str):
        missing = "Missing required parameter in the JSON body"
        raise InvalidPayload({"username": f"The user ID which will receive the kudos. {missing}"})
    if isinstance(amount, bool) or not isinstance(amount, int) or abs(amount) > 10**15:
        text = f"invalid literal for int() with base 10: {amount!r}"
        raise InvalidPayload({"amount": f"The amount of kudos to transfer. {text}"})
    return name, amount


def _object(body: Any) -> Json:
    if not isinstance(body, dict):
        raise InvalidPayload({"": f"{body!r} is not of type 'object'"})
    return body  # pyright: ignore[reportUnknownVariableType] JSON
