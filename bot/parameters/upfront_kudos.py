"""When the Horde wants to see kudos before it takes a picture. Pure (HORDE 3.3).

Without them it makes the picture smaller (`allow_downgrade`) or refuses it.
"""

from collections.abc import Callable
from enum import StrEnum

from bot.catalog import Baseline, baseline
from bot.domain.requests import ImageRequest

FREE_MIN, FREE_MAX = 576, 1024  # the side of the free square moves between these with the load
STEPS_MAX = 40
LCM_STEPS_MAX = 10
CONTROL_STEPS_MAX = 20
SECOND_ORDER = frozenset({"k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"})
BaseOf = Callable[[str], Baseline]  # what the model of that name is built on
_FLOORS = {"sd2": 768, "sdxl": 1024, "cascade": 1024, "flux": 1024}  # whatever the load


class Need(StrEnum):
    """What about a picture asks for kudos in hand."""

    SIZE = "size"
    STEPS = "steps"
    WORKERS = "workers"


def needs(request: ImageRequest, side: int, base: BaseOf = baseline) -> tuple[Need, ...]:
    """What asks for kudos in hand; empty when nothing does. `side`: of the free square, now."""
    size = request.width * request.height
    found = [Need.SIZE] if size > largest_free(request, side, base) ** 2 else []
    if _too_many_steps(request):
        found.append(Need.STEPS)
    if not request.slow_workers:
        found.append(Need.WORKERS)
    return tuple(found)


def largest_free(request: ImageRequest, side: int, base: BaseOf = baseline) -> int:
    """The side of the square that goes without kudos with its models, in pixels."""
    return max([side, *(_FLOORS.get(base(model), 0) for model in request.models)])


def steps_free(request: ImageRequest) -> int:
    """How many steps go without kudos with its sampler."""
    if request.sampler == "lcm":
        return LCM_STEPS_MAX
    most = STEPS_MAX // 2 if request.sampler in SECOND_ORDER else STEPS_MAX
    return min(most, CONTROL_STEPS_MAX) if request.control else most


def _too_many_steps(request: ImageRequest) -> bool:
    if request.control and request.steps > CONTROL_STEPS_MAX:  # with any sampler and model
        return True
    if request.sampler == "k_dpm_adaptive":  # counts as 40, whatever is asked for
        return False
    without_models = not request.models and request.sampler != "lcm"  # then nobody looks
    return request.steps > steps_free(request) and not without_models
