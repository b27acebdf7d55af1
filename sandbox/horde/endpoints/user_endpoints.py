"""Endpoints that find, list, change and delete accounts."""

import secrets
from typing import Any

from aiohttp import web

from sandbox.horde.endpoints.user_json import View, user_json
from sandbox.horde.errors import ApiError, InvalidPayload, invalid_key, json_response
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
USER_SECONDS = 30.0  # how long an answer about a user is cached
PAGE = 25
TEXTS = {"username": (3, 100), "contact": (5, 500), "admin_comment": (5, 500)}
MODERATED = (
    "concurrency", "worker_invited", "trusted", "flagged", "customizer", "vpn", "service",
    "education", "special", "reset_suspicion", "admin_comment",
)  # fmt: skip
ADMINISTERED = ("kudos", "monthly_kudos", "usage_multiplier", "moderator")
PROFANE = ("frell", "gorram")  # invented words that replace the real list


class UserEndpoints:
    """Endpoints for accounts."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def find(self, request: web.Request) -> web.Response:
        """GET /find_user: the account of the API key. The 404 repeats the key in plain text."""
        key = request.headers.get("apikey")
        if key is None:
            raise invalid_key()
        cache, name = self._horde.response_cache, f"find_user {key}"
        cached = cache.get(name)
        if cached is not None:
            return cached
        accounts = self._horde.accounts
        if (shared := accounts.shared_keys.get(key)) is not None:
            body = user_json(self._horde, shared.owner, "shared", shared)
        elif (user := accounts.by_key.get(key)) is not None:
            body = user_json(self._horde, user, "own")
        else:
            raise ApiError(
                404,
                "UserNotFound",
                f"User with api_key '{key}' not found. You have requested this URI "
                f"[{request.path}] but did you mean /api/v2/find_user or /api/v2/users or "
                "/api/v2/users/<string:user_id> ?",
            )
        return cache.store(name, USER_SECONDS, json_response(body))

    async def list_page(self, request: web.Request) -> web.Response:
        accounts = self._horde.accounts
        users = [*list(accounts.by_id.values())[1:], *accounts.others.values()]
        if request.query.get("sort", "kudos") == "kudos":
            users.sort(key=lambda user: user.kudos, reverse=True)
        page = max(1, _number(request.query.get("page", "1")))
        chosen = users[(page - 1) * PAGE : page * PAGE]
        return json_response([user_json(self._horde, user, "list") for user in chosen])

    async def get(self, request: web.Request) -> web.Response:
        user = self._find(request)
        key = request.headers.get("apikey")
        if key is not None and key not in self._horde.accounts.by_key:
            raise invalid_key()
        view: View = "own" if key and key == user.api_key else "public"
        name = f"{request.path} {view}"
        cached = self._horde.response_cache.get(name)
        if cached is not None:
            return cached
        answer = json_response(user_json(self._horde, user, view))
        return self._horde.response_cache.store(name, USER_SECONDS, answer)

    async def change(self, request: web.Request) -> web.Response:
        """PUT /users/{id}: the answer has the changed fields only."""
        body = await submit_checks.read_json(request)
        _check_texts(body)
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        user = self._find(request)
        if requester.anonymous or user.anonymous:
            message = "Anonymous user is forbidden from performing this operation"
            raise ApiError(403, "AnonForbiddenUserMod", message)
        if any(name in body for name in ADMINISTERED):
            raise ApiError(403, "NotAdmin", "You're not an admin. Sod off!")
        changed = _moderate(user, requester, body) | _change_own(user, requester, body)
        if not changed:
            raise ApiError(400, "NoUserModSelected", "No usermod operations selected!")
        return json_response(changed)

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE /users/{id}: mark the account as deleted; its key is refused from then on."""
        key = submit_checks.require_key_header(request)
        requester = self._horde.accounts.by_key.get(key)
        if requester is None:
            raise invalid_key()
        user = self._find(request)
        if requester is not user and not requester.moderator:
            raise ApiError(
                403, "NotUserOrMod", "Only the user themselves or a moderator can do it."
            )
        if user.moderator:
            raise ApiError(403, "CannotDeleteMod", "Moderators cannot be deleted.")
        if user.deleted:
            message = "An account can be wiped 30 days after its last activity."
            raise ApiError(403, "CannotWipeActiveUser", message)
        user.deleted = True
        return json_response({"message": "OK"})

    def _find(self, request: web.Request) -> User:
        wanted = request.match_info["user_id"]
        known = wanted.isascii() and wanted.isdigit() and len(wanted) < 12
        user = self._horde.accounts.find(int(wanted)) if known else None
        if user is None:
            raise ApiError(
                404,
                "UserNotFound",
                f"User with ID '{wanted}' not found. You have requested this URI "
                f"[{request.path}] but did you mean /api/v2/users/<string:user_id> or "
                "/api/v2/users or /api/v2/workers/<string:worker_id> ?",
            )
        return user


def _check_texts(body: Any) -> None:
    """Raises InvalidPayload like the schema of the real endpoint."""
    if not isinstance(body, dict):
        raise InvalidPayload({"": f"{body!r} is not of type 'object'"})
    faults: dict[str, str] = {}
    for name, (least, most) in TEXTS.items():
        value: Any = body.get(name, "x" * least)  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] JSON
        if not isinstance(value, str):
            faults[name] = f"{value!r} is not of type 'string'"
        elif not least <= len(value) <= most:
            faults[name] = f"{value!r} is too {'short' if len(value) < least else 'long'}"
    if faults:
        raise InvalidPayload(faults)


def _moderate(user: User, requester: User, body: Json) -> Json:
    wanted = {name: body[name] for name in MODERATED if name in body}
    if wanted and not requester.moderator:
        raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
    for name, value in wanted.items():
        if hasattr(user, name) and isinstance(value, type(getattr(user, name))):
            setattr(user, name, value)
    return wanted


def _change_own(user: User, requester: User, body: Json) -> Json:
    own = ("public_workers", "username", "contact", "generate_proxy_passkey", "undelete")
    if any(name in body for name in own) and requester is not user and not requester.moderator:
        raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
    changed: Json = {}
    if "username" in body:
        _check_name(body["username"])
        user.alias = changed["username"] = body["username"]
    if "contact" in body:
        user.contact = changed["contact"] = body["contact"]
    if isinstance(body.get("public_workers"), bool):
        user.public_workers = changed["public_workers"] = body["public_workers"]
    if body.get("generate_proxy_passkey"):
        if not user.service:
            message = "Only service accounts can have a proxy passkey."
            raise ApiError(403, "NonServiceForbidden", message)
        user.proxy_passkey = changed["proxy_passkey"] = secrets.token_urlsafe(16)
    if body.get("undelete"):
        if not user.deleted:
            raise ApiError(400, "UserNotDeleted", "This user is not scheduled for deletion.")
        user.deleted = False
        changed["undelete"] = True
    return changed


def _check_name(name: str) -> None:
    if len(name) > 30:
        raise ApiError(400, "TooLongUserName", "The name is too long. Please use at most 30.")
    if any(word in name.casefold() for word in PROFANE):
        raise ApiError(400, "ProfaneUserName", "The specified name contains profanity.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
