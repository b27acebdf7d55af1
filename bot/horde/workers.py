"""Workers and teams of workers."""

from typing import Literal

from pydantic import Field

from bot.horde.server_info import ActiveModel
from bot.horde.transport import Calls
from bot.http.schema import Amount, Count, Items, Sent, Wire

WorkerType = Literal["image", "text", "interrogation"]


class TeamName(Wire):
    """The team of a worker, "" without one."""

    id: str = ""
    name: str = ""


class WorkerKudos(Wire):
    """Sources of a worker's kudos."""

    generated: Amount = 0.0
    uptime: Amount = 0.0


class Worker(Wire):
    """A volunteer's machine. `uptime` in seconds, `performance` as text, `owner` if public."""

    id: str
    name: str = ""
    type: str = "image"
    online: bool = False
    requests_fulfilled: Count = 0
    uncompleted_jobs: Count = 0
    kudos_rewards: Amount = 0.0
    kudos_details: WorkerKudos = Field(default_factory=WorkerKudos)
    performance: str = ""
    threads: Count = 0
    uptime: Count = 0
    maintenance_mode: bool = False
    paused: bool = False
    info: str = ""
    owner: str = ""
    trusted: bool = False
    flagged: bool = False
    nsfw: bool = False
    team: TeamName = Field(default_factory=TeamName)
    bridge_agent: str = ""
    models: Items[str] = ()
    forms: Items[str] = ()
    max_pixels: Count = 0
    max_length: Count = 0
    max_context_length: Count = 0
    img2img: bool = False
    painting: bool = False
    post_processing: bool = Field(default=False, alias="post-processing")
    lora: bool = False
    controlnet: bool = False
    sdxl_controlnet: bool = False
    extended_controlnet: bool = False
    annotation_types: Items[str] = ()
    megapixelsteps_generated: Amount = 0.0
    tokens_generated: Amount = 0.0


class WorkerUpdate(Sent):
    """Changes of a worker; a `team` of "" leaves the team."""

    maintenance: bool | None = None
    maintenance_msg: str | None = None
    paused: bool | None = None  # moderators only
    info: str | None = Field(default=None, max_length=1000)
    name: str | None = Field(default=None, min_length=5, max_length=100)
    team: str | None = Field(default=None, max_length=36)


class WorkerChange(Wire):
    """The changed fields; None is unchanged."""

    maintenance: bool | None = None
    paused: bool | None = None
    info: str | None = None
    name: str | None = None
    team: str | None = None


class DeletedWorker(Wire):
    """The worker that was deleted."""

    deleted_id: str = ""
    deleted_name: str = ""


class WorkerCalls(Calls):
    """Workers. Changes need the key of the owner or of a moderator."""

    async def list_workers(
        self, kind: WorkerType | None = None, *, name: str | None = None
    ) -> tuple[Worker, ...]:
        """Workers that called in the last 5 minutes; renewed every 30 s."""
        query = {"type": kind, "name": name}
        return await self._many(Worker, "GET", "/workers", query=query)

    async def get_worker(self, worker_id: str, *, key: str = "") -> Worker:
        """That worker; with its owner's key more of it."""
        path = {"worker_id": worker_id}
        return await self._one(Worker, "GET", "/workers/{worker_id}", path=path, key=key)

    async def get_worker_by_name(self, worker_name: str, *, key: str = "") -> Worker:
        """The worker of that name."""
        route, path = "/workers/name/{worker_name}", {"worker_name": worker_name}
        return await self._one(Worker, "GET", route, path=path, key=key)

    async def update_worker(
        self, worker_id: str, change: WorkerUpdate, *, key: str
    ) -> WorkerChange:
        """Change a worker; only for its owner. 30 such calls a minute."""
        route, path = "/workers/{worker_id}", {"worker_id": worker_id}
        return await self._one(WorkerChange, "PUT", route, path=path, body=change, key=key)

    async def delete_worker(self, worker_id: str, *, key: str) -> DeletedWorker:
        """Delete a worker. Refused with rc Locked while a job of it is kept."""
        route, path = "/workers/{worker_id}", {"worker_id": worker_id}
        return await self._one(DeletedWorker, "DELETE", route, path=path, key=key)


class TeamWorker(Wire):
    """A worker in a team's list."""

    id: str
    name: str = ""
    type: str = "image"
    online: bool = False


class Team(Wire):
    """Workers that count together. `uptime` in seconds."""

    id: str
    name: str = ""
    info: str = ""
    creator: str = ""
    requests_fulfilled: Count = 0
    kudos: Amount = 0.0
    uptime: Count = 0
    worker_count: Count = 0
    workers: Items[TeamWorker] = ()
    models: Items[ActiveModel] = ()


class TeamInput(Sent):
    """A team to create; a trusted account is required."""

    name: str = Field(min_length=3, max_length=100)
    info: str | None = Field(default=None, min_length=3, max_length=1000)


class TeamUpdate(Sent):
    """Changes of a team; None is unchanged."""

    name: str | None = Field(default=None, min_length=3, max_length=100)
    info: str | None = Field(default=None, min_length=3, max_length=1000)


class TeamChange(Wire):
    """The changed fields, and the id of a team that was created."""

    id: str = ""
    name: str = ""
    info: str = ""


class DeletedTeam(Wire):
    """The team that was deleted."""

    deleted_id: str = ""
    deleted_name: str = ""


class TeamCalls(Calls):
    """Teams. Changes need the key of the creator or of a moderator.

    A worker joins and leaves a team by `update_worker`.
    """

    async def list_teams(self) -> tuple[Team, ...]:
        """All teams; cached for 10 s."""
        return await self._many(Team, "GET", "/teams")

    async def get_team(self, team_id: str) -> Team:
        """That team. The key of a non-moderator would be refused."""
        return await self._one(Team, "GET", "/teams/{team_id}", path={"team_id": team_id})

    async def create_team(self, wanted: TeamInput, *, key: str) -> TeamChange:
        """A new team."""
        return await self._one(TeamChange, "POST", "/teams", body=wanted, key=key)

    async def update_team(self, team_id: str, change: TeamUpdate, *, key: str) -> TeamChange:
        """Change a team."""
        route, path = "/teams/{team_id}", {"team_id": team_id}
        return await self._one(TeamChange, "PATCH", route, path=path, body=change, key=key)

    async def delete_team(self, team_id: str, *, key: str) -> DeletedTeam:
        """Delete a team; its workers stay."""
        route, path = "/teams/{team_id}", {"team_id": team_id}
        return await self._one(DeletedTeam, "DELETE", route, path=path, key=key)
