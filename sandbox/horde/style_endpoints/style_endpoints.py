"""Endpoints for styles."""

from typing import Any

from aiohttp import web

from sandbox.horde.errors import (
    ApiError,
    InvalidPayload,
    bad_request,
    forbidden,
    internal_error,
    json_response,
)
from sandbox.horde.newer.responses import private
from sandbox.horde.state.accounts import SharedKey, User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.styles import Style, StyleKind
from sandbox.horde.style_endpoints import style_bodies
from sandbox.horde.style_rules.declarations import check_fields, check_policy
from sandbox.horde.style_rules.templates import check as check_placeholders
from sandbox.horde.style_rules.templates import check_braces
from sandbox.horde.validation import image_rules, submit_checks

Json = dict[str, Any]
PAGE = 25
LIST_SECONDS = {"image": 30.0, "text": 1.0}
STYLE_SECONDS = 30.0  # how long an answer about one style is cached
MOST_MODELS = 5
MOST_TAGS = 10


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
        newer = self._horde.settings.newer
        shown = [style.as_json(newer=newer) for style in styles[first : first + PAGE]]
        seconds = LIST_SECONDS["image" if newer else self._kind]
        return self._horde.response_cache.store(name, seconds, json_response(shown))

    async def get(self, request: web.Request) -> web.Response:
        return self._cached(request) or self._shown(request, self._find(request))

    async def get_by_name(self, request: web.Request) -> web.Response:
        if (cached := self._cached(request)) is not None:
            return cached
        wanted = request.match_info["style_name"]
        try:
            style = self._horde.styles.find_style(wanted)
        except KeyError as error:
            raise _not_found(wanted) from error
        if style.kind != self._kind:
            raise _not_found(wanted)
        return self._shown(request, style)

    def _cached(self, request: web.Request) -> web.Response | None:
        """The older server repeats an answer for a while, also after a change."""
        return None if self._horde.settings.newer else self._horde.response_cache.get(request.path)

    def _shown(self, request: web.Request, style: Style) -> web.Response:
        newer, key = self._horde.settings.newer, request.headers.get("apikey")
        if not newer:
            answer = json_response(style.as_json())
            return self._horde.response_cache.store(request.path, STYLE_SECONDS, answer)
        own = key == style.owner.api_key
        answer = json_response(style.as_json(newer=newer, own=own))
        return private(answer) if newer and own else answer

    async def create(self, request: web.Request) -> web.Response:
        body, requester = await self._read(request)
        if "name" not in body:
            raise _missing_name()
        if requester.anonymous:
            raise ApiError(403, "StylesAnonForbidden", "Anonymous users cannot create styles.")
        if not (requester.customizer or requester.trusted):
            message = "Only customizers and trusted users can create styles."
            raise ApiError(403, "StylesRequiresCustomizer", message)
        style = Style(self._kind, "", requester, "", style_bodies.PROMPTS[self._kind], {}, [])
        self._change(style, body)
        self._horde.styles.add(style)
        return json_response(self._done(style))

    async def change(self, request: web.Request) -> web.Response:
        """PATCH. On the older server it resets missing fields, and fails for text styles (500)."""
        body, requester = await self._read(request)
        if not self._horde.settings.newer:
            if self._kind == "text":
                raise internal_error()
            if "name" not in body:
                raise _missing_name()
            body = {
                "prompt": style_bodies.PROMPTS[self._kind],
                "public": True,
                "nsfw": False,
            } | body
        style = self._find(request)
        check_owner(style.owner, requester)
        self._change(style, body)
        return json_response(self._done(style))

    async def delete(self, request: web.Request) -> web.Response:
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        style = self._find(request)
        if not requester.moderator:
            check_owner(style.owner, requester)
        self._horde.styles.remove(style)
        return json_response({"message": "OK"})

    def _done(self, style: Style) -> Json:
        warnings: list[dict[str, str]] = []
        if style.kind == "image":
            warnings = image_rules.warnings_for(style.models, style.params)
        return {"id": style.id, "message": "OK", "warnings": warnings}

    async def _read(self, request: web.Request) -> tuple[Json, User]:
        schema = style_bodies.schema(self._kind, newer=self._horde.settings.newer)
        body = await submit_checks.read_valid(request, schema)
        return body, submit_checks.require_account(self._horde, request.headers["apikey"])

    def _change(self, style: Style, body: Json) -> None:
        """Set what the body has. Raises ApiError, and changes nothing then."""
        key = self._shared_key(body) if "sharedkey" in body else style.shared_key
        prompt = body.get("prompt", style.prompt)
        check_placeholders(self._kind, prompt)
        if len(body.get("models", style.models)) > MOST_MODELS:
            raise bad_request(f"A style can have at most {MOST_MODELS} models.")
        if self._horde.settings.newer:
            check_braces(self._kind, prompt)
            check_policy(self._kind, body.get("parameter_policy", {}))
            check_fields(body.get("template_fields", []))
        style.name, style.prompt, style.shared_key = body.get("name", style.name), prompt, key
        for name in ("info", "params", "models", "public", "nsfw"):
            setattr(style, name, body.get(name, getattr(style, name)))
        style.tags = body.get("tags", style.tags)[:MOST_TAGS]
        style.policy = body.get("parameter_policy", style.policy)
        style.fields = body.get("template_fields", style.fields)

    def _shared_key(self, body: Json) -> SharedKey:
        """The shared key that pays. Raises ApiError: unknown, or useless at the newer server."""
        key = self._horde.accounts.shared_keys.get(body["sharedkey"])
        if key is None:
            raise bad_request("This shared key does not exist", "SharedKeyInvalid")
        if self._horde.settings.newer:
            key.check()
        return key

    def _find(self, request: web.Request) -> Style:
        return find_style(self._horde, self._kind, request.match_info["style_id"])


def find_style(horde: HordeState, kind: StyleKind, wanted: str) -> Style:
    """The style with this id. Raises ApiError."""
    style = horde.styles.styles.get(wanted)
    if style is None or (style.kind != kind and not horde.settings.newer):
        name = kind.title()
        raise ApiError(404, f"{name} styleNotFound", f"{name} style '{wanted}' not found.")
    if style.kind != kind:
        message = f"This is a style for {style.kind} requests."
        raise ApiError(400, "StyleGetMistmatch", message)  # spelled so by the real server
    return style


def check_owner(owner: User, requester: User) -> None:
    """Raises ApiError when the requester does not own the style or collection."""
    if owner is not requester:
        raise forbidden(f"This Style is not owned by user {requester.name}")


def _missing_name() -> InvalidPayload:
    missing = "Missing required parameter in the JSON body"
    return InvalidPayload({"name": f"The name of the style. {missing}"})


def _not_found(wanted: str) -> ApiError:
    return ApiError(404, "StyleNotFound", f"Style with name '{wanted}' not found.")
