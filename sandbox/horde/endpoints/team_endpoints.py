"""Endpoints for teams of workers."""

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.json_schema import Schema
from sandbox.horde.state.accounts import User
from sandbox.horde.state.community import TEAMS
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import WIRE_KINDS, Worker
from sandbox.horde.validation import submit_checks

Json = dict[str, Any]
TEAM: Schema = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 3, "maxLength": 100},
        "info": {"type": "string", "minLength": 3, "maxLength": 1000},
    },
}


@dataclass(slots=True, eq=False)
class Team:
    """A team of workers."""

    name: str
    info: str
    creator: User
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


Teams = dict[str, Team]


class TeamEndpoints:
    """Endpoints for teams."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        first = Team("Sandbox Crew", "The workers of this sandbox.", horde.accounts.by_id[2])
        self.teams: Teams = {first.id: first}
        for name, info, creator, workers in TEAMS:
            team = Team(name, info, list(horde.accounts.others.values())[creator])
            self.teams[team.id] = team
            for worker in horde.workers():
                worker.team = team.id if worker.name in workers else worker.team

    async def list_all(self, _request: web.Request) -> web.Response:
        return json_response([self._team_json(team) for team in self.teams.values()])

    async def get(self, request: web.Request) -> web.Response:
        """GET /teams/{id}. An API key is not needed, and refused unless it is a moderator's."""
        key = request.headers.get("apikey")
        if key is not None and not submit_checks.require_account(self._horde, key).moderator:
            raise ApiError(403, "NotModerator", "You're not a mod. BTFO!")
        return json_response(self._team_json(self._find(request)))

    async def create(self, request: web.Request) -> web.Response:
        body = await submit_checks.read_valid(request, TEAM | {"required": ["name"]})
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        if requester.anonymous:
            message = "Anonymous user is forbidden from performing this operation"
            raise ApiError(403, "AnonForbidden", message)
        if not requester.trusted:
            message = "Only Trusted users are allowed to perform this operation"
            raise ApiError(403, "UntrustedTeamCreation", message)
        self._check_name_is_free(body["name"])
        team = Team(body["name"], body.get("info", ""), requester)
        self.teams[team.id] = team
        info = {"info": team.info} if team.info else {}
        return json_response({"id": team.id, "name": team.name} | info)

    async def change(self, request: web.Request) -> web.Response:
        """PATCH /teams/{id}: the answer has the changed fields only."""
        body = await submit_checks.read_valid(request, TEAM)
        team = self._find_owned(request)
        changed = {name: body[name] for name in ("name", "info") if name in body}
        if not changed:
            raise ApiError(400, "NoTeamModSelected", "No team modification selected!")
        if changed.get("name", team.name) != team.name:
            self._check_name_is_free(changed["name"])
        team.name, team.info = changed.get("name", team.name), changed.get("info", team.info)
        return json_response(changed)

    async def delete(self, request: web.Request) -> web.Response:
        submit_checks.require_key_header(request)
        team = self._find_owned(request)
        del self.teams[team.id]
        for worker in self._horde.workers():
            if worker.team == team.id:
                worker.team = None
        return json_response({"deleted_id": team.id, "deleted_name": team.name})

    def _check_name_is_free(self, name: str) -> None:
        if any(team.name == name for team in self.teams.values()):
            raise ApiError(400, "TeamNameAlreadyExists", f"The team '{name}' exists already!")

    def _find_owned(self, request: web.Request) -> Team:
        requester = submit_checks.require_account(self._horde, request.headers["apikey"])
        team = self._find(request)
        if team.creator is not requester and not requester.moderator:
            raise ApiError(403, "NotOwner", "You're not the creator of this team!")
        return team

    def _find(self, request: web.Request) -> Team:
        wanted = request.match_info["team_id"]
        if wanted not in self.teams:
            raise team_not_found(wanted)
        return self.teams[wanted]

    def _team_json(self, team: Team) -> Json:
        members = [worker for worker in self._horde.workers() if worker.team == team.id]
        return {
            "info": team.info,
            "requests_fulfilled": sum(worker.fulfilled for worker in members),
            "kudos": float(sum(worker.rewards for worker in members)),
            "uptime": 0,
            "creator": team.creator.name,
            "worker_count": len(members),
            "workers": [_member_json(worker) for worker in members],
            "models": _models(members),
            "name": team.name,
            "id": team.id,
        }


def _member_json(worker: Worker) -> Json:
    return {"type": WIRE_KINDS[worker.kind], "name": worker.name, "id": worker.id, "online": True}


def _models(members: list[Worker]) -> list[Json]:
    """The models of the workers, each with the number of its workers."""
    counted = Counter(model for worker in members for model in worker.models)
    return [{"name": name, "count": count} for name, count in counted.most_common()]


def team_not_found(wanted: str) -> ApiError:
    return ApiError(404, "TeamNotFound", f"Team with ID '{wanted}' not found.")
