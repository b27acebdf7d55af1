"""Workers."""

from typing import Literal

from pydantic import Field

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
