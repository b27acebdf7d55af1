"""The web UI's part of the control API: shows jobs, injects misbehaviour, changes settings."""

from dataclasses import asdict
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from sandbox.a1111.settings import WebuiVersion
from sandbox.a1111.state import A1111State
from sandbox.horde.behaviour_endpoints import BehaviourEndpoints
from sandbox.horde.control_bodies import Range, Seconds


class SettingsBody(BaseModel):
    """The body of POST knobs; missing settings do not change."""

    model_config = ConfigDict(extra="forbid")

    job_seconds: Range | None = None
    version: WebuiVersion | None = None
    auth: str | None = Field(default=None, pattern="^[^:]+:[^:]+$")
    load_seconds: Seconds | None = None
    largest_pixels: int | None = Field(default=None, gt=0)


class ControlEndpoints:
    """The endpoints, mounted under /control/a1111."""

    def __init__(self, state: A1111State) -> None:
        self._state = state

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes(
            [
                web.get("/jobs", self.jobs),
                *BehaviourEndpoints(self._state.behaviours).routes(),
                web.post("/knobs", self.change_settings),
            ]
        )
        return app

    async def jobs(self, _: web.Request) -> web.Response:
        """All jobs, oldest first, and the number of submits of each kind."""
        jobs: list[dict[str, Any]] = [asdict(job) for job in self._state.jobs.values()]
        return web.json_response({"jobs": jobs, "submits": self._state.submits})

    async def change_settings(self, request: web.Request) -> web.Response:
        body = SettingsBody.model_validate(await request.json())
        for name in body.model_fields_set:
            value = getattr(body, name)
            if value is not None or name == "auth":
                setattr(self._state.settings, name, value)
        return web.json_response({"message": "OK"})
