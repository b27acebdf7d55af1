"""The jobs of an optional server: their payloads, states, results and charges."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from aiohttp import web

Json = dict[str, Any]
JobState = Literal["running", "completed", "failed", "cancelled", "refused"]
LONGEST_SHOWN = 2_000  # characters of a text in the list of jobs
KEPT_JOBS = 2_000  # the oldest are removed
LOOK_SECONDS = 0.05  # between looks at the connection of a waiting client


@dataclass(slots=True)
class Job:
    """One accepted job. `charged_micro`: what its owner paid, in micro-USD.

    `client_ref`: the reference that the client chose, or "". `seconds`: its planned duration.
    """

    kind: str
    owner: str
    payload: Json
    client_ref: str = ""
    seconds: float = 0.0
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: float = field(default_factory=time.time)
    state: JobState = "running"
    done_at: float | None = None
    charged_micro: int = 0
    result: Json | None = None

    @property
    def progress(self) -> int:
        """Percent of its planned duration; 100 when it ended."""
        if self.state != "running" or self.seconds <= 0:
            return 100
        return min(99, int(100 * (time.time() - self.created_at) / self.seconds))

    def end(self, state: JobState, result: Json | None = None) -> None:
        self.state, self.result, self.done_at = state, result, time.time()


@dataclass(slots=True)
class JobLog:
    """The jobs of a server, the oldest first."""

    jobs: dict[str, Job] = field(default_factory=dict[str, Job])

    def add(self, job: Job) -> Job:
        self.jobs[job.id] = job
        if len(self.jobs) > KEPT_JOBS:
            del self.jobs[next(iter(self.jobs))]
        return job

    def summary(self) -> Json:
        """The jobs with shortened texts, the accepted submits by kind, and the sum of charges."""
        kinds = [job.kind for job in self.jobs.values() if job.state != "refused"]
        return {
            "jobs": [job_json(job, shorten=True) for job in self.jobs.values()],
            "submits": {kind: kinds.count(kind) for kind in dict.fromkeys(kinds)},
            "charged_micro": sum(job.charged_micro for job in self.jobs.values()),
        }


def job_json(job: Job, *, shorten: bool = False) -> Json:
    return {
        "id": job.id,
        "kind": job.kind,
        "owner": job.owner,
        "state": job.state,
        "payload": _shortened(job.payload) if shorten else job.payload,
        "client_ref": job.client_ref,
        "charged_micro": job.charged_micro,
        "created_at": job.created_at,
        "done_at": job.done_at,
        "result": _shortened(job.result) if shorten else job.result,
    }


def _shortened(value: Any) -> Any:
    """The value with long texts cut, such as images in base64."""
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return f"{value[:40]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {name: _shortened(each) for name, each in cast("Json", value).items()}
    if isinstance(value, list):
        return [_shortened(each) for each in cast("list[Any]", value)]
    return value


async def wait_for_client(request: web.Request, seconds: float) -> bool:
    """Wait that long. Returns False as soon as the client has closed the connection."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if request.transport is None or request.transport.is_closing():
            return False
        await asyncio.sleep(min(left, LOOK_SECONDS))
    return request.transport is not None and not request.transport.is_closing()
