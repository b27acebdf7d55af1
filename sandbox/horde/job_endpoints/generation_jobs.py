"""Endpoints for the workers of images and texts."""

import asyncio
import base64
import binascii
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.job_endpoints import bodies
from sandbox.horde.job_endpoints.registration import registered
from sandbox.horde.object_storage import StoredObject
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import JobKind, Worker
from sandbox.horde.state.requests import Generation, GenerationRequest
from sandbox.horde.validation import submit_checks
from sandbox.horde.workers.generation_workers import GenerationWorkers
from sandbox.horde.workers.leases import lease_seconds

Json = dict[str, Any]


@dataclass(slots=True, eq=False)
class OpenJob:
    """A job that a worker has; `ended`: how it ended."""

    worker: Worker
    request: GenerationRequest
    model: str
    running: tuple[float, float]
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    ended: str = ""


class GenerationJobs:
    """The two endpoints of one kind."""

    def __init__(self, horde: HordeState, kind: JobKind) -> None:
        self._horde = horde
        self._kind: JobKind = kind
        self._jobs: dict[str, OpenJob] = {}

    async def pop(self, request: web.Request) -> web.Response:
        """The next job for a worker; without one, `id` is null."""
        body = await submit_checks.read_valid(request, bodies.POP[self._kind])
        owner = submit_checks.require_account(self._horde, request.headers["apikey"])
        worker, pool = registered(self._horde, self._kind, body, owner), self._pool()
        item = next((each for each in pool.queue if pool.can_take(worker, each)), None)
        if item is None:
            return json_response({"payload": {}, "id": None, "ids": [], "skipped": {}})
        amount = min(item.waiting, body.get("amount", 1) if item.batching else 1)
        pool.claim(item, amount)
        return json_response(self._job_json(item, self._open(worker, item, amount)))

    def _open(self, worker: Worker, item: GenerationRequest, amount: int) -> list[OpenJob]:
        """Give so many jobs to the worker; those that it keeps too long are taken away."""
        model = next(name for name in item.models or worker.models if name in worker.model_set)
        seconds = lease_seconds(self._horde, item, model)
        jobs = [OpenJob(worker, item, model, (time.time(), seconds)) for _ in range(amount)]
        item.running += amount
        for job in jobs:
            item.running_since.append(job.running)
            self._jobs[job.id] = job
            asyncio.get_running_loop().call_later(seconds, self._time_out, job)
        return jobs

    async def submit(self, request: web.Request) -> web.Response:
        """Take the result of a job. The answer has the kudos that the worker earned."""
        body = await submit_checks.read_valid(request, bodies.SUBMIT[self._kind])
        owner = submit_checks.require_account(self._horde, request.headers["apikey"])
        job = self._find(body["id"], owner.id)
        if body.get("state") == "faulted":
            self._end(job, "aborted")
            self._pool().fail(job.worker, job.request, reported=True)
            return json_response({"reward": 0.0})
        self._end(job, "done")
        await self._pool().deliver(job.request, self._generation(job, body))
        return json_response({"reward": round(job.request.price, 2)})

    def _find(self, wanted: str, owner: int) -> OpenJob:
        job = self._jobs.get(wanted)
        if job is None:
            raise ApiError(404, "InvalidJobID", f"Job with ID '{wanted}' does not exist.")
        if job.worker.owner != owner:
            message = "This job was given to a worker of another account."
            raise ApiError(403, "WrongCredentials", message)
        if job.ended == "done":
            raise ApiError(400, "DuplicateGen", f"The job '{wanted}' was delivered already.")
        if job.ended:
            raise ApiError(400, "AbortedGen", f"The job '{wanted}' was aborted.")
        return job

    def _generation(self, job: OpenJob, body: Json) -> Generation:
        state = body.get("state", "ok")
        generation = Generation(job.id, job.worker, job.model, body.get("seed", 0))
        generation.metadata = list(body.get("gen_metadata", ()))
        if state != "ok" and not generation.censored:
            value = "nsfw" if state == "censored" else state
            generation.metadata.append({"type": "censorship", "value": value})
        if self._kind == "text":
            generation.text, generation.state = body.get("generation", ""), state
        else:
            generation.object = f"{job.id}.webp"
            self._store(generation.object, body.get("generation", "R2"))
        return generation

    def _store(self, name: str, sent: str) -> None:
        """Keep a picture that came as base64; "R2": the worker uploads it itself."""
        if sent == "R2":
            return
        try:
            data = base64.b64decode(sent, validate=True)
        except (binascii.Error, ValueError):
            data = sent.encode("utf-8", "replace")  # the real server does not look at it either
        stored = StoredObject(lambda: data, self._horde.object_expiry())
        self._horde.object_storage.put(name, stored)

    def _end(self, job: OpenJob, how: str) -> None:
        job.ended = how
        job.request.running -= 1
        job.request.running_since.remove(job.running)
        job.request.last_activity_at = time.time()

    def _time_out(self, job: OpenJob) -> None:
        if not job.ended:
            self._end(job, "aborted")
            self._pool().fail(job.worker, job.request, reported=False)

    def _pool(self) -> GenerationWorkers:
        pool = self._horde.worker_pools[self._kind]
        assert isinstance(pool, GenerationWorkers)
        return pool

    def _job_json(self, item: GenerationRequest, jobs: list[OpenJob]) -> Json:
        ids = [job.id for job in jobs]
        body: Json = {
            "payload": {"prompt": item.prompt, **item.payload},
            "id": ids[0],
            "ids": ids,
            "ttl": int(jobs[0].running[1]),
            "skipped": {},
            "messages": [],
            "model": jobs[0].model,
        }
        return body | (self._image_fields(item, body, ids) if self._kind == "image" else {})

    def _image_fields(self, item: GenerationRequest, body: Json, ids: list[str]) -> Json:
        payload: Json = dict(body["payload"])
        payload["seed"] = str(item.seed if item.seed is not None else uuid.uuid4().int % 2**32)
        payload |= {"ddim_steps": payload.pop("steps", item.steps), "n_iter": len(ids)}
        payload["use_nsfw_censor"] = not item.nsfw and item.body.get("censor_nsfw", True)
        storage = self._horde.object_storage
        uploads = [storage.url(f"{each}.webp") for each in ids]
        fields: Json = {"payload": payload, "r2_upload": uploads[0], "r2_uploads": uploads}
        fields["source_processing"] = payload.pop("source_processing", "img2img")
        for name, data in (("source_image", item.source), ("source_mask", item.mask)):
            if data is not None:
                fields[name] = self._source_url(f"{item.id}_{name}.webp", data)
        return fields

    def _source_url(self, name: str, data: bytes) -> str:
        stored = StoredObject(lambda: data, self._horde.object_expiry())
        self._horde.object_storage.put(name, stored)
        return self._horde.object_storage.url(name)
