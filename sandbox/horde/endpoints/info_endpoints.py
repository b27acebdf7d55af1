"""Endpoints about the whole Horde: models, performance, modes, news, statistics, documents."""

from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.newer import sampler_constraints
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.style_rules import contract

Json = dict[str, Any]
NEWS: list[Json] = [
    {
        "date_published": "2026-08-01",
        "newspiece": "This is a **local Horde**: its workers paint landscapes instead of prompts, "
        "so that you can try everything without an account. The real one is at "
        "[AIHorde.net](https://aihorde.net).",
        "importance": "Information",
        "tags": ["sandbox"],
        "title": "Welcome to the sandbox",
        "more_info_urls": ["https://aihorde.net"],
    },
    {
        "date_published": "2026-07-12",
        "newspiece": "Write `[sandbox:censored]`, `[sandbox:faulted]` or `[sandbox:slow]` into a "
        "prompt to see what happens then.",
        "importance": "Workers",
        "tags": ["sandbox", "workers"],
        "title": "Workers that misbehave on request",
        "more_info_urls": [],
    },
]
DOCUMENTS = {
    "terms": (
        "# Terms of the local Horde\n\nNothing leaves this machine. On the real Horde you have to "
        "be over 13, prompts are seen by volunteers, and kudos may not be sold.\n"
    ),
    "privacy": "# Privacy\n\nEverything is kept in memory and gone when the sandbox ends.\n",
    "sponsors": (
        "# Sponsors\n\nThe volunteers of the AI Horde.\n\n## Patrons\n\n"
        "- Lantern Works\n- The Saltmarsh Society\n- amber lantern\n- Dorothea\n"
    ),
}


class InfoEndpoints:
    """Endpoints about the whole Horde."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def models(self, request: web.Request) -> web.Response:
        kind = request.query.get("type", "image")
        least, most = (_count(request.query.get(name)) for name in ("min_count", "max_count"))
        name = f"models {request.query_string}"
        cached = self._horde.response_cache.get(name)
        if cached is not None:
            return cached
        state = request.query.get("model_state", "all")
        rows = [
            row
            for row in self._model_rows("text" if kind == "text" else "image")
            if (least is None or row["count"] >= least)
            and (most is None or row["count"] <= most)
            and (state != "custom")  # all models of the sandbox are in its reference
        ]
        return self._horde.response_cache.store(name, 2.0, json_response(rows))

    async def model(self, request: web.Request) -> web.Response:
        name = request.match_info["model_name"]
        if "/" in name:
            raise web.HTTPNotFound
        rows = self._model_rows("image") + self._model_rows("text")
        return json_response([row for row in rows if row["name"] == name])

    def _model_rows(self, kind: str) -> list[Json]:
        pool = self._horde.worker_pools[kind]
        threads: dict[str, int] = {}
        for worker in pool.workers:
            for model in worker.models if not worker.maintenance else ():
                threads[model] = threads.get(model, 0) + worker.threads
        jobs: dict[str, int] = dict.fromkeys(threads, 0)
        queued: dict[str, float] = dict.fromkeys(threads, 0.0)
        for request in pool.queue:
            weight = _megapixelsteps(request.width, request.height, request.steps)
            for model in request.models or tuple(threads):
                jobs[model] = jobs.get(model, 0) + request.waiting
                load = weight if kind == "image" else request.max_length
                queued[model] = queued.get(model, 0.0) + load * request.waiting
        job = sum(self._horde.settings.job_seconds) / 2
        speed = _megapixelsteps(512, 512, 30) * 1e6 / job if kind == "image" else 80 / job
        return [
            {
                "performance": round(speed, 1),
                "queued": round(queued[model], 1),
                "jobs": float(jobs[model]),
                "eta": round(jobs[model] * job / threads[model]) if threads.get(model) else 10000,
                "type": kind,
                "name": model,
                "count": threads.get(model, 0),
            }
            for model in jobs
        ]

    async def performance(self, _request: web.Request) -> web.Response:
        horde = self._horde
        image, text = horde.worker_pools["image"], horde.worker_pools["text"]
        load = {"image": 0.0, "text": 0.0}
        count = {"image": 0, "text": 0}
        for request in horde.requests.values():
            jobs = request.waiting + request.running
            count[request.kind] += jobs
            each = _megapixelsteps(request.width, request.height, request.steps)
            load[request.kind] += jobs * (each if request.kind == "image" else request.max_length)
        return json_response(
            {
                "queued_requests": count["image"],
                "queued_text_requests": count["text"],
                "worker_count": len(image.workers),
                "text_worker_count": len(text.workers),
                "thread_count": image.threads,
                "text_thread_count": text.threads,
                "queued_megapixelsteps": round(load["image"], 2),
                "past_minute_megapixelsteps": round(horde.produced_last_minute("image"), 2),
                "queued_forms": float(
                    sum(user.waiting["alchemy"] for user in horde.accounts.by_id.values())
                ),
                "interrogator_count": len(horde.alchemy_workers.workers),
                "interrogator_thread_count": horde.alchemy_workers.threads,
                "queued_tokens": load["text"],
                "past_minute_tokens": float(horde.produced_last_minute("text")),
            }
        )

    async def modes(self, request: web.Request) -> web.Response:
        """The cache ignores the API key, as on the real server."""
        key = request.headers.get("apikey")
        cached = self._horde.response_cache.get(request.path)
        if cached is not None:
            return cached
        body: Json = {
            "maintenance_mode": self._horde.settings.maintenance,
            "invite_only_mode": self._horde.settings.invite_only,
        }
        if key is not None:
            user = self._horde.accounts.by_key.get(key)
            if user is None or not user.moderator:
                raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
            body["raid_mode"] = self._horde.settings.raid_mode
        return self._horde.response_cache.store(request.path, 50.0, json_response(body))

    async def news(self, _request: web.Request) -> web.Response:
        return json_response(NEWS)

    async def heartbeat(self, _request: web.Request) -> web.Response:
        pools = self._horde.worker_pools.values()
        return json_response(
            {
                "message": "OK",
                "version": self._horde.settings.version,
                "queue": sum(len(pool.queue) for pool in pools),
                "threads": sum(pool.threads for pool in pools),
                "active_count": sum(worker.busy for worker in self._horde.workers()),
                "db_connection": True,
            }
        )

    async def sampler_constraints(self, _request: web.Request) -> web.Response:
        return json_response(sampler_constraints.document())

    async def style_contract(self, _request: web.Request) -> web.Response:
        return json_response(contract.document())

    async def document(self, request: web.Request) -> web.Response:
        """GET /documents/{name}?format=html|markdown."""
        text = DOCUMENTS[request.match_info["name"]]
        if request.query.get("format", "html") == "markdown":
            return json_response({"markdown": text})
        title, _, rest = text.removeprefix("# ").partition("\n")
        return json_response({"html": f"<h1>{title}</h1><p>{rest.strip()}</p>"})


def _megapixelsteps(width: int, height: int, steps: int) -> float:
    """The work of one image in megapixelsteps."""
    return width * height * steps / 1e6


def _count(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else None
