"""The endpoint for kudos transfers."""

import time
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, InvalidPayload, invalid_key, json_response
from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
REVERSE_SECONDS = 60.0  # a transfer in the opposite direction within this time is refused


class KudosEndpoints:
    """The endpoint that transfers kudos."""

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
        source.post(-amount)
        source.gifted -= amount
        receiver.post(amount)
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


def _transfer_of(body: Any) -> tuple[str, int]:
    """Target and amount of a transfer. Raises InvalidPayload like the real parser."""
    body = submit_checks.json_object(body)
    name, amount = body.get("username"), body.get("amount", 100)
    if not isinstance(name, str):
        missing = "Missing required parameter in the JSON body"
        raise InvalidPayload({"username": f"The user ID which will receive the kudos. {missing}"})
    if isinstance(amount, bool) or not isinstance(amount, int) or abs(amount) > 10**15:
        text = f"invalid literal for int() with base 10: {amount!r}"
        raise InvalidPayload({"amount": f"The amount of kudos to transfer. {text}"})
    return name, amount
