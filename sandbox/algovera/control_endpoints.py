"""Algovera's part of the control API: shows jobs, injects misbehaviour, changes settings."""

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.algovera.state import AlgoveraState, Job
from sandbox.horde.behaviour_endpoints import BehaviourEndpoints
from sandbox.horde.control_bodies import Range, Seconds


class SettingsBody(BaseModel):
    """The body of POST knobs; missing settings do not change. `credits`: by API key."""

    model_config = ConfigDict(extra="forbid")

    job_seconds: Range | None = None
    in_process: bool | None = None
    asset_seconds: Seconds | None = None
    credits: dict[str, int] = Field(default_factory=dict)


class ControlEndpoints:
    """The endpoints, mounted under /control/algovera."""

    def __init__(self, state: AlgoveraState) -> None:
        self._state = state

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/jobs", self.jobs),
                web.get("/keys", self.keys),
                *BehaviourEndpoints(self._state.behaviours).routes(),
                web.post("/knobs", self.change_settings),
            ]
        )
        return app

    async def jobs(self, _: web.Request) -> web.Response:
        """All jobs, oldest first, and the number of submits."""
        jobs = [_job_json(job) for job in self._state.jobs.values()]
        return web.json_response({"jobs": jobs, "submits": {"txt2img": self._state.submits}})

    async def keys(self, _: web.Request) -> web.Response:
        """The API keys and their credits."""
        return web.json_response({"credits": self._state.credits})

    async def change_settings(self, request: web.Request) -> web.Response:
        body = SettingsBody.model_validate(await request.json())
        self._state.credits.update(body.credits)
        for name in ("job_seconds", "in_process", "asset_seconds"):
            if (value := getattr(body, name)) is not None:
                setattr(self._state.settings, name, value)
        return web.json_response({"message": "OK"})


def _job_json(job: Job) -> dict[str, object]:
    return {
        "id": job.id,
        "status": job.status,
        "running": job.running,
        "payload": job.payload,
        "created_at": job.created_at,
        "done_at": job.done_at,
    }
