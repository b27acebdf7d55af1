"""Status endpoints: /generate/check, /generate/status and /generate/text/status."""

import base64
import time
from typing import Any

from aiohttp import web

from sandbox.horde.errors import ApiError, forbidden, json_response
from sandbox.horde.newer import capacity
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.models_and_workers import JobKind
from sandbox.horde.state.requests import Generation, GenerationRequest

Json = dict[str, Any]
DEFAULT_AGENT = "unknown:0:unknown"
CHECK_SECONDS = 1.0  # the cache of check; the key is the path
FIRST_ESTIMATE_AFTER = 1.5  # seconds; before, queue_position and wait_time are 0
POSSIBLE_SECONDS = 60.0  # is_possible is recomputed after this time


class StatusEndpoints:
    """Endpoints that show the status of image and text requests, and cancel them."""

    def __init__(self, horde: HordeState) -> None:
        self._horde = horde

    async def check(self, request: web.Request) -> web.Response:
        """GET /generate/check. Addresses in timeout must send a Client-Agent."""
        left = (
            self._horde.address_timeouts.get(self._horde.client_address(request), 0.0) - time.time()
        )
        if left > 0 and request.headers.get("Client-Agent", DEFAULT_AGENT) == DEFAULT_AGENT:
            raise forbidden("Your client is in timeout. Please send a Client-Agent header.")
        cached = self._horde.response_cache.get(request.path)
        if cached is not None:
            return cached
        found = self._find(request, "image", "Check")
        answer = apply_field_mask(request, self.status_fields(found))
        return self._horde.response_cache.store(request.path, CHECK_SECONDS, answer)

    async def image_status(self, request: web.Request) -> web.Response:
        found = self._find(request, "image", "Status")
        body = {
            "generations": [
                await self.image_generation_json(found, each) for each in found.generations
            ],
            "shared": False,
            **self.status_fields(found),
        }
        return apply_field_mask(request, body)

    async def cancel_image(self, request: web.Request) -> web.Response:
        answer = await self.image_status(request)  # the status before the cancellation
        found = self._find(request, "image", "Status")
        found.jobs = 0
        self._cancel(found)
        return answer

    async def text_status(self, request: web.Request) -> web.Response:
        found = self._find(request, "text", "Status")
        body = {
            "generations": [text_generation_json(each) for each in found.generations],
            **self.status_fields(found),
        }
        return apply_field_mask(request, body)

    async def cancel_text(self, request: web.Request) -> web.Response:
        answer = await self.text_status(request)
        # Unlike with images the number of jobs stays, so the request is never `done`.
        self._cancel(self._find(request, "text", "Status"))
        return answer

    async def rate(self, request: web.Request) -> web.Response:
        """POST /generate/rate/{id}: always refused, because requests are never shared."""
        self._find(request, "image", "Status")
        message = "You can only aesthetically rate requests you have opted to share publicly"
        raise ApiError(400, "AestheticsNotPublic", message)

    async def image_generation_json(
        self, request: GenerationRequest, generation: Generation
    ) -> Json:
        """One delivered image; each call signs a new link."""
        return {
            "img": await self.image_content(request, generation),
            "seed": str(generation.seed),
            "id": generation.id,
            "censored": generation.censored,
            "gen_metadata": generation.metadata,
            "worker_id": generation.worker.id,
            "worker_name": generation.worker.name,
            "model": generation.model,
            "state": "ok",
        }

    async def image_content(self, request: GenerationRequest, generation: Generation) -> str:
        """A link, or base64 with r2=false; "N/A" when the object is missing."""
        if generation.object is None:
            return "N/A"
        if request.r2:
            return self._horde.object_storage.url(generation.object)
        made = await self._horde.object_storage.read(generation.object)
        return "N/A" if made is None else base64.b64encode(made).decode()

    def status_fields(self, request: GenerationRequest) -> Json:
        """The fields that check and status share, with queue position and waiting time."""
        pool = self._horde.worker_pools[request.kind]
        position = pool.position(request)
        wait = self._wait_time(request, position)
        if time.time() - request.created_at < FIRST_ESTIMATE_AFTER and not request.running:
            position = wait = 0
        possible = self._is_possible(request)
        fields = request.status_fields(wait, position, possible=possible)
        if self._horde.settings.newer:
            fields |= capacity.fields(request, position, self._horde.settings.stall_seconds)
        return fields

    def _wait_time(self, request: GenerationRequest, position: int) -> int:
        """The estimated seconds until the request is done: queued jobs and the longest running job.

        The estimate counts down while a job runs. It is wrong by up to the configured share, always
        by the same factor for one request: the real server compares the usual speed of a worker
        with the clock, so a wrong estimate stays wrong until the end.
        """
        share = int(request.id[:8], 16) / 2**32  # pseudo-random and constant
        settings = self._horde.settings
        error_factor = (1 + settings.wait_error * (2 * share - 1)) * settings.wait_factor
        now = time.time()
        running = [
            max(0.0, start + seconds * error_factor - now)
            for start, seconds in request.running_since
        ]
        queued = 0.0
        if request.waiting:
            pool = self._horde.worker_pools[request.kind]
            job = sum(settings.job_seconds) / 2
            # Jobs before it, assuming that the requests before it have as many jobs as it has.
            ahead = max(0, position - 1) + request.waiting
            queued = (job * ahead / max(1, pool.threads) + job) * error_factor
        return round(queued + max(running, default=0.0))

    def _is_possible(self, request: GenerationRequest) -> bool:
        if request.running:
            return True
        now = time.monotonic()
        if now - request.possible_at > POSSIBLE_SECONDS or not self._horde.response_cache.enabled:
            able = self._horde.worker_pools[request.kind].eligible(request)
            request.possible = bool(able)
            request.eligible = len(able), sum(worker.threads for worker in able)
            request.possible_at = now
        return request.possible

    def _cancel(self, request: GenerationRequest) -> None:
        request.cancelled = True
        self._horde.stop_waiting(request)
        if not request.running:
            request.done_at = time.time()

    def _find(self, request: web.Request, kind: JobKind, what: str) -> GenerationRequest:
        wanted = request.match_info["id"]
        found = self._horde.requests.get(wanted)
        if found is None or found.kind != kind:
            title = f"{kind.title()} Waiting Prompt ({what})"
            raise ApiError(404, "RequestNotFound", f"{title} with ID '{wanted}' not found.")
        return found


def text_generation_json(generation: Generation) -> Json:
    return {
        "text": generation.text,
        "seed": generation.seed,
        "gen_metadata": generation.metadata,
        "worker_id": generation.worker.id,
        "worker_name": generation.worker.name,
        "model": generation.model,
        "state": generation.state,
    }


def apply_field_mask(request: web.Request, body: Json) -> web.Response:
    """The response, reduced to the fields that the X-Fields header names (top level only)."""
    wanted = request.headers.get("X-Fields")
    if wanted:
        names = {name.strip() for name in wanted.strip("{} ").split(",")}
        body = {key: value for key, value in body.items() if key in names or "*" in names}
    return json_response(body)
