"""The image and text workers: they take jobs, wait, and deliver or fail."""

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine
from functools import partial

from sandbox.horde.object_storage import StoredObject
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import Generation, GenerationRequest, Json
from sandbox.horde.state.worker_behaviour import generation_metadata
from sandbox.horde.state.worker_pool import WorkerPool
from sandbox.horde.workers import image_processing
from sandbox.horde.workers.leases import lease_seconds, needs_extended
from sandbox.horde.workers.text_writing import write_story
from sandbox.model_texts import with_additions

SLOW_FACTOR = 10  # the factor for the duration of a "slow" job
POP_SECONDS = 0.005  # for a moment a taken job is neither waiting nor processing
HUGE_BYTES = 40 * 1000**2
LARGE_BYTES = 36 * 1000**2  # with the picture still below 40 MB
WebhookBody = Callable[[GenerationRequest, Generation, Worker], Coroutine[None, None, Json]]


class GenerationWorkers(WorkerPool[GenerationRequest]):
    """The workers of kind image or text."""

    def __init__(self, horde: HordeState, workers: list[Worker], webhook_body: WebhookBody) -> None:
        super().__init__(workers, horde.settings.pickup_seconds)
        self._horde = horde
        self._webhook_body = webhook_body
        self._texts: Counter[int] = Counter()  # by the hash of the prompt: texts so far

    def can_take(self, worker: Worker, item: GenerationRequest) -> bool:
        """The rules of the real server for giving jobs to workers, in part."""
        if worker.maintenance or (item.trusted_workers and not worker.trusted):
            return False
        if item.models and worker.model_set.isdisjoint(item.models):
            return False
        if item.kind == "image" and not worker.extended and self._needs_extended(item):
            return False
        if item.workers and (worker.id in item.workers) == item.blacklist:
            return False
        if item.kind == "text":
            return (
                worker.max_length >= item.max_length
                and worker.max_context_length >= item.max_context_length
            )
        return item.width * item.height <= worker.max_pixels and (worker.nsfw or not item.nsfw)

    def _needs_extended(self, item: GenerationRequest) -> bool:
        """The older server ignores the parameters that only some workers know."""
        return self._horde.settings.newer and needs_extended(item.payload)

    def is_held(self, item: GenerationRequest) -> bool:
        if self._horde.settings.aipg_v2 and item.requested_jobs > 1:
            return True  # one worker had to take all images of a request, and none did
        return item.behaviour is not None and item.behaviour.name == "stall"

    def take(self, worker: Worker, item: GenerationRequest) -> Coroutine[None, None, None]:
        amount = min(item.waiting, worker.batch if item.batching else 1)
        self.claim(item, amount)
        return self._work(worker, item, amount)

    def claim(self, item: GenerationRequest, amount: int) -> None:
        """Take so many jobs of the request from the queue."""
        self._horde.change_waiting(item, -amount)
        item.last_activity_at = time.time()
        if not item.waiting:
            self.dequeue(item)

    async def _work(self, worker: Worker, request: GenerationRequest, amount: int) -> None:
        await asyncio.sleep(POP_SECONDS)
        request.running += amount
        seconds = random.uniform(*self._horde.settings.job_seconds)  # noqa: S311 - pace, no secret
        started = (time.time(), seconds)
        request.running_since.append(started)
        behaviour = request.behaviour.name if request.behaviour else ""
        if behaviour == "expire":
            await asyncio.sleep(seconds / 2)
            self._horde.remove_request(request)
            return
        await asyncio.sleep(seconds * (SLOW_FACTOR if behaviour == "slow" else 1))
        if behaviour == "timeout":
            await asyncio.sleep(lease_seconds(self._horde, request, worker.models[0]))
        request.running_since.remove(started)
        if behaviour == "stuck":
            request.running -= amount
            self._horde.change_waiting(request, -request.waiting)
            self.dequeue(request)
            return
        seed = self._seed(request)
        for index in range(amount):
            await self._finish(worker, request, seed, index if amount > 1 else None)

    def _seed(self, request: GenerationRequest) -> int:
        if request.seed is None:
            return random.getrandbits(32)
        variation = int(request.payload.get("seed_variation", 0))
        return (request.seed + variation * len(request.generations)) % 2**32

    async def _finish(
        self, worker: Worker, request: GenerationRequest, seed: int, batch_index: int | None
    ) -> None:
        request.running -= 1
        request.last_activity_at = time.time()
        index, behaviour = len(request.generations), request.behaviour
        if behaviour is not None and (
            behaviour.name in ("faulted", "faulted_quietly", "timeout")
            or (behaviour.name == "partial" and behaviour.loses(index, request.jobs))
        ):
            quiet = behaviour.name in ("faulted", "timeout")
            self.fail(worker, request, reported=not quiet)
            return
        await self.deliver(request, self._new_generation(worker, request, seed, batch_index))

    async def deliver(self, request: GenerationRequest, generation: Generation) -> None:
        """Add a result to its request, charge it, and call the webhook."""
        request.generations.append(generation)
        self._horde.record_delivery(request, generation)
        if request.webhook is not None:
            body = await self._webhook_body(request, generation, generation.worker)
            self._horde.webhooks.enqueue(request.webhook, body)

    def fail(self, worker: Worker, request: GenerationRequest, *, reported: bool) -> None:
        """Count a failed job. It waits again, unless the server silently gives up."""
        worker.uncompleted += 1
        request.failed += 1
        given_up = (
            reported
            and request.failed >= 2
            and request.failed + len(request.generations) >= request.jobs
        )
        if not given_up and not request.cancelled and not request.faulted:
            self._horde.change_waiting(request, +1)
            self.enqueue(request)

    def _new_generation(
        self, worker: Worker, request: GenerationRequest, seed: int, batch_index: int | None
    ) -> Generation:
        model = next(
            (name for name in request.models or worker.models if name in worker.model_set),
            worker.models[0],
        )
        generation = Generation(str(uuid.uuid4()), worker, model, seed)
        behaviour = request.behaviour
        behaviour_name = ""
        if behaviour is not None and behaviour.affects(len(request.generations)):
            behaviour_name = behaviour.name
        if behaviour_name in ("censored", "csam"):
            value = "nsfw" if behaviour_name == "censored" else "csam"
            generation.metadata.append({"type": "censorship", "value": value})
        if request.kind == "text":
            self._write_text(request, generation, behaviour_name)
        else:
            if batch_index is not None:
                metadata = {"type": "batch_index", "value": "see_ref", "ref": str(batch_index)}
                generation.metadata.append(metadata)
            generation.metadata += generation_metadata(behaviour_name, request.payload)
            self._store_image(request, generation, seed + (batch_index or 0), behaviour_name)
        return generation

    def _write_text(
        self, request: GenerationRequest, generation: Generation, behaviour: str
    ) -> None:
        generation.seed = 0
        if generation.censored:
            generation.state = behaviour
        elif behaviour != "missing":
            key = hash(request.prompt)
            version, self._texts[key] = self._texts[key], self._texts[key] + 1
            text = write_story(request.prompt, request.max_length, request.payload, version)
            generation.text = with_additions(text, behaviour)

    def _store_image(
        self, request: GenerationRequest, generation: Generation, seed: int, behaviour: str
    ) -> None:
        if behaviour == "missing":
            return
        generation.object = f"{generation.id}.webp"
        if behaviour != "lost_image":
            job = self._image_job(request, generation, seed, behaviour)
            stored = stored_object(
                behaviour, partial(image_processing.render, job), self._horde.object_expiry()
            )
            self._horde.object_storage.put(generation.object, stored)

    @staticmethod
    def _image_job(
        request: GenerationRequest, generation: Generation, seed: int, behaviour: str
    ) -> image_processing.ImageJob:
        payload = request.payload
        value = next((m["value"] for m in generation.metadata if m["type"] == "censorship"), None)
        return image_processing.ImageJob(
            width=request.width,
            height=request.height,
            seed=seed,
            prompt=request.prompt,
            model=generation.model,
            processors=tuple(payload.get("post_processing", ())),
            source=None if behaviour == "source_failed" else request.source,
            mask=None if behaviour == "mask_failed" else request.mask,
            processing=payload.get("source_processing", "img2img"),
            strength=float(payload.get("denoising_strength", 0.75)),
            extra_images=request.extra_images,
            control=str(payload.get("control_type", "")),
            control_map=bool(payload.get("return_control_map")),
            transparent=bool(payload.get("transparent")),
            qr_text=_qr_text(payload),
            censorship=value,
        )


def _qr_text(payload: Json) -> str | None:
    """The text of the QR code; None for a request without one."""
    if payload.get("workflow") != "qr_code":
        return None
    texts = payload.get("extra_texts", ())
    found = (each.get("text", "") for each in texts if each.get("reference") == "qr_code")
    return next(found, "")


def stored_object(behaviour: str, render: Callable[[], bytes], expires_at: float) -> StoredObject:
    """An object as a worker with this behaviour uploads it."""
    if behaviour == "garbage":
        return StoredObject(
            lambda: b"this is not a picture, whatever its name says\n" * 20, expires_at
        )
    if behaviour == "bomb":
        return StoredObject(image_processing.decompression_bomb, expires_at)
    if behaviour in {"huge", "large"}:
        padding = HUGE_BYTES if behaviour == "huge" else LARGE_BYTES
        return StoredObject(render, expires_at, padding=padding)
    return StoredObject(render, expires_at)
