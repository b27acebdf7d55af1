"""The four endpoints of the local Algovera."""

import asyncio
import re

from aiohttp import web
from pydantic import BaseModel

from sandbox.algovera.state import FIXED_SEED, MODELS, AlgoveraState, Job, draw

KEY = re.compile(r"[0-9a-f]{64}")
PIECE = 16 * 1024  # bytes of one chunk of an asset


class ApiError(Exception):
    """An error response, {"detail"}."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class SubmitBody(BaseModel):
    """The body of POST /api/txt2img. The key is a field of it."""

    prompt: str
    api_key: str
    height: int = 512
    width: int = 512
    inf_steps: int = 50
    guidance_scale: float = 7.5
    seed: int = FIXED_SEED
    neg_prompt: str = ""
    base_model: str = MODELS[2]


class AssetBody(BaseModel):
    """The JSON body of GET /api/getAsset."""

    api_key: str
    job_uuid: str


class AlgoveraEndpoints:
    """The endpoints of Algovera."""

    def __init__(self, state: AlgoveraState) -> None:
        self._state = state

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/api/basemodels", self.models),
            web.post("/api/txt2img", self.submit),
            web.get("/api/status", self.status),
            web.get("/api/getAsset", self.asset),
        ]

    async def models(self, _: web.Request) -> web.Response:
        return web.json_response({"base_models": list(MODELS)})

    async def submit(self, request: web.Request) -> web.Response:
        body = SubmitBody.model_validate(await request.json())
        self._check_key(body.api_key)
        if self._state.credits[body.api_key] < 1:
            raise ApiError(403, "Insufficient credits")
        if body.base_model not in MODELS or min(body.width, body.height) < 8:
            raise ApiError(500, "Internal server error")
        job = self._state.add_job(body.api_key, body.model_dump(exclude={"api_key"}))
        return web.json_response({"job_uuid": job.id}, status=201)

    async def status(self, request: web.Request) -> web.Response:
        """The status of a job; the key is in the query."""
        query = AssetBody.model_validate(dict(request.query))
        job = self._job(query)
        return web.json_response({"job_uuid": job.id, "job_status": job.status})

    async def asset(self, request: web.Request) -> web.StreamResponse:
        """The image as a JPEG stream without a length; 500 while there is none."""
        job = self._job(AssetBody.model_validate(await request.json()))
        if not self._state.is_readable(job):
            raise ApiError(500, "Internal server error")
        data = await asyncio.to_thread(draw, job)
        response = web.StreamResponse(headers={"Content-Type": "image/jpeg"})
        response.enable_chunked_encoding()
        await response.prepare(request)
        for start in range(0, len(data), PIECE):
            await response.write(data[start : start + PIECE])
        await response.write_eof()
        return response

    def _check_key(self, key: str) -> None:
        if not KEY.fullmatch(key):
            raise ApiError(403, "Invalid API key")
        if key not in self._state.credits:
            raise ApiError(403, "Unknown user")

    def _job(self, asked: AssetBody) -> Job:
        """The job of this key. A job of another key is as unknown as none."""
        self._check_key(asked.api_key)
        job = self._state.jobs.get(asked.job_uuid)
        if job is None or job.key != asked.api_key:
            raise ApiError(403, f"Invalid Credentials for job_id: {asked.job_uuid}")
        return job
