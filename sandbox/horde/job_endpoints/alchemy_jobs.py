"""Endpoints for the workers of alchemy forms."""

import asyncio
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, json_response
from sandbox.horde.job_endpoints import bodies
from sandbox.horde.job_endpoints.registration import registered
from sandbox.horde.newer.request_schemas import ANNOTATION
from sandbox.horde.object_storage import StoredObject
from sandbox.horde.request_schemas import POST_PROCESSORS
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import AlchemyForm
from sandbox.horde.validation import submit_checks
from sandbox.horde.workers.alchemy_workers import AlchemyWorkers, price_of

Json = dict[str, Any]
LEASE_SECONDS = 180.0  # a worker may hold a form so long


class AlchemyJobs:
    """The two endpoints."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde
        self._forms: dict[str, tuple[Worker, AlchemyForm]] = {}

    async def pop(self, request: web.Request) -> web.Response:
        """The next forms for a worker."""
        body = await submit_checks.read_valid(request, bodies.POP["alchemy"])
        owner = submit_checks.require_account(self._horde, request.headers["apikey"])
        worker, pool = registered(self._horde, "alchemy", body, owner), self._pool()
        found = [each for each in pool.queue if pool.can_take(worker, each)]
        forms = found[: body.get("amount", 1)]
        for form in forms:
            pool.claim(form)
            self._forms[form.id] = worker, form
            seconds = LEASE_SECONDS * self._horde.settings.lease_factor
            asyncio.get_running_loop().call_later(seconds, self._time_out, worker, form)
        return json_response({"forms": [self._form_json(form) for form in forms], "skipped": {}})

    async def submit(self, request: web.Request) -> web.Response:
        """Take the result of a form. The answer has the kudos that the worker earned."""
        body = await submit_checks.read_valid(request, bodies.SUBMIT["alchemy"])
        owner = submit_checks.require_account(self._horde, request.headers["apikey"])
        worker, form = self._find(body["id"], owner.id)
        if body.get("state") == "faulted":
            self._pool().fail(worker, form, at_once=False)
            return json_response({"reward": 0.0})
        result: Json = body["result"] if isinstance(body.get("result"), dict) else {}
        if result.get(form.name) == "R2":
            result = {form.name: self._horde.object_storage.url(f"{form.id}.webp")}
        self._pool().deliver(worker, form, result)
        return json_response({"reward": price_of(form)})

    def _time_out(self, worker: Worker, form: AlchemyForm) -> None:
        if form.state == "processing":
            self._pool().fail(worker, form, at_once=False)

    def _find(self, wanted: str, owner: int) -> tuple[Worker, AlchemyForm]:
        found = self._forms.get(wanted)
        if found is None:
            raise ApiError(404, "InvalidJobID", f"Form with ID '{wanted}' does not exist.")
        if found[0].owner != owner:
            message = "This form was given to a worker of another account."
            raise ApiError(403, "WrongCredentials", message)
        if found[1].state == "done":
            raise ApiError(400, "DuplicateGen", f"The form '{wanted}' was delivered already.")
        if found[1].state != "processing":
            raise ApiError(400, "AbortedGen", f"The form '{wanted}' was aborted.")
        return found

    def _form_json(self, form: AlchemyForm) -> Json:
        storage, source = self._horde.object_storage, form.request.source
        name = f"{form.request.id}_src.webp"
        storage.put(name, StoredObject(lambda: source, self._horde.object_expiry()))
        body: Json = {"id": form.id, "form": form.name, "source_image": storage.url(name)}
        if form.control_type:
            body["payload"] = {"control_type": form.control_type}
        if form.name in (*POST_PROCESSORS, ANNOTATION):
            body["r2_upload"] = storage.url(f"{form.id}.webp")
        return body

    def _pool(self) -> AlchemyWorkers:
        pool = self._horde.alchemy_workers
        assert isinstance(pool, AlchemyWorkers)
        return pool
