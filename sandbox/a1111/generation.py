"""Runs the jobs of the local web UI: one at a time, and each until it ends or is interrupted."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from sandbox.a1111 import pictures
from sandbox.a1111.errors import WebuiError
from sandbox.a1111.pictures import Drawing
from sandbox.a1111.state import A1111State, Job
from sandbox.horde.workers.image_processing import decompression_bomb

SLOW_FACTOR = 10  # the factor for the duration of a "slow" job
GARBAGE = b"this is not a picture\n" * 20


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a job needs. `passes`: 2 with the second pass of `enable_hr`, else 1."""

    drawings: tuple[Drawing, ...]
    batch_size: int
    steps: int
    passes: int = 1

    @property
    def iterations(self) -> int:
        return len(self.drawings) // self.batch_size


@dataclass(frozen=True, slots=True)
class Result:
    """The encoded images of a job, the text of each, and whether it was interrupted."""

    images: list[bytes]
    texts: list[str]
    interrupted: bool


class Generator:
    """The graphics card."""

    def __init__(self, state: A1111State) -> None:
        self._state = state

    async def run(self, job: Job, plan: Callable[[], Plan], *, prompt: str) -> Result:
        """Run a job that has the card. Raises WebuiError.

        `plan` is made after the checkpoint is loaded.
        """
        progress = self._state.progress
        progress.begin(f"scripts_{job.kind}")
        job.state, job.started_at = "running", time.time()
        try:
            result = await self._make(job, plan, prompt)
            job.state = "interrupted" if result.interrupted else "done"
            job.images = len(result.images)
        except WebuiError:
            job.state = "failed"
            raise
        finally:
            job.done_at = time.time()
            progress.end()
        return result

    async def wait(self, job: Job) -> None:
        """Hold the card for the duration of a job without progress: upscaling or a caption."""
        job.state, job.started_at = "running", time.time()
        await asyncio.sleep(self._seconds("") or 0.0)
        job.state, job.done_at = "done", time.time()

    async def _make(self, job: Job, plan: Callable[[], Plan], prompt: str) -> Result:
        state, progress = self._state, self._state.progress
        found = state.behaviours.find(prompt)
        await state.load_chosen()
        job.checkpoint = state.loaded.name
        behaviour = found.name if found else ""
        planned = plan()
        self._check_memory(planned, behaviour)
        progress.sampling_steps = planned.steps
        progress.job_count = planned.iterations * planned.passes
        images: list[Image.Image] = []
        for index in range(planned.iterations):
            if progress.interrupted:
                break
            first = index * planned.batch_size
            batch = planned.drawings[first : first + planned.batch_size]
            images += await self._iterate(batch, planned.passes, behaviour)
        if behaviour == "nans":
            raise WebuiError("NansException", "A tensor with NaNs was produced in Unet.")
        data = await asyncio.to_thread(self._encode, images, planned, behaviour)
        texts = [drawing.parameters for drawing in planned.drawings[: len(images)]]
        return Result(data, texts, progress.interrupted)

    def _check_memory(self, plan: Plan, behaviour: str) -> None:
        first = plan.drawings[0].job
        pixels = first.width * first.height * plan.batch_size
        if behaviour == "out_of_memory" or pixels > self._state.settings.largest_pixels:
            message = "CUDA out of memory. Tried to allocate 9.00 GiB (GPU 0; 8.00 GiB total)"
            raise WebuiError("OutOfMemoryError", message)

    async def _iterate(
        self, batch: tuple[Drawing, ...], passes: int, behaviour: str
    ) -> list[Image.Image]:
        """One iteration: a batch of images at once; half made when it was stopped."""
        share = 1.0
        for _ in range(passes):
            share = await self._state.progress.run_iteration(
                self._seconds(behaviour), batch[0].preview
            )
            if share < 1:
                break
        return [await asyncio.to_thread(drawing.finished, share) for drawing in batch]

    def _seconds(self, behaviour: str) -> float | None:
        if behaviour == "stall":
            return None
        seconds = random.uniform(*self._state.settings.job_seconds)  # noqa: S311  pace, no secret
        return seconds * (SLOW_FACTOR if behaviour == "slow" else 1)

    def _encode(self, images: list[Image.Image], plan: Plan, behaviour: str) -> list[bytes]:
        if behaviour == "no_images":
            return []
        if behaviour in ("garbage", "bomb"):
            return [GARBAGE if behaviour == "garbage" else decompression_bomb() for _ in images]
        if behaviour == "black":
            images = [Image.new("RGB", each.size) for each in images]
        kind = str(self._state.options["samples_format"])
        return [
            pictures.encode(image, kind, drawing.parameters)
            for image, drawing in zip(images, plan.drawings, strict=False)
        ]
