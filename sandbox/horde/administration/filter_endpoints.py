"""Endpoints for the prompt filters."""

import re
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.horde.administration.roles import require_moderator
from sandbox.horde.errors import ApiError, bad_request, json_response
from sandbox.horde.json_schema import Schema
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.validation import prompt_filter, submit_checks

Json = dict[str, Any]
CONTEXT_A_TYPE, CONTEXT_B_TYPE = 10, 20  # the two contexts of suspicious prompts
FIELDS = ("regex", "filter_type", "description", "replacement")
FILTER: Schema = {
    "type": "object",
    "properties": {
        "regex": {"type": "string"},
        "filter_type": {"type": "integer", "minimum": 10, "maximum": 29},
        "description": {"type": "string"},
        "replacement": {"type": "string"},
    },
}
PROMPT: Schema = {
    "type": "object",
    "required": ["prompt"],
    "properties": {"prompt": {"type": "string"}, "filter_type": {"type": "integer"}},
}


@dataclass(slots=True, eq=False)
class PromptFilter:
    """One filter: words as a regular expression, and what replaces them."""

    id: int
    user: User
    regex: str
    filter_type: int
    description: str = ""
    replacement: str = ""

    def as_json(self) -> Json:
        fields = {name: getattr(self, name) for name in FIELDS}
        return {"id": str(self.id), **fields, "user": self.user.name}


class FilterEndpoints:
    """Endpoints that list, add, test, change and delete filters; for moderators only.

    The filters are kept and tested, but prompts are judged by the two words of `prompt_filter`.
    """

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        keeper = horde.accounts.by_id[1]
        self._filters = {
            1: PromptFilter(1, keeper, prompt_filter.CONTEXT_A, CONTEXT_A_TYPE),
            2: PromptFilter(2, keeper, prompt_filter.CONTEXT_B, CONTEXT_B_TYPE),
        }

    async def list_all(self, request: web.Request) -> web.Response:
        """GET /filters?filter_type=&contains=."""
        require_moderator(self._horde, request)
        part = request.query.get("contains", "")
        found = [each for each in self._of_type(request) if part in each.regex]
        return json_response([each.as_json() for each in found])

    async def regex(self, request: web.Request) -> web.Response:
        """GET /filters/regex: all expressions of a type as one."""
        require_moderator(self._horde, request)
        joined: dict[int, list[str]] = {}
        for each in self._of_type(request):
            joined.setdefault(each.filter_type, []).append(each.regex)
        rows = [{"filter_type": kind, "regex": "|".join(all_)} for kind, all_ in joined.items()]
        return json_response(rows)

    async def create(self, request: web.Request) -> web.Response:
        """PUT /filters. The answer has status 200, though swagger says 201."""
        schema = FILTER | {"required": ["regex", "filter_type"]}
        body = await submit_checks.read_valid(request, schema)
        moderator = require_moderator(self._horde, request)
        _check_regex(body["regex"])
        number = max(self._filters, default=0) + 1
        made = PromptFilter(number, moderator, body["regex"], body["filter_type"])
        self._filters[number] = made
        return json_response(_changed(made, body).as_json())

    async def test(self, request: web.Request) -> web.Response:
        """POST /filters: how suspicious a prompt is."""
        body = await submit_checks.read_valid(request, PROMPT)
        require_moderator(self._horde, request)
        kind = body.get("filter_type")
        matches = [
            (each.filter_type // 10, found[0])
            for each in self._filters.values()
            if kind in (None, each.filter_type)
            and (found := re.search(each.regex, body["prompt"], re.IGNORECASE)) is not None
        ]
        suspicion = len({context for context, _ in matches})
        return json_response(
            {"suspicion": str(suspicion), "matches": [word for _, word in matches]}
        )

    async def get(self, request: web.Request) -> web.Response:
        require_moderator(self._horde, request)
        return json_response(self._find(request).as_json())

    async def change(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, FILTER)
        require_moderator(self._horde, request)
        found = self._find(request)
        if not body.keys() & set(FIELDS):
            raise ApiError(400, "NoFilterModSelected", "No filter modification selected!")
        _check_regex(body.get("regex", ""))
        return json_response(_changed(found, body).as_json())

    async def delete(self, request: web.Request) -> web.Response:
        require_moderator(self._horde, request)
        del self._filters[self._find(request).id]
        return json_response({"message": "OK"})

    def _of_type(self, request: web.Request) -> list[PromptFilter]:
        kind = request.query.get("filter_type")
        return [each for each in self._filters.values() if kind in (None, str(each.filter_type))]

    def _find(self, request: web.Request) -> PromptFilter:
        wanted = request.match_info["filter_id"]
        for each in self._filters.values():
            if str(each.id) == wanted:
                return each
        raise ApiError(404, "FilterNotFound", f"Filter with ID '{wanted}' not found.")


def _changed(found: PromptFilter, body: Json) -> PromptFilter:
    for name in FIELDS:
        setattr(found, name, body.get(name, getattr(found, name)))
    return found


def _check_regex(regex: str) -> None:
    try:
        re.compile(regex)
    except re.error as error:
        raise bad_request(f"The regex is not valid: {error}") from error
