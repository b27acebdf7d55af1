"""The image and text workers: they take jobs, let time pass, and deliver, fail or vanish."""

import asyncio
import random
import time
import uuid
from collections.abc import Callable, Coroutine
from functools import partial

from sandbox.horde.object_storage import Stored
from sandbox.horde.state.horde_state import Horde
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import Generation, Json, Request
from sandbox.horde.state.worker_behaviour import remarks
from sandbox.horde.state.worker_pool import Pool
from sandbox.horde.workers import image_processing
from sandbox.horde.workers.text_writing import write

SLOW = 10  # how much longer a "slow" job takes
POP_SECONDS = 0.005  # for an instant a popped job neither waits nor is it processed
HUGE = 40 * 1000**2
TIMED_OUT = "timed out"
Notice = Callable[[Request, Generation, Worker], Coroutine[None, None, Json]]


class Makers(Pool[Request]):
    """The workers of kind image or text."""

    def __init__(self, horde: Horde, workers: list[Worker], notice: Notice) -> None:
        super().__init__(workers, horde.knobs.pickup)
        self._horde = horde
        self._notice = notice

    def can(self, worker: Worker, item: Request) -> bool:
        """The rules by which the real server hands out jobs, as far as they matter here."""
        if worker.maintenance or (item.trusted_workers and not worker.trusted):
            return False
        if item.models and worker.models_set.isdisjoint(item.models):
            return False
        if item.workers and (worker.id in item.workers) == item.blacklist:
            return False
        if item.kind == "text":
            return (
                worker.max_length >= item.max_length
                and worker.max_context_length >= item.max_context_length
            )
        return item.width * item.height <= worker.max_pixels and (worker.nsfw or not item.nsfw)

    def take(self, worker: Worker, item: Request) -> Coroutine[None, None, None]:
        amount = min(item.waiting, worker.batch if item.batching else 1)
        self._horde.count_waiting(item, -amount)
        item.touched_at = time.time()
        if not item.waiting:
            self.drop(item)
        return self._work(worker, item, amount)

    async def _work(self, worker: Worker, request: Request, amount: int) -> None:
        await asyncio.sleep(POP_SECONDS)
        request.running += amount
        seconds = random.uniform(*self._horde.knobs.job_seconds)  # noqa: S311 - pace, no secret
        span = (time.time(), seconds)
        request.spans.append(span)
        behave = request.behaviour.name if request.behaviour else ""
        if behave == "expire":
            await asyncio.sleep(seconds / 2)
            self._horde.forget(request)
            return
        await asyncio.sleep(seconds * (SLOW if behave == "slow" else 1))
        request.spans.remove(span)
        if behave == "stuck":
            request.running -= amount
            self._horde.count_waiting(request, -request.waiting)
            self.drop(request)
            return
        seed = self._seed(request)
        for index in range(amount):
            await self._finish(worker, request, seed, index if amount > 1 else None)

    def _seed(self, request: Request) -> int:
        if request.seed is None:
            return random.getrandbits(32)
        variation = int(request.payload.get("seed_variation", 0))
        return (request.seed + variation * len(request.generations)) % 2**32

    async def _finish(
        self, worker: Worker, request: Request, seed: int, batch_index: int | None
    ) -> None:
        request.running -= 1
        request.touched_at = time.time()
        index, spoiler = len(request.generations), request.behaviour
        if spoiler is not None and (
            spoiler.name in ("faulted", "faulted_quietly")
            or (spoiler.name == "partial" and spoiler.loses(index, request.jobs))
        ):
            self._fail(worker, request, reported=spoiler.name != "faulted")
            return
        generation = self._make(worker, request, seed, batch_index)
        request.generations.append(generation)
        self._horde.settle(request, generation)
        if request.webhook is not None:
            body = await self._notice(request, generation, worker)
            self._horde.webhooks.enqueue(request.webhook, body)

    def _fail(self, worker: Worker, request: Request, *, reported: bool) -> None:
        """A job is lost: it waits again, unless the server gives up on it without saying so."""
        worker.uncompleted += 1
        request.failed += 1
        given_up = (
            reported
            and request.failed >= 2
            and request.failed + len(request.generations) >= request.jobs
        )
        if not given_up and not request.cancelled and not request.faulted:
            self._horde.count_waiting(request, +1)
            self.queue(request)

    def _make(
        self, worker: Worker, request: Request, seed: int, batch_index: int | None
    ) -> Generation:
        model = next(
            (name for name in request.models or worker.models if name in worker.models_set),
            worker.models[0],
        )
        generation = Generation(str(uuid.uuid4()), worker, model, seed)
        spoiler = request.behaviour
        spoiled = ""
        if spoiler is not None and spoiler.spoils(len(request.generations)):
            spoiled = spoiler.name
        if spoiled in ("censored", "csam"):
            value = "nsfw" if spoiled == "censored" else "csam"
            generation.metadata.append({"type": "censorship", "value": value})
        if request.kind == "text":
            self._write(request, generation, spoiled)
        else:
            if batch_index is not None:
                metadata = {"type": "batch_index", "value": "see_ref", "ref": str(batch_index)}
                generation.metadata.append(metadata)
            generation.metadata += remarks(spoiled, request.payload)
            self._paint(request, generation, seed + (batch_index or 0), spoiled)
        return generation

    def _write(self, request: Request, generation: Generation, spoiled: str) -> None:
        generation.seed = 0
        if generation.censored:
            generation.state = spoiled
        elif spoiled != "missing":
            generation.text = write(
                request.prompt, request.max_length, request.payload, len(request.generations)
            )

    def _paint(self, request: Request, generation: Generation, seed: int, spoiled: str) -> None:
        if spoiled == "missing":
            return
        generation.object = f"{generation.id}.webp"
        if spoiled != "lost_image":
            job = self._job(request, generation, seed, spoiled)
            stored = stored_as(
                spoiled, partial(image_processing.develop, job), self._horde.object_expiry()
            )
            self._horde.gallery.put(generation.object, stored)

    @staticmethod
    def _job(
        request: Request, generation: Generation, seed: int, spoiled: str
    ) -> image_processing.Job:
        payload = request.payload
        value = next((m["value"] for m in generation.metadata if m["type"] == "censorship"), None)
        return image_processing.Job(
            width=request.width,
            height=request.height,
            seed=seed,
            prompt=request.prompt,
            model=generation.model,
            processors=tuple(payload.get("post_processing", ())),
            source=None if spoiled == "source_failed" else request.source,
            mask=None if spoiled == "mask_failed" else request.mask,
            processing=payload.get("source_processing", "img2img"),
            strength=float(payload.get("denoising_strength", 0.75)),
            extra=request.extra,
            control=str(payload.get("control_type", "")),
            control_map=bool(payload.get("return_control_map")),
            transparent=bool(payload.get("transparent")),
            qr_text=_code_of(payload),
            blot=value,
        )


def _code_of(payload: Json) -> str | None:
    """What the QR code is to say; None when none is wanted."""
    if payload.get("workflow") != "qr_code":
        return None
    texts = payload.get("extra_texts", ())
    found = (each.get("text", "") for each in texts if each.get("reference") == "qr_code")
    return next(found, "")


def stored_as(spoiled: str, make: Callable[[], bytes], expires_at: float) -> Stored:
    """An object as a healthy worker uploads it, or spoiled in one of the known ways."""
    if spoiled == "garbage":
        return Stored(lambda: b"this is not a picture, whatever its name says\n" * 20, expires_at)
    if spoiled == "bomb":
        return Stored(image_processing.bomb, expires_at)
    if spoiled == "huge":
        return Stored(make, expires_at, padding=HUGE)
    return Stored(make, expires_at)
