"""The styles and collections: listed, found, made, changed."""

from typing import Any

from aiohttp import web

from . import intake, schema
from .accounts import User
from .horde import Horde
from .problems import Invalid, Problem, bad_request, crash, forbidden, json_response
from .schemas import IMAGE_STYLE_PARAMS, TEXT_STYLE_PARAMS
from .styles import Collection, Style, StyleKind

Json = dict[str, Any]
PAGE = 25
LIST_SECONDS = {"image": 30.0, "text": 1.0}
STRINGS: schema.Schema = {"type": "array", "items": {"type": "string", "minLength": 1}}
STYLE_SCHEMAS: dict[str, schema.Schema] = {
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

COLLECTION: schema.Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 100},
        "info": {"type": "string", "minLength": 1, "maxLength": 1000},
        "public": {"type": "boolean"},
        "styles": STRINGS,
    },
    "required": ["name"],
}


class StyleDesk:
    """Answers about the styles of one kind."""

    def __init__(self, horde: Horde, kind: StyleKind) -> None:
        self._horde = horde
        self._kind: StyleKind = kind

    async def listed(self, request: web.Request) -> web.Response:
        """25 rows. `page` moves the window by rows, not by pages, as on the real server."""
        name = f"{request.path} {request.query_string}"
        kept = self._horde.caches.get(name)
        if kept is not None:
            return kept
        tag, model = request.query.get("tag"), request.query.get("model")
        styles = [
            style
            for style in self._horde.shelf.styles.values()
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
        return self._horde.caches.keep(name, LIST_SECONDS[self._kind], answer)

    async def one(self, request: web.Request) -> web.Response:
        return json_response(self._find(request).as_json())

    async def named(self, request: web.Request) -> web.Response:
        wanted = request.match_info["style_name"]
        try:
            style = self._horde.shelf.named(wanted)
        except KeyError as error:
            raise _no_style(wanted) from error
        if style.kind != self._kind:
            raise _no_style(wanted)
        return json_response(style.as_json())

    async def create(self, request: web.Request) -> web.Response:
        body, asking = await self._read(request)
        if asking.anonymous:
            raise Problem(403, "StylesAnonForbidden", "Anonymous users cannot create styles.")
        if not (asking.customizer or asking.trusted):
            message = "Only customizers and trusted users can create styles."
            raise Problem(403, "StylesRequiresCustomizer", message)
        style = Style(self._kind, "", asking, "", "", {}, [])
        self._set(style, body)
        self._horde.shelf.styles[style.id] = style
        return json_response({"id": style.id, "message": "OK", "warnings": []})

    async def change(self, request: web.Request) -> web.Response:
        """PATCH resets what is left out to the defaults of creation, as on the real server."""
        body, asking = await self._read(request)
        style = self._find(request)
        _check_owner(style.owner, asking)
        self._set(style, body)
        return json_response({"id": style.id, "message": "OK", "warnings": []})

    async def delete(self, request: web.Request) -> web.Response:
        asking = intake.registered(self._horde, intake.require_key_header(request))
        style = self._find(request)
        if not asking.moderator:
            _check_owner(style.owner, asking)
        del self._horde.shelf.styles[style.id]
        return json_response({"message": "OK"})

    async def _read(self, request: web.Request) -> tuple[Json, User]:
        body = await intake.read_valid(request, STYLE_SCHEMAS[self._kind])
        if "name" not in body:
            missing = "Missing required parameter in the JSON body"
            raise Invalid({"name": f"The name of the style. {missing}"})
        asking = intake.registered(self._horde, request.headers["apikey"])
        if body.get("sharedkey") and body["sharedkey"] not in self._horde.accounts.shared:
            raise bad_request("This shared key does not exist")
        return body, asking

    def _set(self, style: Style, body: Json) -> None:
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
        style.public, style.nsfw = body.get("public", True), body.get("nsfw", False)

    def _find(self, request: web.Request) -> Style:
        wanted = request.match_info["style_id"]
        style = self._horde.shelf.styles.get(wanted)
        if style is None or style.kind != self._kind:
            kind = self._kind.title()
            raise Problem(404, f"{kind} styleNotFound", f"{kind} style '{wanted}' not found.")
        return style


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
        body = await intake.read_valid(request, COLLECTION)
        asking = intake.registered(self._horde, request.headers["apikey"])
        if asking.anonymous:
            raise Problem(403, "StylesAnonForbidden", "Anonymous users cannot create collections.")
        names: list[str] = body.get("styles", [])
        if not names:
            raise bad_request("A collection has to include at least 1 style")
        shelf = self._horde.shelf
        if any(name in shelf.styles for name in names):
            raise crash()  # a bug of the real server: ids do not work, names do
        found = [shelf.find(name) for name in names]
        styles = [each for each in found if isinstance(each, Style)]
        if len({style.kind for style in styles}) != 1:
            raise bad_request("Cannot mix image and text styles in the same collection")
        made = Collection(
            styles[0].kind,
            body["name"],
            asking,
            body.get("info", ""),
            styles,
            public=body.get("public", True),
        )
        shelf.collections[made.id] = made
        return json_response({"id": made.id, "message": "OK"})

    async def delete(self, request: web.Request) -> web.Response:
        asking = intake.registered(self._horde, intake.require_key_header(request))
        found = self._find(request.match_info["collection_id"])
        if not asking.moderator:
            _check_owner(found.owner, asking)
        del self._horde.shelf.collections[found.id]
        return json_response({"message": "OK"})

    def _find(self, wanted: str) -> Collection:
        found = self._horde.shelf.collections.get(wanted)
        if found is None:
            raise _no_collection(wanted)
        return found


def _check_owner(owner: User, asking: User) -> None:
    if owner is not asking:
        raise forbidden(f"This Style is not owned by user {asking.name}")


def _no_style(wanted: str) -> Problem:
    return Problem(404, "StyleNotFound", f"Style with name '{wanted}' not found.")


def _no_collection(wanted: str) -> Problem:
    return Problem(404, "CollectionNotFound", f"Collection '{wanted}' not found.")
