"""The endpoints of the model reference host; an unknown name is a 404 with `detail`."""

import json
from typing import Any

from aiohttp import web

from sandbox.horde.newer import baselines
from sandbox.horde.state.horde_state import HordeState
from sandbox.reference.model_host import guidance, records
from sandbox.reference.model_host.live_stats import live_stats, popularity
from sandbox.reference.model_host.search import InvalidQuery, number, search

Json = dict[str, Any]
PREFIX = "/api/model_references"
TAGS = ("tags_any", "tags_all", "tags_none")
KINDS = {"image_generation": "image", "text_generation": "text"}  # those with live numbers


class ModelHost:
    """Answers from the invented records; `horde` has the live numbers of models."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    def routes(self) -> list[web.RouteDef]:
        """The routes, all of them GET."""
        v2, text = f"{PREFIX}/v2", f"{PREFIX}/v2/text_generation/guidance"
        families = f"{v2}/image_generation/baselines"
        return [
            web.get("/api/heartbeat", self.heartbeat),
            web.get(f"{v2}/model_categories", self.categories),
            web.get(f"{v2}/search", self.search_all),
            web.get(f"{v2}/metadata/last_updated", self.last_updated),
            web.get(f"{v2}/metadata/{{category}}/last_updated", self.category_updated),
            web.get(f"{families}/", self.baseline_list),
            web.get(f"{families}/export", self.baseline_export),
            web.get(f"{families}/{{name}}", self.baseline),
            web.get(f"{text}/model", self.model_guidance),
            web.get(f"{text}/profiles", self.profiles),
            web.get(f"{text}/profiles/{{profile}}", self.profile),
            web.get(f"{text}/assignments", self.assignments),
            web.get(f"{text}/export", self.guidance_export),
            web.get(f"{v2}/{{category}}", self.category),
            web.get(f"{v2}/{{category}}/search", self.search),
            web.get(f"{v2}/{{category}}/popular", self.popular),
            web.get(f"{v2}/{{category}}/pending", self.pending),
            web.get(f"{v2}/{{category}}/model/{{name:.+}}", self.model),
            web.get(f"{PREFIX}/statistics/{{category}}/with-stats", self.with_stats),
            web.get(f"{PREFIX}/v1/{{category}}", self.category),
        ]

    async def heartbeat(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def categories(self, _request: web.Request) -> web.Response:
        return web.json_response(list(records.CATEGORIES))

    async def category(self, request: web.Request) -> web.Response:
        return web.json_response(_records(request))

    async def model(self, request: web.Request) -> web.Response:
        return _one(_records(request), request.match_info["name"], "Model")

    async def pending(self, request: web.Request) -> web.Response:
        return web.json_response(records.pending(_category(request)))

    async def search(self, request: web.Request) -> web.Response:
        return _search(request, list(_records(request).values()))

    async def search_all(self, request: web.Request) -> web.Response:
        base = _base(request)
        found = [
            each | {"category": category}
            for category in records.CATEGORIES
            for each in records.records(category, base).values()
        ]
        return _search(request, found)

    async def popular(self, request: web.Request) -> web.Response:
        """The models with the most workers or uses; none for a category without workers."""
        key = request.query.get("sort_by", "worker_count")
        try:
            limit = number(request.query, "limit", 10, 1, 100)
            rows = self._live_rows(request)
            rows.sort(key=lambda row: popularity(row["stats"], key), reverse=True)
        except InvalidQuery as error:
            return _detail(422, str(error))
        return web.json_response(rows[:limit])

    async def with_stats(self, request: web.Request) -> web.Response:
        """All models of a category, each with its live numbers."""
        if _category(request) not in KINDS:
            return _detail(400, "This category has no live numbers")
        rows = self._live_rows(request)
        return web.json_response({row["name"]: row["record"] | row["stats"] for row in rows})

    async def last_updated(self, _request: web.Request) -> web.Response:
        return web.json_response({"last_updated": records.UPDATED_AT})

    async def category_updated(self, request: web.Request) -> web.Response:
        category = _category(request)
        return web.json_response({"category": category, "last_updated": records.UPDATED_AT})

    async def baseline_list(self, _request: web.Request) -> web.Response:
        items = [each.as_json(name) for name, each in baselines.BASELINES.items()]
        body = {"items": items, "total": len(items), "metadata": baselines.METADATA}
        return _tagged(body, "image-baselines", baselines.METADATA["revision"])

    async def baseline_export(self, _request: web.Request) -> web.Response:
        body: Json = {
            "metadata": baselines.METADATA,
            "baselines": {name: each.as_json(name) for name, each in baselines.BASELINES.items()},
        }
        return _tagged(body, "image-baselines", baselines.METADATA["revision"])

    async def baseline(self, request: web.Request) -> web.Response:
        known = {name: each.as_json(name) for name, each in baselines.BASELINES.items()}
        return _one(known, request.match_info["name"], "Baseline")

    async def model_guidance(self, request: web.Request) -> web.Response:
        """Guidance by the exact name; one with a backend is unknown, as on the real host."""
        name = request.query.get("name", "")
        found = records.records("text_generation", _base(request)).get(name)
        if found is None:
            return _detail(404, f"Model {name!r} not found")
        body = guidance.model_guidance(name, found["instruct_format"])
        return _tagged(body, "text-guidance", guidance.REVISION)

    async def profiles(self, request: web.Request) -> web.Response:
        deprecated = request.query.get("include_deprecated") == "true"
        body = guidance.profile_list(deprecated=deprecated)
        return _tagged(body, "text-guidance", guidance.REVISION)

    async def profile(self, request: web.Request) -> web.Response:
        return _one(guidance.PROFILES, request.match_info["profile"], "Profile")

    async def assignments(self, request: web.Request) -> web.Response:
        query = request.query
        body = guidance.assignment_list(query.get("model_name"), query.get("profile_id"))
        return _tagged(body, "text-guidance", guidance.REVISION)

    async def guidance_export(self, _request: web.Request) -> web.Response:
        return _tagged(guidance.export(), "text-guidance", guidance.REVISION)

    def _live_rows(self, request: web.Request) -> list[Json]:
        """Name, record and live numbers of each model."""
        category = _category(request)
        if category not in KINDS:
            return []
        stats = live_stats(self._horde, KINDS[category])
        return [
            {"name": name, "record": record, "stats": stats(name)}
            for name, record in _records(request).items()
        ]


def _category(request: web.Request) -> str:
    """The category of the path. Raises HTTPNotFound with a JSON body for an unknown one."""
    category = request.match_info["category"]
    if category not in records.CATEGORIES:
        body = json.dumps({"detail": f"Model category {category!r} not found"})
        raise web.HTTPNotFound(text=body, content_type="application/json")
    return category


def _records(request: web.Request) -> records.Records:
    return records.records(_category(request), _base(request))


def _search(request: web.Request, found: list[Json]) -> web.Response:
    tags = {name: [str(each) for each in request.query.getall(name, [])] for name in TAGS}
    try:
        return web.json_response(search(found, request.query, tags))
    except InvalidQuery as error:
        return _detail(422, str(error))


def _one(known: dict[str, Json], name: str, what: str) -> web.Response:
    if name not in known:
        return _detail(404, f"{what} {name!r} not found")
    return web.json_response(known[name])


def _detail(status: int, text: str) -> web.Response:
    return web.json_response({"detail": text}, status=status)


def _tagged(body: Json, catalogue: str, revision: int) -> web.Response:
    """The body with a weak ETag; the real host sends one, but ignores If-None-Match."""
    return web.json_response(body, headers={"ETag": f'W/"{catalogue}-{revision}"'})


def _base(request: web.Request) -> str:
    return f"http://{request.host}/reference"
