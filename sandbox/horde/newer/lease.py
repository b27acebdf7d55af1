"""How long a worker may hold a job, by the server's formula."""

import math

from sandbox.horde.newer.baselines import BASELINES
from sandbox.horde.newer.samplers import SAMPLERS

SHORTEST = 150  # seconds; the limit of a text job, too
EXTRA_SLOW_FACTOR = 3


def image_seconds(
    width: int,
    height: int,
    steps: int,
    *,
    sampler: str,
    control: bool,
    baseline: str,
    by_work: bool,
) -> int:
    """The limit of an image job in seconds; a job that takes longer counts as failed.

    `by_work`: the newer server counts the work of the sampler, the older one the steps.
    """
    work = SAMPLERS[sampler].work(steps) if by_work else steps
    seconds = 30 + 2 * work * (width * height / 512**2)
    if control:
        seconds *= 2
    family = BASELINES.get(baseline)
    if family is not None:
        seconds *= family.ttl
    return math.ceil(max(SHORTEST, seconds))
