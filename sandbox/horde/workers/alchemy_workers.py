"""The alchemy workers; they take one form at a time."""

import asyncio
import random
import time
from collections.abc import Coroutine
from functools import partial

from sandbox.horde.newer import annotations
from sandbox.horde.newer.request_schemas import ANNOTATION, NEWER_FORMS
from sandbox.horde.prices import form_price, tiles
from sandbox.horde.request_schemas import POST_PROCESSORS
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import AlchemyForm, Json
from sandbox.horde.state.worker_pool import WorkerPool
from sandbox.horde.webhook_bodies import WebhookBodies
from sandbox.horde.workers.generation_workers import SLOW_FACTOR, stored_object
from sandbox.horde.workers.image_analysis import analyse, post_processed

MOST_ABORTS = 4  # a form that was aborted this often is faulted


def price_of(form: AlchemyForm) -> float:
    """The price of a form without the additions for the account."""
    if form.name == ANNOTATION:
        return float(annotations.price(form.control_type, tiles(*form.request.size)))
    return float(form_price(form.name, *form.request.size))


class AlchemyWorkers(WorkerPool[AlchemyForm]):
    """The workers of kind alchemy."""

    def __init__(self, horde: HordeState, workers: list[Worker]) -> None:
        super().__init__(workers, horde.settings.pickup_seconds)
        self._horde = horde

    def can_take(self, worker: Worker, item: AlchemyForm) -> bool:
        if worker.maintenance or (item.request.trusted_workers and not worker.trusted):
            return False
        return item.name in NEWER_FORMS or item.name in worker.model_set

    def take(self, worker: Worker, item: AlchemyForm) -> Coroutine[None, None, None]:
        self.claim(item)
        return self._work(worker, item)

    def claim(self, item: AlchemyForm) -> None:
        """Take the form from the queue."""
        item.state = "processing"
        item.request.last_activity_at = time.time()
        self.dequeue(item)

    async def _work(self, worker: Worker, form: AlchemyForm) -> None:
        behaviour = form.behaviour.name if form.behaviour else ""
        seconds = random.uniform(*self._horde.settings.job_seconds)  # noqa: S311 - pace, no secret
        await asyncio.sleep(seconds * (SLOW_FACTOR if behaviour == "slow" else 1))
        if form.state == "cancelled":
            self._charge(form, price_of(form))
        if form.state != "processing" or behaviour == "stuck":  # "stuck": never finished
            return
        form.request.last_activity_at = time.time()
        if behaviour == "expire":
            self._horde.remove_alchemy_request(form.request)
        elif behaviour in ("faulted", "faulted_quietly", "partial"):
            self.fail(worker, form, at_once=behaviour != "faulted_quietly")
        else:
            self.deliver(worker, form, await self._result(form, behaviour))

    def fail(self, worker: Worker, form: AlchemyForm, *, at_once: bool) -> None:
        worker.uncompleted += 1
        form.aborts += 1
        if at_once or form.aborts >= MOST_ABORTS:
            self._horde.finish_form(form, "faulted")
        else:
            form.state = "waiting"
            self.enqueue(form)

    async def _result(self, form: AlchemyForm, behaviour: str) -> Json:
        if form.name in POST_PROCESSORS or form.name == ANNOTATION:
            return self._image_result(form, behaviour)
        if form.name == "nsfw":
            return {"nsfw": behaviour in ("censored", "csam")}
        return await asyncio.to_thread(analyse, form.name, form.request.source)

    def deliver(self, worker: Worker, form: AlchemyForm, result: Json) -> None:
        """Set the result of a form, charge it, and call the webhook."""
        if form.state != "processing":  # cancelled during the analysis
            self._charge(form, price_of(form))
            return
        form.result = result
        price = price_of(form)
        worker.fulfilled += 1
        worker.rewards += price
        self._charge(form, price)
        self._horde.finish_form(form, "done")
        if form.request.webhook is not None:
            self._horde.webhooks.enqueue(
                form.request.webhook, WebhookBodies.form(form, worker, price)
            )

    def _image_result(self, form: AlchemyForm, behaviour: str) -> Json:
        """Store the image; its link is signed once, at delivery, unlike those of image requests."""
        storage = self._horde.object_storage
        name = f"{form.id}.webp"
        if behaviour == "missing":
            return {form.name: "N/A"}
        if behaviour != "lost_image":
            render = partial(post_processed, form.name, form.request.source)
            if form.name == ANNOTATION:
                render = partial(annotations.render, form.control_type, form.request.source)
            storage.put(name, stored_object(behaviour, render, self._horde.object_expiry()))
        return {form.name: storage.url(name)}

    @staticmethod
    def _charge(form: AlchemyForm, price: float) -> None:
        cost = price + 1 + (1 if form.request.slow_workers else 0)
        form.request.charged += cost
        form.request.user.charge(cost)
