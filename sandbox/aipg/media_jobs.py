"""Runs a media job while its call waits: holds the price, works, settles or releases.

A job goes on when the client is gone, and is charged. A tag in the prompt selects how it ends:
[sandbox:failed] fails, [sandbox:timeout] never finishes, [sandbox:late] finishes after the server
gave up. The answer of the last two is 504.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sandbox.aipg.accounts import Account
from sandbox.aipg.errors import ApiError
from sandbox.aipg.models import Model
from sandbox.aipg.state import URL_SECONDS, AipgState
from sandbox.horde.state.worker_behaviour import PROMPT_TAG
from sandbox.optional.jobs import Job, Json

WORKER = "sandbox-worker"


@dataclass(frozen=True, slots=True)
class MediaWork:
    """What to make: `make` returns the data of each seed. `units` are what the price counts."""

    model: Model
    payload: Json
    prompt: str
    client_ref: str
    units: float
    seeds: tuple[int, ...]
    extension: str
    make: Callable[[int], bytes]
    check: Callable[[], None]


class MediaJobs:
    def __init__(self, state: AipgState) -> None:
        self._state = state

    async def run(self, account: Account, work: MediaWork) -> Job:
        """Run the job and return it with its result. Raises ApiError for every other end."""
        state, model = self._state, work.model
        cost = model.unit_cost(work.units)
        hold = account.hold(cost) if state.settings.charging else None
        job = Job(model.kind, account.username, work.payload, client_ref=work.client_ref)
        state.jobs.add(job)
        if hold is not None:
            state.holds[job.id] = hold
        try:
            account.start("media")
        except ApiError:
            self._refuse(job)
            raise
        try:
            return await self._work(job, work)
        finally:
            account.running["media"] -= 1

    async def _work(self, job: Job, work: MediaWork) -> Job:
        try:
            work.check()
        except ApiError:
            self._refuse(job)
            raise
        job.seconds = random.uniform(*self._state.settings.job_seconds)  # noqa: S311 - pace
        await asyncio.sleep(job.seconds)
        self._end_as_tagged(job, work)
        made = [await asyncio.to_thread(work.make, seed) for seed in work.seeds]
        self._finish(job, work, made)
        return job

    def _end_as_tagged(self, job: Job, work: MediaWork) -> None:
        """Raises ApiError if a tag in the prompt wants another end than a result."""
        tag = PROMPT_TAG.search(work.prompt)
        behaviour = tag[1].lower() if tag else ""
        if behaviour == "failed":
            self._fail(job)
            raise ApiError(502, "Worker failed to generate the media")
        if behaviour not in ("timeout", "late"):
            return
        later, loop = self._state.settings.late_seconds, asyncio.get_running_loop()
        if behaviour == "timeout":
            loop.call_later(later, self._fail, job)
        else:
            loop.call_later(later, self._finish, job, work, [*map(work.make, work.seeds)])
        raise ApiError(504, f"{work.model.kind} generation timed out")

    def _finish(self, job: Job, work: MediaWork, made: Sequence[bytes]) -> None:
        """Keep the files, settle the price, and set the result."""
        media: list[Json] = []
        for seed, data in zip(work.seeds, made, strict=True):
            name = self._state.files.add(data, work.extension)
            media.append(
                {
                    "url": f"{self._state.base}/media/{name}?{_signature()}",
                    "key": f"media/{name}",
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "seed": seed,
                }
            )
        hold = self._state.holds.get(job.id)
        job.charged_micro = hold.settle() if hold else 0
        result: Json = {
            "media": media,
            "model": work.model.name,
            "worker": WORKER,
            "gen_time": round(job.seconds, 3),
            "recipe_root": hashlib.sha256(work.model.name.encode()).hexdigest(),
        }
        job.end("completed", result)

    def _fail(self, job: Job) -> None:
        self._release(job)
        job.end("failed")

    def _refuse(self, job: Job) -> None:
        """End a job that no worker got; its held money was known to the recovery already."""
        self._release(job)
        job.end("refused")

    def _release(self, job: Job) -> None:
        if hold := self._state.holds.get(job.id):
            hold.release()


def _signature() -> str:
    """The end of a link, as signed addresses have it. This server does not check it."""
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    return f"X-Amz-Date={date}&X-Amz-Expires={URL_SECONDS:.0f}"
