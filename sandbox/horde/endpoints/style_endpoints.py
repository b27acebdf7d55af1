"""Endpoints for styles."""

import uuid
from typing import Any

from aiohttp import web

from sandbox.horde import json_schema
from sandbox.horde.errors import (
    ApiError,
    InvalidPayload,
    bad_request,
    forbidden,
    internal_error,
    json_response,
)
from sandbox.horde.request_schemas import IMAGE_STYLE_PARAMS, TEXT_STYLE_PARAMS
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.styles import Style, StyleKind
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
PAGE = 25
LIST_SECONDS = {"image": 30.0, "text": 1.0}
STRINGS: json_schema.Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
EXAMPLE: json_schema.Schema = {
    "type": "object",
    "properties": {"url": {"type": "string"}, "primary": {"type": "boolean"}},
}
MOST_EXAMPLES = 4
STYLE_SCHEMAS: dict[str, json_schema.Schema] = {
    kind: {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 100},
            "info": {"type": "string", "minLength": 10, "maxLength": 1000},
            "prompt": {"type": "string"},
            "params": {"type": "object", "properties": params},
            "public": {"type": "boolean"},
            "nsfw": {"type": "boolean"},
            "tags": STRINGS,
            "models": STRINGS,
            "sharedkey": {"type": "string", "minLength": 36, "maxLength": 36},
        },
    }
    for kind, params in (("image", IMAGE_STYLE_PARAMS), ("text", TEXT_STYLE_PARAMS))
}


class StyleEndpoints:
    """Endpoints for the styles of one kind."""

    def __init__(self, horde: HordeState, kind: StyleKind) -> None:
        self._horde = horde
        self._kind: StyleKind = kind

    async def list_page(self, request: web.Request) -> web.Response:
        """List 25 styles. `page` counts rows, not pages, as on the real server."""
        name = f"{request.path} {request.query_string}"
        cached = self._horde.response_cache.get(name)
        if cached is not None:
            return cached
        tag, model = request.query.get("tag"), request.query.get("model")
        styles = [
            style
            for style in self._horde.styles.styles.values()
            if style.kind == self._kind
            and style.public
            and (tag is None or tag in style.tags)
            and (model is None or model in style.models)
        ]
        if request.query.get("sort", "popular") == "popular":
            styles.sort(key=lambda style: style.use_count, reverse=True)
        page = request.query.get("page", "1")
        first = max(0, int(page) - 1) if page.isascii() and page.isdigit() else 0
        answer = json_response([style.as_json() for style in styles[first : first + PAGE]])
        return self._horde.response_cache.store(name, LIST_SECONDS[self._kind], answer)

    async def get(self, request: web.Request) -> web.Response:
        return json_response(self._find(request).as_json())

    async def get_by_name(self, request: web.Request) -> web.Response:
        wanted = request.match_info["style_name"]
        try:
            style = self._horde.styles.find_style(wanted)
        except KeyError as error:
            raise _not_found(wanted) from error
        if style.kind != self._kind:
            raise _not_found(wanted)
        return json_response(style.as_json())

    async def create(self, request: web.Request) -> web.Response:
        body, requester = await self._read(request)
        if requester.anonymous:
            raise ApiError(403, "StylesAnonForbidden", "Anonymous users cannot create styles.")
        if not (requester.customizer or requester.trusted):
            message = "Only customizers and trusted users can create styles."
            raise ApiError(403, "StylesRequiresCustomizer", message)
        style = Style(self._kind, "", requester, "", "", {}, [])
        self._change(style, body)
        self._horde.styles.styles[style.id] = style
        return json_response({"id": style.id, "message": "OK", "warnings": []})

    async def change(self, request: web.Request) -> web.Response:
        """PATCH resets missing fields to their defaults, as on the real server."""
        body, requester = await self._read(request)
        style = self._find(request)
        check_owner(style.owner, requester)
        self._change(style, body)
        return json_response({"id": style.id, "message": "OK", "warnings": []})

    async def delete(self, request: web.Request) -> web.Response:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        style = self._find(request)
        if not requester.moderator:
            check_owner(style.owner, requester)
        del self._horde.styles.styles[style.id]
        return json_response({"message": "OK"})

    async def add_example(self, request: web.Request) -> web.Response:
        """POST /styles/image/{id}/example. A primary first example triggers a server bug (500)."""
        style, body = await self._read_example(request)
        if len(style.examples) >= MOST_EXAMPLES:
            raise bad_request(f"A style can have at most {MOST_EXAMPLES} examples.")
        if body.get("primary") and not any(each["primary"] for each in style.examples):
            raise internal_error()
        if not body.get("url"):
            raise InvalidPayload({"url": "Missing required parameter in the JSON body"})
        made = {"id": str(uuid.uuid4()), "url": body["url"], "primary": False}
        style.examples.append(made)
        _make_primary(style, made, body)
        return json_response({"id": made["id"], "message": "OK"})

    async def change_example(self, request: web.Request) -> web.Response:
        style, body = await self._read_example(request)
        found = _example(style, request)
        found["url"] = body.get("url", found["url"])
        _make_primary(style, found, body)
        return json_response({"id": found["id"], "message": "OK"})

    async def delete_example(self, request: web.Request) -> web.Response:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        style = self._find(request)
        if not requester.moderator:
            check_owner(style.owner, requester)
        style.examples.remove(_example(style, request))
        return json_response({"message": "OK"})

    async def _read_example(self, request: web.Request) -> tuple[Style, Json]:
        body = await submit_checks.read_valid(request, EXAMPLE)
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        style = self._find(request)
        if not requester.moderator:
            check_owner(style.owner, requester)
        if "url" in body and not body["url"].startswith("https://"):
            raise bad_request("The url has to start with 'https://'")
        return style, body

    async def _read(self, request: web.Request) -> tuple[Json, User]:
        body = await submit_checks.read_valid(request, STYLE_SCHEMAS[self._kind])
        if "name" not in body:
            missing = "Missing required parameter in the JSON body"
            raise InvalidPayload({"name": f"The name of the style. {missing}"})
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        if body.get("sharedkey") and body["sharedkey"] not in self._horde.accounts.shared_keys:
            raise bad_request("This shared key does not exist")
        return body, requester

    def _change(self, style: Style, body: Json) -> None:
        default = "{p}{np}" if self._kind == "image" else "{p}"
        prompt = body.get("prompt", default)
        if "{p}" not in prompt or (self._kind == "image" and "{np}" not in prompt):
            raise bad_request("The prompt needs a {p}, and for image styles an {np}.")
        if len(body.get("models", style.models)) > 5:
            raise bad_request("A style can have at most 5 models.")
        style.name, style.prompt = body["name"], prompt
        style.info = body.get("info", style.info)
        style.params = body.get("params", style.params)
        style.models = body.get("models", style.models)
        style.tags = body.get("tags", style.tags)[:10]
        if "sharedkey" in body:
            style.shared_key = self._horde.accounts.shared_keys[body["sharedkey"]]
        style.public, style.nsfw = body.get("public", True), body.get("nsfw", False)

    def _find(self, request: web.Request) -> Style:
        wanted = request.match_info["style_id"]
        style = self._horde.styles.styles.get(wanted)
        if style is None or style.kind != self._kind:
            kind = self._kind.title()
            raise ApiError(404, f"{kind} styleNotFound", f"{kind} style '{wanted}' not found.")
        return style


def _example(style: Style, request: web.Request) -> Json:
    wanted = request.match_info["example_id"]
    for each in style.examples:
        if each["id"] == wanted:
            return each
    message = f"Style example with ID '{wanted}' not found."
    raise ApiError(404, "Style exampleNotFound", message)


def _make_primary(style: Style, chosen: Json, body: Json) -> None:
    if body.get("primary"):
        for each in style.examples:
            each["primary"] = each is chosen


def check_owner(owner: User, requester: User) -> None:
    """Raises ApiError when the requester does not own the style or collection."""
    if owner is not requester:
        raise forbidden(f"This Style is not owned by user {requester.name}")


def _not_found(wanted: str) -> ApiError:
    return ApiError(404, "StyleNotFound", f"Style with name '{wanted}' not found.")
