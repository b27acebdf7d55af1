"""The bodies of webhook calls."""

from sandbox.horde.endpoints.status_endpoints import StatusDesk
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import Form, Generation, Json, Request


class Notices:
    """Describes a delivered result to a webhook."""

    def __init__(self, desk: StatusDesk) -> None:
        self._desk = desk

    async def image(self, request: Request, generation: Generation, worker: Worker) -> Json:
        shown = await self._desk.shown(request, generation)
        del shown["state"]
        # Here the seed is a number, which it is nowhere else.
        return shown | {"seed": generation.seed, **_tail(request, worker)}

    async def text(self, request: Request, generation: Generation, worker: Worker) -> Json:
        return {
            "text": generation.text,
            "seed": generation.seed,
            "worker_id": worker.id,
            "worker_name": worker.name,
            "model": generation.model,
            "id": generation.id,
            "state": generation.state,
            "gen_metadata": generation.metadata,
            **_tail(request, worker),
        }

    @staticmethod
    def form(form: Form, worker: Worker, kudos: float) -> Json:
        return {
            "form": form.name,
            "state": "done",
            "result": form.result,
            "worker_id": worker.id,
            "worker_name": worker.name,
            "request": form.request.id,
            "id": form.id,
            "kudos": kudos,
        }


def _tail(request: Request, worker: Worker) -> Json:
    return {
        "worker_id": worker.id,
        "worker_name": worker.name,
        "request": request.id,
        "kudos": round(request.price, 2),
    }
