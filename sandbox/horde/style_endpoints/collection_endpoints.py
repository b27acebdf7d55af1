"""Endpoints for collections of styles."""

from typing import Any

from aiohttp import web

from sandbox.horde import json_schema
from sandbox.horde.errors import ApiError, bad_request, internal_error, json_response
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.styles import Collection, Style
from sandbox.horde.style_endpoints.style_bodies import STRINGS
from sandbox.horde.style_endpoints.style_endpoints import STYLE_SECONDS, check_owner
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
COLLECTION: json_schema.Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "info": {"type": "string", "minLength": 1, "maxLength": 1000},
        "public": {"type": "boolean"},
        "styles": STRINGS,
    },
}


class CollectionEndpoints:
    """Endpoints for collections."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def list_all(self, request: web.Request) -> web.Response:
        kind = request.query.get("type", "all")
        return json_response(
            [
                each.as_json()
                for each in self._horde.styles.collections.values()
                if each.public and kind in ("all", each.kind)
            ]
        )

    async def get(self, request: web.Request) -> web.Response:
        return self._cached(request) or self._shown(
            request, self._find(request.match_info["collection_id"])
        )

    async def get_by_name(self, request: web.Request) -> web.Response:
        if (cached := self._cached(request)) is not None:
            return cached
        wanted = request.match_info["collection_name"].removeprefix("collection::")
        for each in self._horde.styles.collections.values():
            if each.name == wanted:
                return self._shown(request, each)
        raise _not_found(wanted)

    def _cached(self, request: web.Request) -> web.Response | None:
        """The older server repeats an answer for a while, also after a change."""
        return None if self._horde.settings.newer else self._horde.response_cache.get(request.path)

    def _shown(self, request: web.Request, found: Collection) -> web.Response:
        answer = json_response(found.as_json())
        return self._horde.response_cache.store(request.path, STYLE_SECONDS, answer)

    async def create(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, COLLECTION | {"required": ["name"]})
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        if requester.anonymous:
            raise ApiError(403, "StylesAnonForbidden", "Anonymous users cannot create collections.")
        styles = self._styles(body.get("styles", []))
        made = Collection(
            styles[0].kind,
            body["name"],
            requester,
            body.get("info", ""),
            styles,
            public=body.get("public", True),
        )
        self._horde.styles.collections[made.id] = made
        return json_response({"id": made.id, "message": "OK"})

    async def change(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, COLLECTION)
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        found = self._find(request.match_info["collection_id"])
        check_owner(found.owner, requester)
        if "styles" in body:
            found.styles = self._styles(body["styles"])
            found.kind = found.styles[0].kind
        found.name, found.info = body.get("name", found.name), body.get("info", found.info)
        found.public = body.get("public", found.public)
        return json_response({"id": found.id, "message": "OK"})

    def _styles(self, names: list[str]) -> list[Style]:
        """The styles with these names. Raises ApiError: none, unknown, or of both kinds."""
        store = self._horde.styles
        if not names:
            raise bad_request("A collection has to include at least 1 style")
        if any(name in store.styles for name in names) and not self._horde.settings.newer:
            raise internal_error()  # a bug of the real server: it accepts names, not ids
        found = [store.find(name) for name in names]
        styles = [each for each in found if isinstance(each, Style)]
        if len({style.kind for style in styles}) != 1:
            message = "Cannot mix image and text styles in the same collection"
            raise bad_request(message, "StyleMismatch")
        return styles

    async def delete(self, request: web.Request) -> web.Response:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        found = self._find(request.match_info["collection_id"])
        if not requester.moderator:
            check_owner(found.owner, requester)
        del self._horde.styles.collections[found.id]
        return json_response({"message": "OK"})

    def _find(self, wanted: str) -> Collection:
        found = self._horde.styles.collections.get(wanted)
        if found is None:
            raise _not_found(wanted)
        return found


def _not_found(wanted: str) -> ApiError:
    return ApiError(404, "CollectionNotFound", f"Collection '{wanted}' not found.")
