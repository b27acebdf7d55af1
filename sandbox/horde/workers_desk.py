"""GET and PUT /workers, and the teams."""

import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from . import intake
from .accounts import User
from .horde import Horde
from .problems import Problem, json_response
from .schema import Schema
from .world import Worker

Json = dict[str, Any]
TEAM: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 3, "maxLength": 100},
        "info": {"type": "string", "minLength": 3, "maxLength": 1000},
    },
}
TYPES = {"image": "image", "text": "text", "alchemy": "interrogation"}


@dataclass(slots=True, eq=False)
class Team:
    """Workers that count together."""

    name: str
    info: str
    creator: User
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


class WorkersDesk:
    """Answers about workers and teams."""

    def __init__(self, horde: Horde) -> None:
        self._horde = horde
        first = Team("Sandbox Crew", "The workers of this sandbox.", horde.accounts.by_id[2])
        self._teams = {first.id: first}

    async def listed(self, request: web.Request) -> web.Response:
        kind, name = request.query.get("type") or "all", request.query.get("name", "").casefold()
        return json_response(
            [
                self.shown(worker, None)
                for worker in self._horde.workers()
                if kind in ("all", TYPES[worker.kind])
                and (not name or worker.name.casefold() == name)
            ]
        )

    async def one(self, request: web.Request) -> web.Response:
        return json_response(self.shown(self._find(request), self._asking(request)))

    async def named(self, request: web.Request) -> web.Response:
        wanted = request.match_info["worker_name"]
        for worker in self._horde.workers():
            if worker.name.casefold() == wanted.casefold():
                return json_response(self.shown(worker, self._asking(request)))
        raise _not_found(wanted)

    async def change(self, request: web.Request) -> web.Response:
        """PUT /workers/{id}: its owner, or a moderator; answers with what was changed."""
        body: Any = await intake.read_json(request)
        asking = intake.registered(self._horde, intake.require_key_header(request))
        worker = self._find(request)
        if worker.owner != asking.id and not asking.moderator:
            raise Problem(403, "NotOwner", "You're not the owner of this worker!")
        if not isinstance(body, dict):
            body = {}
        if "paused" in body and not asking.moderator:
            raise Problem(403, "NotModerator", "You're not a mod. BTFO!")
        changed = self._changed(worker, body)  # pyright: ignore[reportUnknownArgumentType] JSON
        if not changed:
            raise Problem(400, "NoWorkerModSelected", "No worker modification selected!")
        self._horde.workers_changed(worker.kind)
        return json_response(changed)

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
                raise _no_team(body["team"])
            worker.team = team.id if team else None
            changed["team"] = team.name if team else None
        return changed

    def _free_name(self, worker: Worker, name: str) -> str:
        if not 5 <= len(name) <= 100:
            raise Problem(400, "TooLongWorkerName", "The worker name is too short or too long.")
        if any(other.name == name for other in self._horde.workers() if other is not worker):
            message = f"The specified worker name '{name}' is already taken!"
            raise Problem(400, "WorkerNameAlreadyExists", message)
        return name

    def shown(self, worker: Worker, asking: User | None) -> Json:
        """A worker; its owner sees who that is."""
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
        if owner.public_workers or asking is owner or (asking is not None and asking.moderator):
            body["owner"] = owner.name
        return body | _abilities(worker) | {
            "type": TYPES[worker.kind], "name": worker.name, "id": worker.id, "online": True,
        }  # fmt: skip

    def _performance(self, worker: Worker) -> str:
        if not worker.fulfilled:
            return "No requests fulfilled yet"
        job = sum(self._horde.knobs.job_seconds) / 2 * worker.fulfilled
        unit = {"image": "megapixelsteps", "text": "tokens"}.get(worker.kind, "seconds per form")
        if worker.kind == "alchemy":
            return f"{round(job / worker.fulfilled, 1)} {unit}"
        return f"{round(worker.made / max(job, 0.01), 1)} {unit} per second"

    def _asking(self, request: web.Request) -> User | None:
        return self._horde.accounts.by_key.get(request.headers.get("apikey", ""))

    def _find(self, request: web.Request) -> Worker:
        wanted = request.match_info["worker_id"]
        for worker in self._horde.workers():
            if worker.id == wanted:
                return worker
        raise _not_found(wanted)

    async def teams(self, _request: web.Request) -> web.Response:
        return json_response([self._team_shown(team) for team in self._teams.values()])

    async def team(self, request: web.Request) -> web.Response:
        return json_response(self._team_shown(self._find_team(request)))

    async def create_team(self, request: web.Request) -> web.Response:
        body = await intake.read_valid(request, TEAM | {"required": ["name"]})
        asking = intake.registered(self._horde, request.headers["apikey"])
        if asking.anonymous:
            message = "Anonymous user is forbidden from performing this operation"
            raise Problem(403, "AnonForbidden", message)
        if not asking.trusted:
            message = "Only Trusted users are allowed to perform this operation"
            raise Problem(403, "UntrustedTeamCreation", message)
        name, info = body["name"], body.get("info", "")
        if any(team.name == name for team in self._teams.values()):
            raise Problem(400, "TeamNameAlreadyExists", f"The team '{name}' exists already!")
        team = Team(name, info, asking)
        self._teams[team.id] = team
        return json_response({"name": team.name, "id": team.id})

    async def change_team(self, request: web.Request) -> web.Response:
        body = await intake.read_valid(request, TEAM)
        asking = intake.registered(self._horde, request.headers["apikey"])
        team = self._find_team(request)
        if team.creator is not asking and not asking.moderator:
            raise Problem(403, "NotOwner", "You're not the creator of this team!")
        changed = {name: body[name] for name in ("name", "info") if name in body}
        if not changed:
            raise Problem(400, "NoTeamModSelected", "No team modification selected!")
        team.name, team.info = changed.get("name", team.name), changed.get("info", team.info)
        return json_response(changed)

    def _find_team(self, request: web.Request) -> Team:
        wanted = request.match_info["team_id"]
        if wanted not in self._teams:
            raise _no_team(wanted)
        return self._teams[wanted]

    def _team_shown(self, team: Team) -> Json:
        members = [worker for worker in self._horde.workers() if worker.team == team.id]
        return {
            "info": team.info,
            "requests_fulfilled": sum(worker.fulfilled for worker in members),
            "kudos": float(sum(worker.rewards for worker in members)),
            "uptime": 0,
            "creator": team.creator.name,
            "worker_count": len(members),
            "workers": [
                {"name": worker.name, "id": worker.id, "online": True} for worker in members
            ],
            "models": [],
            "name": team.name,
            "id": team.id,
        }


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
        "megapixelsteps_generated": round(worker.made, 1),
        **dict.fromkeys(names, True),
    }


def _not_found(wanted: str) -> Problem:
    return Problem(404, "WorkerNotFound", f"Worker with ID '{wanted}' not found.")


def _no_team(wanted: str) -> Problem:
    return Problem(404, "TeamNotFound", f"Team with ID '{wanted}' not found.")
