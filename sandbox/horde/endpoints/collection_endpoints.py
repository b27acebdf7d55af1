"""The collections of styles."""

from typing import Any

from aiohttp import web

from sandbox.horde import json_schema
from sandbox.horde.endpoints.style_endpoints import STRINGS, check_owner
from sandbox.horde.errors import Problem, bad_request, crash, json_response
from sandbox.horde.state.horde_state import Horde
from sandbox.horde.state.styles import Collection, Style
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


class CollectionDesk:
    """Answers about collections."""

    def __init__(self, horde: Horde) -> None:
        self._horde = horde

    async def listed(self, request: web.Request) -> web.Response:
        kind = request.query.get("type", "all")
        return json_response(
            [
                each.as_json()
                for each in self._horde.shelf.collections.values()
                if each.public and kind in ("all", each.kind)
            ]
        )

    async def one(self, request: web.Request) -> web.Response:
        return json_response(self._find(request.match_info["collection_id"]).as_json())

    async def named(self, request: web.Request) -> web.Response:
        wanted = request.match_info["collection_name"].removeprefix("collection::")
        for each in self._horde.shelf.collections.values():
            if each.name == wanted:
                return json_response(each.as_json())
        raise _no_collection(wanted)

    async def create(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, COLLECTION | {"required": ["name"]})
        asking = submit_checks.registered(self._horde, request.headers["apikey"])
        if asking.anonymous:
            raise Problem(403, "StylesAnonForbidden", "Anonymous users cannot create collections.")
        styles = self._styles(body.get("styles", []))
        made = Collection(
            styles[0].kind,
            body["name"],
            asking,
            body.get("info", ""),
            styles,
            public=body.get("public", True),
        )
        self._horde.shelf.collections[made.id] = made
        return json_response({"id": made.id, "message": "OK"})

    async def change(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, COLLECTION)
        asking = submit_checks.registered(self._horde, request.headers["apikey"])
        found = self._find(request.match_info["collection_id"])
        check_owner(found.owner, asking)
        if "styles" in body:
            found.styles = self._styles(body["styles"])
            found.kind = found.styles[0].kind
        found.name, found.info = body.get("name", found.name), body.get("info", found.info)
        found.public = body.get("public", found.public)
        return json_response({"id": found.id, "message": "OK"})

    def _styles(self, names: list[str]) -> list[Style]:
        """The styles of these names. Raises Problem: none, unknown, or of both kinds."""
        shelf = self._horde.shelf
        if not names:
            raise bad_request("A collection has to include at least 1 style")
        if any(name in shelf.styles for name in names):
            raise crash()  # a bug of the real server: ids do not work, names do
        found = [shelf.find(name) for name in names]
        styles = [each for each in found if isinstance(each, Style)]
        if len({style.kind for style in styles}) != 1:
            raise bad_request("Cannot mix image and text styles in the same collection")
        return styles

    async def delete(self, request: web.Request) -> web.Response:
        asking = submit_checks.registered(self._horde, submit_checks.require_key_header(request))
        found = self._find(request.match_info["collection_id"])
        if not asking.moderator:
            check_owner(found.owner, asking)
        del self._horde.shelf.collections[found.id]
        return json_response({"message": "OK"})

    def _find(self, wanted: str) -> Collection:
        found = self._horde.shelf.collections.get(wanted)
        if found is None:
            raise _no_collection(wanted)
        return found


def _no_collection(wanted: str) -> Problem:
    return Problem(404, "CollectionNotFound", f"Collection '{wanted}' not found.")
