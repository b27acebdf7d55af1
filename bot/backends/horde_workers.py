"""Why no worker takes a request: the limits that the workers announce."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cachetools import TTLCache

from bot.domain.requests import ImageRequest, TextRequest
from bot.errors import BackendError
from bot.horde.workers import Worker, WorkerCalls

log = logging.getLogger(__name__)

FRESH = 30.0  # seconds for which a list is not requested again; the Horde renews it as often
SECONDS = 3.0  # for a list: the receipt of a submit waits for it
NAME_MAX = 60  # characters of a model's name
MEGAPIXEL = 1_000_000


@dataclass(frozen=True, slots=True)
class Need:
    """What a request needs of a worker: the end of "No worker that is online ..."."""

    text: str
    met: Callable[[Worker], bool]


class WorkerLimits:
    """The limits of the workers of one Horde, requested only when no worker takes a request."""

    def __init__(self, client: WorkerCalls) -> None:
        self._client = client
        self._seen: TTLCache[str, tuple[Worker, ...]] = TTLCache(2, FRESH, time.monotonic)

    async def excluding(self, request: ImageRequest | TextRequest) -> tuple[str, ...]:
        """A sentence about what excludes all workers; none if it is not known in a moment."""
        kind = request.kind
        try:
            async with asyncio.timeout(SECONDS):
                if (workers := self._seen.get(kind)) is None:
                    self._seen[kind] = workers = await self._client.list_workers(kind)
        except (BackendError, TimeoutError) as error:
            log.debug("the workers of the Horde are unknown: %s", error)
            return ()
        return tuple(filter(None, [why_no_worker(request, workers)]))


def why_no_worker(request: ImageRequest | TextRequest, workers: Sequence[Worker]) -> str:
    """A sentence about what excludes all workers; "" if that is unknown or a style decides.

    It begins with "No worker", so the card shows it only during the wait.
    """
    if isinstance(request, ImageRequest) and request.style:
        return ""
    online = [each for each in workers if not (each.maintenance_mode or each.paused)]
    left, who = _eligible(request, online)
    if not left:
        return f"No worker {who} takes requests now." if online else ""
    needs = list(_needs(request, left))
    missing = [need.text for need in needs if not any(map(need.met, left))]
    if missing:
        return f"No worker {who} {' or '.join(missing)}."
    if any(all(need.met(each) for need in needs) for each in left):
        return ""
    some = [need.text for need in needs if not all(map(need.met, left))]
    return f"No worker {who} fits all of this: {'; '.join(some)}."


def _eligible(
    request: ImageRequest | TextRequest, online: Sequence[Worker]
) -> tuple[Sequence[Worker], str]:
    """The workers that the requester allows, and a name for them."""
    if not isinstance(request, ImageRequest) or not request.workers:
        return online, "that is online"
    left = [each for each in online if (each.id in request.workers) != request.worker_blacklist]
    return left, "that is left" if request.worker_blacklist else "that was chosen"


def _needs(request: ImageRequest | TextRequest, workers: Sequence[Worker]) -> Iterator[Need]:
    if request.models:
        models, shown = frozenset(request.models), " or ".join(request.models[:3])[:NAME_MAX]
        yield Need(f"has the model {shown}", lambda w: not w.models or bool(models & {*w.models}))
    if isinstance(request, TextRequest):
        yield from _text_needs(request, workers)
        return
    pixels, most = request.width * request.height, max(w.max_pixels for w in workers)
    yield Need(
        f"makes {request.width} x {request.height} (the most is {most / MEGAPIXEL:.1f} megapixels)",
        lambda w: not w.max_pixels or w.max_pixels >= pixels,
    )
    if request.trusted_workers:
        yield Need("is trusted", lambda w: w.trusted)


def _text_needs(request: TextRequest, workers: Sequence[Worker]) -> Iterator[Need]:
    length, context = request.max_length, request.context
    yield Need(
        f"writes {length} tokens (the most is {max(w.max_length for w in workers)})",
        lambda w: not w.max_length or w.max_length >= length,
    )
    yield Need(
        f"reads {context} tokens (the most is {max(w.max_context_length for w in workers)})",
        lambda w: not w.max_context_length or w.max_context_length >= context,
    )
