"""The calls that need no key: models, status, prices, styles, progress."""

from aiohttp import web

from sandbox.aipg.errors import ApiError
from sandbox.aipg.media_jobs import WORKER
from sandbox.aipg.models import MODELS, Model, parameters
from sandbox.aipg.state import AipgState
from sandbox.aipg.styles import STYLES
from sandbox.optional.jobs import Json


class PublicEndpoints:
    def __init__(self, state: AipgState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/health", self.health),
            web.get("/v1/models", self.models),
            web.get("/v1/models/{id}", self.model),
            web.get("/v1/models/{id}/params", self.parameters),
            web.get("/v1/status/models", self.status),
            web.get("/v1/workers", self.workers),
            web.get("/v1/styles", self.styles),
            web.get("/v1/pricing", self.pricing),
            web.get("/v1/progress/{token}", self.progress),
        ]

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def models(self, _request: web.Request) -> web.Response:
        """The models for texts, with "auto" in front; the others are in the status only."""
        online = self._state.online("text")
        found = [_model_json(MODELS[name]) for name in online]
        if found:
            found.insert(0, _entry("auto"))
        return web.json_response({"object": "list", "data": found})

    async def model(self, request: web.Request) -> web.Response:
        name = request.match_info["id"]
        if name not in self._state.online("text"):
            raise ApiError(404, f"Model '{name}' not found")
        return web.json_response(_model_json(MODELS[name]))

    async def parameters(self, request: web.Request) -> web.Response:
        model = MODELS.get(request.match_info["id"])
        if model is None:
            raise ApiError(404, f"Model '{request.match_info['id']}' not found")
        return web.json_response(parameters(model))

    async def status(self, _request: web.Request) -> web.Response:
        online = [
            model for model in MODELS.values() if model.name in self._state.online(model.kind)
        ]
        return web.json_response([_status_json(model) for model in online])

    async def workers(self, _request: web.Request) -> web.Response:
        worker = {
            "id": "00000000-0000-4000-8000-000000000001",
            "name": WORKER,
            "models": list(MODELS),
            "job_types": ["text", "image", "video", "audio", "3d"],
            "online": True,
        }
        return web.json_response({"count": 1, "workers": [worker]})

    async def styles(self, request: web.Request) -> web.Response:
        wanted = request.query.get("job_type", "image")
        shown = [style.listed() for style in STYLES.values()] if wanted == "image" else []
        return web.json_response({"styles": shown})

    async def pricing(self, _request: web.Request) -> web.Response:
        prices = [{"model": model.name, "rates": model.rates} for model in MODELS.values()]
        book: Json = {"version": "1", "availability": "public", "models": prices, "aliases": {}}
        body: Json = {
            "schema": "aipg.pricing.v1",
            "currency": "USD",
            "ledger_unit": "micro_usd",
            "price_book": book,
        }
        return web.json_response(body, headers={"Cache-Control": "public, max-age=300"})

    async def progress(self, request: web.Request) -> web.Response:
        """The percent of the newest job with this token; null for an unknown one."""
        token = request.match_info["token"]
        found = (j for j in reversed(self._state.jobs.jobs.values()) if j.client_ref == token)
        job = next(found, None)
        return web.json_response({"progress": None if job is None else job.progress})


def _entry(name: str) -> Json:
    entry: Json = {"id": name, "object": "model", "created": 0, "owned_by": "aipowergrid"}
    return entry | {"input_modalities": ["text"]}


def _model_json(model: Model) -> Json:
    return _entry(model.name) | {"pricing": model.rates}


def _status_json(model: Model) -> Json:
    is_text = model.kind == "text"
    return {
        "name": model.name,
        "count": 1,
        "type": model.kind,
        "max_context_length": model.context,
        "samples": 12,
        "tokens_per_s": 40.0 if is_text else None,
        "avg_ttft_s": 0.4 if is_text else None,
        "avg_latency_s": 3.0,
        "capabilities": ["text"] if is_text else _capabilities(model),
        "pricing": model.rates,
    }


def _capabilities(model: Model) -> list[str]:
    ways = [f"text-to-{model.kind}"] if model.kind != "3d" else []
    return [*ways, f"image-to-{model.kind}"] if model.has_source else ways
