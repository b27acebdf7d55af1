"""GET /generate/check, GET and DELETE /generate/status and /generate/text/status."""

import base64
import time
from typing import Any

from aiohttp import web

from sandbox.horde.errors import Problem, forbidden, json_response
from sandbox.horde.state.horde_state import Horde
from sandbox.horde.state.models_and_workers import Kind
from sandbox.horde.state.requests import Generation, Request

Json = dict[str, Any]
DEFAULT_AGENT = "unknown:0:unknown"
CHECK_SECONDS = 1.0  # the cache of check, keyed by the path alone
FIRST_ESTIMATE_AFTER = 1.5  # before that queue_position and wait_time are 0
VERDICT_SECONDS = 60.0  # is_possible is looked at again after this time


class StatusDesk:
    """Says how image and text requests are getting on, and cancels them."""

    def __init__(self, horde: Horde) -> None:
        self._horde = horde

    async def check(self, request: web.Request) -> web.Response:
        """Addresses in timeout that do not say who they are get nothing, even from the cache."""
        left = self._horde.timeouts.get(self._horde.address_of(request), 0.0) - time.time()
        if left > 0 and request.headers.get("Client-Agent", DEFAULT_AGENT) == DEFAULT_AGENT:
            raise forbidden("Your client is in timeout. Please send a Client-Agent header.")
        kept = self._horde.caches.get(request.path)
        if kept is not None:
            return kept
        found = self._find(request, "image", "Check")
        answer = masked(request, self.counters(found))
        return self._horde.caches.keep(request.path, CHECK_SECONDS, answer)

    async def image_status(self, request: web.Request) -> web.Response:
        found = self._find(request, "image", "Status")
        body = {
            "generations": [await self.shown(found, each) for each in found.generations],
            "shared": False,
            **self.counters(found),
        }
        return masked(request, body)

    async def cancel_image(self, request: web.Request) -> web.Response:
        answer = await self.image_status(request)  # as it was before
        found = self._find(request, "image", "Status")
        found.jobs = 0
        self._cancel(found)
        return answer

    async def text_status(self, request: web.Request) -> web.Response:
        found = self._find(request, "text", "Status")
        body = {
            "generations": [text_shown(each) for each in found.generations],
            **self.counters(found),
        }
        return masked(request, body)

    async def cancel_text(self, request: web.Request) -> web.Response:
        answer = await self.text_status(request)
        # Unlike with images the number of jobs stays, so it will never be `done`.
        self._cancel(self._find(request, "text", "Status"))
        return answer

    async def rate(self, request: web.Request) -> web.Response:
        """POST /generate/rate/{id}: sharing is always off, so nothing can be rated."""
        self._find(request, "image", "Status")
        message = "You can only aesthetically rate requests you have opted to share publicly"
        raise Problem(400, "AestheticsNotPublic", message)

    async def shown(self, request: Request, generation: Generation) -> Json:
        """One delivered picture; its link is signed anew every time."""
        return {
            "img": await self.picture(request, generation),
            "seed": str(generation.seed),
            "id": generation.id,
            "censored": generation.censored,
            "gen_metadata": generation.metadata,
            "worker_id": generation.worker.id,
            "worker_name": generation.worker.name,
            "model": generation.model,
            "state": "ok",
        }

    async def picture(self, request: Request, generation: Generation) -> str:
        """A link, or base64 with r2=false; "N/A" where the object is missing."""
        if generation.object is None:
            return "N/A"
        if request.r2:
            return self._horde.gallery.url(generation.object)
        made = await self._horde.gallery.bytes_of(generation.object)
        return "N/A" if made is None else base64.b64encode(made).decode()

    def counters(self, request: Request) -> Json:
        """What check and status share, with place and waiting time guessed as of now."""
        pool = self._horde.pools[request.kind]
        position = pool.position(request)
        wait = self._wait_time(request, position)
        if time.time() - request.created_at < FIRST_ESTIMATE_AFTER and not request.running:
            position = wait = 0
        return request.counters(wait, position, possible=self._possible(request))

    def _wait_time(self, request: Request, position: int) -> int:
        """Seconds until all of it is made: what is in front of it, and the longest that runs.

        Counts down while a worker has it, and is off by the configured share of the whole, always
        the same way for one request: the real server compares a worker's usual speed with the
        clock, so an estimate that was wrong at first is still wrong at the end.
        """
        share = int(request.id[:8], 16) / 2**32  # as good as a random number, and stays the same
        wrong = 1 + self._horde.knobs.wait_error * (2 * share - 1)
        now = time.time()
        running = [max(0.0, begun + seconds * wrong - now) for begun, seconds in request.spans]
        queued = 0.0
        if request.waiting:
            pool = self._horde.pools[request.kind]
            job = sum(self._horde.knobs.job_seconds) / 2
            # Jobs in front: those of the requests before it, about as many each as it has itself.
            ahead = max(0, position - 1) + request.waiting
            queued = (job * ahead / max(1, pool.threads) + job) * wrong
        return round(queued + max(running, default=0.0))

    def _possible(self, request: Request) -> bool:
        if request.running:
            return True
        now = time.monotonic()
        if now - request.possible_at > VERDICT_SECONDS or not self._horde.caches.enabled:
            request.possible = self._horde.pools[request.kind].possible(request)
            request.possible_at = now
        return request.possible

    def _cancel(self, request: Request) -> None:
        request.cancelled = True
        self._horde.withdraw(request)
        if not request.running:
            request.done_at = time.time()

    def _find(self, request: web.Request, kind: Kind, what: str) -> Request:
        wanted = request.match_info["id"]
        found = self._horde.requests.get(wanted)
        if found is None or found.kind != kind:
            title = f"{kind.title()} Waiting Prompt ({what})"
            raise Problem(404, "RequestNotFound", f"{title} with ID '{wanted}' not found.")
        return found


def text_shown(generation: Generation) -> Json:
    return {
        "text": generation.text,
        "seed": generation.seed,
        "gen_metadata": generation.metadata,
        "worker_id": generation.worker.id,
        "worker_name": generation.worker.name,
        "model": generation.model,
        "state": generation.state,
    }


def masked(request: web.Request, body: Json) -> web.Response:
    """The answer, cut down to the fields that the X-Fields header names (top level only)."""
    wanted = request.headers.get("X-Fields")
    if wanted:
        names = {name.strip() for name in wanted.strip("{} ").split(",")}
        body = {key: value for key, value in body.items() if key in names or "*" in names}
    return json_response(body)
