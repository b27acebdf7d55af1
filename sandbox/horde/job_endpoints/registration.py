"""The workers that ask for jobs over HTTP: they register with their first question."""

import time
from typing import Any

from sandbox.horde.errors import ApiError
from sandbox.horde.state.accounts import User
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import JobKind, Worker

Json = dict[str, Any]
DEFAULT_PIXELS = 512 * 512
DEFAULT_LENGTH, DEFAULT_CONTEXT = 512, 2048


def registered(horde: HordeState, kind: JobKind, body: Json, owner: User) -> Worker:
    """The worker of this name, new or with what it offers now. Raises ApiError."""
    if owner.anonymous:
        message = "Anonymous users cannot run workers."
        raise ApiError(403, "AnonForbiddenWorker", message)
    worker = next((each for each in horde.workers() if each.name == body["name"]), None)
    if worker is None:
        if horde.settings.invite_only:
            message = "This Horde is in invite-only mode."
            raise ApiError(403, "WorkerInviteOnly", message)
        worker = Worker(body["name"], kind, (), owner=owner.id, trusted=owner.trusted)
    _check(horde, worker, kind, owner)
    _offer(horde, worker, body)
    return worker


def _check(horde: HordeState, worker: Worker, kind: JobKind, owner: User) -> None:
    if worker.owner != owner.id:
        message = "This worker belongs to another account."
        raise ApiError(403, "WrongCredentials", message)
    if worker.kind != kind:
        message = f"A worker of another type is called '{worker.name}'."
        raise ApiError(400, "PolymorphicNameConflict", message)
    if worker.maintenance:
        message = "This worker has been put into maintenance mode by its owner."
        raise ApiError(403, "WorkerMaintenance", message)
    if horde.blocked_workers.get(worker.id, 0.0) > time.time():
        message = "The IP address of this worker is in timeout."
        raise ApiError(403, "TimeoutIP", message)


def _offer(horde: HordeState, worker: Worker, body: Json) -> None:
    """Take what the worker offers; queued jobs that no worker could take become possible."""
    offered = tuple(body.get("forms" if worker.kind == "alchemy" else "models", ()))
    new = not worker.external
    changed = new or offered != worker.models
    worker.external = True
    worker.models, worker.model_set = offered, frozenset(offered)
    worker.threads, worker.nsfw = body.get("threads", 1), body.get("nsfw", False)
    worker.max_pixels = body.get("max_pixels", DEFAULT_PIXELS)
    worker.max_length = body.get("max_length", DEFAULT_LENGTH)
    worker.max_context_length = body.get("max_context_length", DEFAULT_CONTEXT)
    if changed:
        pool = horde.worker_pool(worker.kind)
        others = [each for each in pool.workers if each is not worker]
        pool.replace_workers([*others, worker])
