"""Endpoints for the example pictures of image styles."""

import uuid
from typing import Any

from aiohttp import web

from sandbox.horde.errors import (
    ApiError,
    InvalidPayload,
    bad_request,
    internal_error,
    json_response,
)
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.styles import Style
from sandbox.horde.style_endpoints.style_bodies import EXAMPLE
from sandbox.horde.style_endpoints.style_endpoints import check_owner, find_style
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
MOST_EXAMPLES = 4


class StyleExampleEndpoints:
    """Endpoints that add, change and delete examples."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def add(self, request: web.Request) -> web.Response:
        """POST /styles/image/{id}/example. The older server fails for a primary first one (500)."""
        style, body = await self._read(request)
        if len(style.examples) >= MOST_EXAMPLES:
            message = f"A style can have at most {MOST_EXAMPLES} examples."
            raise bad_request(message, "TooManyStyleExamples")
        first = not any(each["primary"] for each in style.examples)
        if body.get("primary") and first and not self._horde.settings.newer:
            raise internal_error()
        if not body.get("url"):
            raise InvalidPayload({"url": "Missing required parameter in the JSON body"})
        self._check_new(style, body["url"])
        made = {"id": str(uuid.uuid4()), "url": body["url"], "primary": False}
        style.examples.append(made)
        _make_primary(style, made, {"primary": first or body.get("primary")})
        # One empty warning: the older server has an object where a list belongs.
        empty = [{"code": None, "message": None}]
        warnings = {} if self._horde.settings.newer else {"warnings": empty}
        return json_response({"id": made["id"], "message": "OK"} | warnings)

    async def change(self, request: web.Request) -> web.Response:
        style, body = await self._read(request)
        found = _example(style, request)
        if body.get("url", found["url"]) != found["url"]:
            self._check_new(style, body["url"])
        others = any(each["primary"] for each in style.examples if each is not found)
        if not body.get("primary", True) and not others:
            raise bad_request("You cannot remove the last primary example of this style")
        found["url"] = body.get("url", found["url"])
        _make_primary(style, found, body)
        return json_response({"id": found["id"], "message": "OK"})

    async def delete(self, request: web.Request) -> web.Response:
        key = submit_checks.require_key_header(request)
        style = self._owned(request, key)
        found = _example(style, request)
        style.examples.remove(found)
        if found["primary"] and style.examples:
            style.examples[0]["primary"] = True
        return json_response({"message": "OK"})

    async def _read(self, request: web.Request) -> tuple[Style, Json]:
        body = await submit_checks.read_valid(request, EXAMPLE)
        style = self._owned(request, request.headers["apikey"])
        if "url" in body and not body["url"].startswith("https://"):
            raise bad_request("The url has to start with 'https://'")
        return style, body

    def _owned(self, request: web.Request, key: str) -> Style:
        requester = submit_checks.require_account(self._horde, key)
        style = find_style(self._horde, "image", request.match_info["style_id"])
        if not requester.moderator:
            check_owner(style.owner, requester)
        return style

    def _check_new(self, style: Style, url: str) -> None:
        if any(each["url"] == url for each in style.examples):
            message = "This style has an example with this URL already."
            raise ApiError(400, "ExampleURLAlreadyInUse", message)


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
