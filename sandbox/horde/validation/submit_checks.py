"""Reads request bodies and accounts, and checks that several endpoints share."""

import json
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from aiohttp import web

from sandbox.horde import json_schema
from sandbox.horde.errors import (
    ApiError,
    InvalidPayload,
    bad_request,
    internal_error,
    invalid_key,
    malformed_request,
)
from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.styles import Style
from sandbox.horde.state.worker_behaviour import Behaviour
from sandbox.horde.validation import style_use

Json = dict[str, Any]

ANONYMOUS_PRIORITY = -50.0
LONGEST_SHOWN = 32_768


async def read_json(request: web.Request) -> Any:
    """The JSON body. Raises ApiError for malformed JSON and for NUL bytes."""
    if "json" not in request.content_type:
        raise malformed_request()
    raw = await request.read()
    try:
        body = json.loads(raw, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise malformed_request() from error
    if b"\\u0000" in raw and _has_nul(body):
        raise ApiError(400, "NulByteInPayload", "NUL bytes are not allowed in the payload.")
    return body


async def read_valid(request: web.Request, shape: json_schema.Schema) -> Json:
    """The valid body. Checks the schema first, then the `apikey` header, as the real server."""
    body = await read_json(request)
    if errors := json_schema.errors(body, shape):
        raise InvalidPayload(errors)
    require_key_header(request)
    return body


def requested_models(horde: HordeState, body: Json, *default: str) -> list[str]:
    """The models that the body names, or the default; AI Power Grid lower-cased them."""
    models = list(body.get("models", default))
    return [name.lower() for name in models] if horde.settings.aipg_v2 else models


def json_object(body: Any) -> Json:
    """The body, which must be an object."""
    if not isinstance(body, dict):
        raise InvalidPayload({"": f"{body!r} is not of type 'object'"})
    return body  # pyright: ignore[reportUnknownVariableType] JSON


def require_key_header(request: web.Request) -> str:
    """The `apikey` header. Without it the answer is a validation error, not a 401."""
    key = request.headers.get("apikey")
    if key is None:
        text = "The API Key corresponding to a registered user."
        raise InvalidPayload({"apikey": f"{text} Missing required parameter in the HTTP headers"})
    return key


@dataclass(slots=True)
class Payer:
    """The account that pays for a request, and its shared key."""

    user: User
    shared_key: SharedKey | None = None
    priority: float | None = None
    by_style: bool = False  # the shared key is that of the style

    @property
    def queue_priority(self) -> float:
        if self.priority is not None:
            return self.priority
        return ANONYMOUS_PRIORITY if self.user.anonymous else self.user.kudos


def payer_of(horde: HordeState, key: str, *, downgrade: bool) -> Payer:
    """The account of a key. Raises ApiError: unknown, deleted, or an empty shared key."""
    shared = horde.accounts.shared_keys.get(key)
    if shared is not None:
        try:
            shared.check()
        except ApiError as problem:
            if downgrade and problem.body["rc"] == "SharedKeyEmpty":
                return Payer(horde.accounts.anonymous, None, ANONYMOUS_PRIORITY)
            raise
        return Payer(_not_deleted(shared.owner), shared)
    return Payer(require_account(horde, key))


def require_account(horde: HordeState, key: str | None) -> User:
    """The account with this API key; shared keys are refused."""
    user = horde.accounts.by_key.get(key or "")
    if user is None:
        raise invalid_key()
    return _not_deleted(user)


def _not_deleted(user: User) -> User:
    if user.deleted:
        message = "This account has been scheduled for deletion and is disabled."
        raise ApiError(403, "DeletedUser", message)
    return user


def check_mode_and_webhook(horde: HordeState, body: Json) -> None:
    """Check maintenance mode (a 400, unlike swagger says), then the webhook's scheme."""
    if horde.settings.maintenance:
        message = "AI Horde (sandbox) has entered maintenance mode. Please try again later."
        raise ApiError(400, "MaintenanceMode", message)
    if "webhook" in body and not body["webhook"].startswith("https://"):
        raise bad_request("webhooks need to point to an https endpoint.")


def identify_payer(
    horde: HordeState, request: web.Request, body: Json, style: Style | None
) -> Payer:
    """The payer of a generate request. Trusted accounts raise the limits of their address."""
    key, styled = require_key_header(request), style_use.paying_key(style)
    if styled is not None:
        payer = Payer(styled.owner, styled, by_style=True)
    else:
        payer = payer_of(horde, key, downgrade=bool(body.get("allow_downgrade")))
    if payer.user.trusted or payer.user.education or payer.user.service:
        horde.rate_limiter.trust(horde.client_address(request))
    return payer


def check_permissions(horde: HordeState, body: Json, user: User, n: int, prompt: str) -> None:
    """Check fields that only some accounts may set, and the named workers."""
    if body.get("proxied_account") and not user.service:
        message = "Only service accounts can provide a proxied_account value."
        raise ApiError(400, "OnlyServiceAccountProxy", message)
    _check_extra_images(body, user)
    if not prompt:
        raise ApiError(400, "MissingPrompt", "You cannot specify an empty prompt.")
    known = {worker.id for pool in horde.worker_pools.values() for worker in pool.workers}
    for worker in body.get("workers", ()):
        if worker not in known:
            raise ApiError(404, "WorkerNotFound", f"Worker with ID '{worker}' not found.")
    if body.get("disable_batching") and n > 1 and not user.trusted:
        raise ApiError(400, "RequiresTrust", "Only trusted users can disable batching.")


def _check_extra_images(body: Json, user: User) -> None:
    extra = len(body.get("extra_source_images", ()))
    if extra > 5:
        message = "You can send a maximum of 5 extra source images."
        raise ApiError(
            400, "TooManyExtraSourceImages.", message, newer_rc="TooManyExtraSourceImages"
        )
    if extra > 1 and not user.trusted:
        message = "Only trusted users and patrons can send more than 1 extra source images."
        raise ApiError(
            400, "MoreThanMinExtraSourceImage.", message, newer_rc="MoreThanMinExtraSourceImage"
        )


def behaviour_of(horde: HordeState, text: str) -> Behaviour | None:
    """The requested misbehaviour of the workers. Raises ApiError for "error500"."""
    found = horde.behaviours.find(text)
    if found is not None and found.name == "error500":
        raise internal_error()
    return found


def check_shared_key_budget(payer: Payer, price: float, *, downgrade: bool) -> None:
    """Refuse what the shared key cannot pay; with `downgrade` it only loses its priority."""
    key = payer.shared_key
    if key is None or key.kudos_left >= price:
        return
    if not downgrade:
        raise ApiError(
            403,
            "SharedKeyInsufficientKudos",
            f"This shared key does not have enough remaining kudos ({int(key.kudos_left)}) "
            f"to fulfill this request ({price:.2f}).",
        )
    payer.priority = ANONYMOUS_PRIORITY


def with_long_strings_cut(body: Json) -> Json:
    """The body as the control API shows it: long strings are replaced by their length."""

    def short(value: Any) -> Any:
        if isinstance(value, list):
            return [short(each) for each in cast("list[Any]", value)]
        if isinstance(value, dict):
            return {name: short(each) for name, each in cast("Json", value).items()}
        long = isinstance(value, str) and len(value) > LONGEST_SHOWN
        return f"<{len(value)} characters>" if long else value

    return short(body)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _has_nul(value: Any) -> bool:
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_has_nul(k) or _has_nul(v) for k, v in value.items())  # pyright: ignore[reportUnknownVariableType] JSON
    if isinstance(value, list):
        return any(_has_nul(each) for each in value)  # pyright: ignore[reportUnknownVariableType] JSON
    return False
