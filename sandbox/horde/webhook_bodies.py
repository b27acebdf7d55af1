"""The request bodies of webhooks."""

from sandbox.horde.endpoints.status_endpoints import StatusEndpoints
from sandbox.horde.state.models_and_workers import Worker
from sandbox.horde.state.requests import AlchemyForm, Generation, GenerationRequest, Json


class WebhookBodies:
    """Builds the body of a webhook for a delivered result."""

    def __init__(self, statuses: StatusEndpoints) -> None:
        self._statuses = statuses

    async def image(
        self, request: GenerationRequest, generation: Generation, worker: Worker
    ) -> Json:
        shown = await self._statuses.image_generation_json(request, generation)
        del shown["state"]
        # In webhooks the seed is a number, elsewhere a string.
        return shown | {"seed": generation.seed, **_request_fields(request, worker)}

    async def text(
        self, request: GenerationRequest, generation: Generation, worker: Worker
    ) -> Json:
        return {
            "text": generation.text,
            "seed": generation.seed,
            "worker_id": worker.id,
            "worker_name": worker.name,
            "model": generation.model,
            "id": generation.id,
            "state": generation.state,
            "gen_metadata": generation.metadata,
            **_request_fields(request, worker),
        }

    @staticmethod
    def form(form: AlchemyForm, worker: Worker, kudos: float) -> Json:
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


def _request_fields(request: GenerationRequest, worker: Worker) -> Json:
    return {
        "worker_id": worker.id,
        "worker_name": worker.name,
        "request": request.id,
        "kudos": round(request.price, 2),
    }
