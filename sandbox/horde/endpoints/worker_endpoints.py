"""Endpoints that list, find, change and delete workers."""

import time
from typing import Any

from aiohttp import web

from sandbox.horde.endpoints.team_endpoints import Teams, team_not_found
from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.newer.control_types import ANNOTATION_TYPES
from sandbox.horde.newer.request_schemas import NEWER_FORMS
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import WIRE_KINDS, Worker
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
WORKER_SECONDS = 30.0  # how long an answer about a worker is cached


class WorkerEndpoints:
    """Endpoints for workers."""

    def __init__(self, horde: HordeState, teams: Teams) -> None:
        self._horde = horde
        self._teams = teams

    async def list_all(self, request: web.Request) -> web.Response:
        kind, name = request.query.get("type") or "all", request.query.get("name", "").casefold()
        return json_response(
            [
                self.worker_json(worker, None)
                for worker in self._horde.workers()
                if kind in ("all", WIRE_KINDS[worker.kind])
                and (not name or worker.name.casefold() == name)
            ]
        )

    async def get(self, request: web.Request) -> web.Response:
        worker, requester = self._find(request), self._requester(request)
        cache, name = self._horde.response_cache, request.path
        if requester is not None and (requester.moderator or requester.id == worker.owner):
            name += " privileged"
        cached = cache.get(name)
        if cached is not None:
            return cached
        answer = json_response(self.worker_json(worker, requester))
        return cache.store(name, WORKER_SECONDS, answer)

    async def get_by_name(self, request: web.Request) -> web.Response:
        wanted = request.match_info["worker_name"]
        for worker in self._horde.workers():
            if worker.name.casefold() == wanted.casefold():
                return json_response(self.worker_json(worker, self._requester(request)))
        raise _not_found(wanted)

    async def change(self, request: web.Request) -> web.Response:
        """PUT /workers/{id}, for owners and moderators. The answer has the changed fields only."""
        body: Any = await submit_checks.read_json(request)
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        worker = self._find(request)
        if worker.owner != requester.id and not requester.moderator:
            raise ApiError(403, "NotOwner", "You're not the owner of this worker!")
        if not isinstance(body, dict):
            body = {}
        if "paused" in body and not requester.moderator:
            raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
        changed = self._changed(worker, body)  # pyright: ignore[reportUnknownArgumentType] JSON
        if not changed:
            raise ApiError(400, "NoWorkerModSelected", "No worker modification selected!")
        self._horde.workers_changed(worker.kind)
        return json_response(changed)

    async def delete(self, request: web.Request) -> web.Response:
        """DELETE /workers/{id}: refused for a worker with running jobs or results."""
        requester = submit_checks.require_account(
            self._horde, submit_checks.require_key_header(request)
        )
        worker = self._find(request)
        if worker.owner != requester.id and not requester.moderator:
            raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
        if worker.busy or worker.fulfilled:
            message = (
                "Could not delete the worker at this point as it's referenced by a job it "
                "completed. Please try again after 20 mins."
            )
            raise ApiError(423, "Locked", message)
        pool = self._horde.worker_pool(worker.kind)
        pool.replace_workers([each for each in pool.workers if each is not worker])
        return json_response({"deleted_id": worker.id, "deleted_name": worker.name})

    def _changed(self, worker: Worker, body: Json) -> Json:
        changed: Json = {}
        for name in ("maintenance", "paused"):
            if isinstance(body.get(name), bool):
                worker.maintenance = changed[name] = body[name]
        if isinstance(body.get("info"), str):
            worker.info = changed["info"] = body["info"][:1000]
        if isinstance(body.get("name"), str):
            worker.name = changed["name"] = self._free_name(worker, body["name"])
        if isinstance(body.get("team"), str):
            team = self._teams.get(body["team"])
            if body["team"] and team is None:
                raise team_not_found(body["team"])
            worker.team = team.id if team else None
            changed["team"] = team.name if team else "None"  # a text, as on the real server
        return changed

    def _free_name(self, worker: Worker, name: str) -> str:
        if not 5 <= len(name) <= 100:
            raise ApiError(400, "TooLongWorkerName", "The worker name is too short or too long.")
        if any(other.name == name for other in self._horde.workers() if other is not worker):
            message = f"The specified worker name '{name}' is already taken!"
            raise ApiError(400, "WorkerNameAlreadyExists", message)
        return name

    def worker_json(self, worker: Worker, requester: User | None) -> Json:
        """The JSON of a worker. Only owner and moderators get the owner's name, unless public."""
        team = self._teams.get(worker.team or "")
        body: Json = {
            "requests_fulfilled": worker.fulfilled,
            "kudos_rewards": round(worker.rewards, 2),
            "kudos_details": {"generated": round(worker.rewards, 2), "uptime": None},
            "performance": self._performance(worker),
            "threads": worker.threads,
            "uptime": int(time.time() - self._horde.started_at),
            "maintenance_mode": worker.maintenance,
            "nsfw": worker.nsfw,
            "trusted": worker.trusted,
            "flagged": False,
            "uncompleted_jobs": worker.uncompleted,
            "team": {"name": team.name if team else None, "id": team.id if team else None},
            "bridge_agent": "Sandbox Worker:1:https://aihorde.net",
        }
        if worker.info:
            body["info"] = worker.info
        owner = self._horde.accounts.by_id[worker.owner]
        if (
            owner.public_workers
            or requester is owner
            or (requester is not None and requester.moderator)
        ):
            body["owner"] = owner.name
        newer = self._horde.settings.newer
        return body | _abilities(worker) | (_newer_abilities(worker) if newer else {}) | {
            "type": WIRE_KINDS[worker.kind], "name": worker.name, "id": worker.id, "online": True,
        }  # fmt: skip

    def _performance(self, worker: Worker) -> str:
        if not worker.fulfilled:
            return "No requests fulfilled yet"
        job = sum(self._horde.settings.job_seconds) / 2 * worker.fulfilled
        unit = {"image": "megapixelsteps", "text": "tokens"}.get(worker.kind, "seconds per form")
        if worker.kind == "alchemy":
            return f"{round(job / worker.fulfilled, 1)} {unit}"
        return f"{round(worker.produced / max(job, 0.01), 1)} {unit} per second"

    def _requester(self, request: web.Request) -> User | None:
        return self._horde.accounts.by_key.get(request.headers.get("apikey", ""))

    def _find(self, request: web.Request) -> Worker:
        return find_worker(self._horde, request.match_info["worker_id"])


def _abilities(worker: Worker) -> Json:
    if worker.kind == "alchemy":
        return {"forms": list(worker.models)}
    if worker.kind == "text":
        return {
            "models": list(worker.models),
            "max_length": worker.max_length,
            "max_context_length": worker.max_context_length,
        }
    names = ("img2img", "painting", "post-processing", "lora", "controlnet", "sdxl_controlnet")
    return {
        "models": list(worker.models),
        "max_pixels": worker.max_pixels,
        "megapixelsteps_generated": float(round(worker.produced)),
        **dict.fromkeys(names, True),
    }


def _newer_abilities(worker: Worker) -> Json:
    if worker.kind == "alchemy":
        types = {"annotation_types": list(ANNOTATION_TYPES)}
        return {"forms": [*worker.models, *NEWER_FORMS], **types}
    return {"extended_controlnet": worker.extended} if worker.kind == "image" else {}


def find_worker(horde: HordeState, wanted: str) -> Worker:
    """The worker with this id. Raises ApiError WorkerNotFound."""
    for worker in horde.workers():
        if worker.id == wanted:
            return worker
    raise _not_found(wanted)


def _not_found(wanted: str) -> ApiError:
    return ApiError(404, "WorkerNotFound", f"Worker with ID '{wanted}' not found.")
