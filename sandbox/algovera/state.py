"""The accounts and jobs of the local Algovera, and its one worker."""

import asyncio
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.horde.state.worker_behaviour import BehaviourRules
from sandbox.horde.workers.image_drawing import encode_jpeg
from sandbox.horde.workers.image_processing import ImageJob, compose, decompression_bomb

Json = dict[str, Any]
JobStatus = Literal["created", "in-process", "done", "failed"]
EXAMPLE_KEY = "a1" * 32
MODELS = (
    "dalle",
    "stable",
    "stable diffusion v1.5",
    "stable diffusion v2-512x512",
    "stable diffusion v2-768x768",
    "stable diffusion v2.1-512x512",
    "stable diffusion v2.1-768x768",
)
FIXED_SEED = 69  # the default of the real server: without a seed, each image is the same
BEHAVIOURS = frozenset({"failed", "stuck", "slow", "garbage", "bomb", "lost_image"})
SLOW_FACTOR = 10  # the factor for the duration of a "slow" job
KEPT_JOBS = 1000  # the oldest jobs are removed, so that memory stays bounded


@dataclass(slots=True)
class AlgoveraSettings:
    """`in_process`: the status word of a running job is "in-process", not "created".

    `asset_seconds`: time from the status "done" until the asset is readable.
    """

    job_seconds: tuple[float, float]
    in_process: bool = False
    asset_seconds: float = 0.0


@dataclass(slots=True, eq=False)
class Job:
    """One image job. `running`: the worker has it."""

    id: str
    key: str
    payload: Json
    behaviour: str
    status: JobStatus = "created"
    running: bool = False
    created_at: float = field(default_factory=time.time)
    done_at: float | None = None


@dataclass(slots=True, eq=False)
class AlgoveraState:
    """`credits`: the credits of each API key; one job costs one."""

    settings: AlgoveraSettings
    credits: dict[str, int] = field(default_factory=lambda: {EXAMPLE_KEY: 100})
    jobs: dict[str, Job] = field(default_factory=dict[str, Job])
    submits: int = 0
    behaviours: BehaviourRules = field(default_factory=lambda: BehaviourRules(BEHAVIOURS))
    _queue: asyncio.Queue[Job] = field(default_factory=asyncio.Queue[Job])

    def add_job(self, key: str, payload: Json) -> Job:
        """Charge the key and queue a job."""
        self.credits[key] -= 1
        self.submits += 1
        found = self.behaviours.find(str(payload["prompt"]))
        job = Job(uuid.uuid4().hex, key, payload, found.name if found else "")
        self.jobs[job.id] = job
        while len(self.jobs) > KEPT_JOBS:
            del self.jobs[next(iter(self.jobs))]
        self._queue.put_nowait(job)
        return job

    async def work(self) -> None:
        """The one worker: jobs in the order of their arrival, without end."""
        while True:
            job = await self._queue.get()
            job.running = True
            if self.settings.in_process:
                job.status = "in-process"
            if job.behaviour == "stuck":  # the worker crashed: the job never gets another status
                continue
            seconds = random.uniform(*self.settings.job_seconds)  # noqa: S311  pace, no secret
            await asyncio.sleep(seconds * (SLOW_FACTOR if job.behaviour == "slow" else 1))
            job.status = "failed" if job.behaviour == "failed" else "done"
            job.done_at = time.time()

    def is_readable(self, job: Job) -> bool:
        """Whether the asset of a job can be downloaded."""
        if job.status != "done" or job.behaviour == "lost_image" or job.done_at is None:
            return False
        return time.time() >= job.done_at + self.settings.asset_seconds


def draw(job: Job) -> bytes:
    """The asset of a job as JPEG."""
    if job.behaviour == "garbage":
        return b"this is not a picture\n" * 20
    if job.behaviour == "bomb":
        return decompression_bomb()
    payload = job.payload
    image = ImageJob(
        width=payload["width"],
        height=payload["height"],
        seed=payload["seed"],
        prompt=payload["prompt"],
        model=payload["base_model"],
    )
    return encode_jpeg(compose(image))
