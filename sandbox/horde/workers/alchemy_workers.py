"""The alchemy workers: they take one form at a time."""

import asyncio
import random
import time
from collections.abc import Coroutine
from functools import partial

from sandbox.horde.prices import form_price
from sandbox.horde.request_schemas import POST_PROCESSORS
from sandbox.horde.state.horde_state import Horde
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import Form, Json
from sandbox.horde.state.worker_pool import Pool
from sandbox.horde.webhook_bodies import Notices
from sandbox.horde.workers.generation_workers import SLOW, stored_as
from sandbox.horde.workers.image_analysis import edited, read

MOST_ABORTS = 4  # a form that was lost this often is faulted


class Alchemists(Pool[Form]):
    """The workers of kind alchemy."""

    def __init__(self, horde: Horde, workers: list[Worker]) -> None:
        super().__init__(workers, horde.knobs.pickup)
        self._horde = horde

    def can(self, worker: Worker, item: Form) -> bool:
        if worker.maintenance or (item.request.trusted_workers and not worker.trusted):
            return False
        return item.name in worker.models_set

    def take(self, worker: Worker, item: Form) -> Coroutine[None, None, None]:
        item.state = "processing"
        item.request.touched_at = time.time()
        self.drop(item)
        return self._work(worker, item)

    async def _work(self, worker: Worker, form: Form) -> None:
        behave = form.behaviour.name if form.behaviour else ""
        seconds = random.uniform(*self._horde.knobs.job_seconds)  # noqa: S311 - pace, no secret
        await asyncio.sleep(seconds * (SLOW if behave == "slow" else 1))
        if form.state != "processing" or behave == "stuck":  # cancelled meanwhile, or never ending
            return
        form.request.touched_at = time.time()
        if behave == "expire":
            self._horde.forget_alchemy(form.request)
        elif behave in ("faulted", "faulted_quietly", "partial"):
            self._fail(worker, form, at_once=behave != "faulted_quietly")
        else:
            await self._deliver(worker, form, behave)

    def _fail(self, worker: Worker, form: Form, *, at_once: bool) -> None:
        worker.uncompleted += 1
        form.aborts += 1
        if at_once or form.aborts >= MOST_ABORTS:
            self._horde.end_form(form, "faulted")
        else:
            form.state = "waiting"
            self.queue(form)

    async def _deliver(self, worker: Worker, form: Form, spoiled: str) -> None:
        if form.name in POST_PROCESSORS:
            form.result = self._stored(form, spoiled)
        else:
            form.result = await asyncio.to_thread(read, form.name, form.request.source)
            if form.name == "nsfw":
                form.result = {"nsfw": spoiled in ("censored", "csam")}
        if form.state != "processing":  # cancelled while it was looked at
            form.result = None
            return
        price = float(form_price(form.name, *form.request.size))
        worker.fulfilled += 1
        worker.rewards += price
        self._pay(form, price)
        self._horde.end_form(form, "done")
        if form.request.webhook is not None:
            self._horde.webhooks.enqueue(form.request.webhook, Notices.form(form, worker, price))

    def _stored(self, form: Form, spoiled: str) -> Json:
        """The link is signed once, at delivery, unlike those of image requests."""
        gallery = self._horde.gallery
        name = f"{form.id}.webp"
        if spoiled == "missing":
            return {form.name: "N/A"}
        if spoiled != "lost_image":
            make = partial(edited, form.name, form.request.source)
            gallery.put(name, stored_as(spoiled, make, self._horde.object_expiry()))
        return {form.name: gallery.url(name)}

    @staticmethod
    def _pay(form: Form, price: float) -> None:
        cost = price + 1 + (1 if form.request.slow_workers else 0)
        form.request.charged += cost
        form.request.user.charge(cost)
