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
from bot.i18n import N_, _
from bot.i18n.formats import list_or, number

log = logging.getLogger(__name__)

FRESH = 30.0  # seconds for which a list is not requested again; the Horde renews it as often
SECONDS = 3.0  # for a list: the receipt of a submit waits for it
NAME_MAX = 60  # characters of a model's name
MEGAPIXEL = 1_000_000


@dataclass(frozen=True, slots=True)
class WorkerNeed:
    """What a request needs of a worker, as a label."""

    text: str
    met: Callable[[Worker], bool]


@dataclass(frozen=True, slots=True)
class Sentences:
    """About workers: none of them is there, none meets a need, none meets all needs."""

    none_left: str
    none_meets: str
    none_meets_all: str


ONLINE = Sentences(
    N_("No worker is online."),
    N_("No online worker offers: {needs}."),
    N_("No online worker offers all of this: {needs}."),
)
CHOSEN = Sentences(
    N_("The chosen workers do not accept requests at the moment."),
    N_("No chosen worker offers: {needs}."),
    N_("No chosen worker offers all of this: {needs}."),
)
OTHERS = Sentences(
    N_("No other worker accepts requests at the moment."),
    N_("No other worker offers: {needs}."),
    N_("No other worker offers all of this: {needs}."),
)


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
    """A sentence about what excludes all workers; "" if that is unknown or a style decides."""
    if isinstance(request, ImageRequest) and request.style:
        return ""
    online = [each for each in workers if not (each.maintenance_mode or each.paused)]
    left, sentences = _eligible(request, online)
    if not left:
        return _(sentences.none_left) if online else ""
    needs = list(_needs(request, left))
    missing = [need.text for need in needs if not any(map(need.met, left))]
    if missing:
        return _(sentences.none_meets).format(needs="; ".join(missing))
    if any(all(need.met(each) for need in needs) for each in left):
        return ""
    some = [need.text for need in needs if not all(map(need.met, left))]
    return _(sentences.none_meets_all).format(needs="; ".join(some))


def _eligible(
    request: ImageRequest | TextRequest, online: Sequence[Worker]
) -> tuple[Sequence[Worker], Sentences]:
    """The workers that the requester allows, and the sentences about them."""
    if not isinstance(request, ImageRequest) or not request.workers:
        return online, ONLINE
    left = [each for each in online if (each.id in request.workers) != request.worker_blacklist]
    return left, OTHERS if request.worker_blacklist else CHOSEN


def _needs(request: ImageRequest | TextRequest, workers: Sequence[Worker]) -> Iterator[WorkerNeed]:
    if request.models:
        models, shown = frozenset(request.models), list_or(request.models[:3])[:NAME_MAX]
        text = _("the model {model}").format(model=shown)
        yield WorkerNeed(text, lambda w: not w.models or bool(models & {*w.models}))
    if isinstance(request, TextRequest):
        yield from _text_needs(request, workers)
        return
    pixels, most = request.width * request.height, max(w.max_pixels for w in workers)
    text = _("{width} x {height} pixels (maximum: {most} megapixels)").format(
        width=request.width, height=request.height, most=number(round(most / MEGAPIXEL, 1))
    )
    yield WorkerNeed(text, lambda w: not w.max_pixels or w.max_pixels >= pixels)
    if request.trusted_workers:
        yield WorkerNeed(_("trusted workers"), lambda w: w.trusted)


def _text_needs(request: TextRequest, workers: Sequence[Worker]) -> Iterator[WorkerNeed]:
    length, context = request.max_length, request.context
    most = max(w.max_length for w in workers)
    text = _("a text of {count} tokens (maximum: {most})")
    yield WorkerNeed(
        text.format(count=number(length), most=number(most)),
        lambda w: not w.max_length or w.max_length >= length,
    )
    most = max(w.max_context_length for w in workers)
    text = _("a context of {count} tokens (maximum: {most})")
    yield WorkerNeed(
        text.format(count=number(context), most=number(most)),
        lambda w: not w.max_context_length or w.max_context_length >= context,
    )
