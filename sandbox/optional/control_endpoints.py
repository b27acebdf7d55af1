"""What the control API shows and changes at every optional server."""

from aiohttp import web
from pydantic import BaseModel

from sandbox.optional.jobs import JobLog, job_json


class ControlEndpoints:
    """Endpoints under /control/NAME: jobs, and settings by POST knobs.

    `settings`: a model whose fields are the settings; a change keeps all others.
    """

    def __init__(self, jobs: JobLog, settings: BaseModel) -> None:
        self._jobs = jobs
        self._settings = settings

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/jobs", self.jobs),
            web.delete("/jobs", self.forget_jobs),
            web.get("/jobs/{id}", self.job),
            web.get("/knobs", self.settings),
            web.post("/knobs", self.change_settings),
        ]

    async def jobs(self, _request: web.Request) -> web.Response:
        return web.json_response(self._jobs.summary())

    async def forget_jobs(self, _request: web.Request) -> web.Response:
        self._jobs.jobs.clear()
        return web.Response(status=204)

    async def job(self, request: web.Request) -> web.Response:
        """One job with its whole payload and result."""
        found = self._jobs.jobs.get(request.match_info["id"])
        if found is None:
            raise web.HTTPNotFound(text="there is no such job")
        return web.json_response(job_json(found))

    async def settings(self, _request: web.Request) -> web.Response:
        return web.json_response(self._settings.model_dump(mode="json"))

    async def change_settings(self, request: web.Request) -> web.Response:
        values = self._settings.model_dump() | await request.json()
        changed = type(self._settings).model_validate(values)
        for name in type(self._settings).model_fields:
            setattr(self._settings, name, getattr(changed, name))
        return await self.settings(request)
