"""How long a worker may hold a job: docs/horde-api.md#results. Pure."""

import math

from bot.catalog import guessed_facts
from bot.domain.kudos.kudos_rules import counted_steps
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, VideoRequest
from bot.parameters.upfront_kudos import AboutModel

SHORTEST = 150.0  # seconds; also of a text
ALCHEMY = 180.0  # seconds of one form
VIDEO = 900.0  # seconds: the longest call of AI Power Grid and the search for its result
BASE, OF_STEP = 30, 2  # seconds; for each step of a square of SIDE
SIDE = 512
CONTROL_FACTOR, SLOW_FACTOR, EXTRA_SLOW_FACTOR = 2, 3, 3
SLOW = frozenset({"flux", "qwen", "zimage", "krea2", "anima"})  # baselines


def job_limit(request: Request, about: AboutModel = guessed_facts) -> float:
    """Seconds after which the Horde gives a job to another worker, at most.

    A request without a model may get any.
    """
    if isinstance(request, AlchemyRequest):
        return ALCHEMY
    if isinstance(request, VideoRequest):
        return VIDEO
    if not isinstance(request, ImageRequest):
        return SHORTEST
    work = counted_steps(request.sampler, request.steps)
    seconds = BASE + OF_STEP * work * (request.width * request.height / SIDE**2)
    if request.control:
        seconds *= CONTROL_FACTOR
    if not request.models or any(about(name).base in SLOW for name in request.models):
        seconds *= SLOW_FACTOR
    seconds = max(SHORTEST, seconds)
    return math.ceil(seconds * EXTRA_SLOW_FACTOR if request.extra_slow_workers else seconds)
