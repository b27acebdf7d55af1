"""When the Horde wants to see kudos before it takes a picture. Pure (HORDE 3.3).

Without them it makes the picture smaller (`allow_downgrade`) or refuses it.
"""

from enum import StrEnum

from bot.catalog import baseline
from bot.requests import ImageRequest

FREE_MIN, FREE_MAX = 576, 1024  # the side of the free square moves between these with the load
STEPS_MAX = 40
LCM_STEPS_MAX = 10
SECOND_ORDER = frozenset({"k_heun", "k_dpm_2", "k_dpm_2_a", "k_dpmpp_2s_a", "k_dpmpp_sde"})
_FLOORS = {"sd2": 768, "sdxl": 1024, "cascade": 1024, "flux": 1024}  # whatever the load


class Need(StrEnum):
    """What about a picture asks for kudos in hand."""

    SIZE = "size"
    STEPS = "steps"


def needs(request: ImageRequest, side: int) -> tuple[Need, ...]:
    """What asks for kudos in hand; empty when nothing does. `side`: of the free square, now."""
    size = request.width * request.height
    found = [Need.SIZE] if size > largest_free(request, side) ** 2 else []
    if _too_many_steps(request):
        found.append(Need.STEPS)
    return tuple(found)


def largest_free(request: ImageRequest, side: int) -> int:
    """The side of the square that goes without kudos with its models, in pixels."""
    return max([side, *(_FLOORS.get(baseline(model), 0) for model in request.models)])


def steps_free(request: ImageRequest) -> int:
    """How many steps go without kudos with its sampler."""
    if request.sampler == "lcm":
        return LCM_STEPS_MAX
    return STEPS_MAX // 2 if request.sampler in SECOND_ORDER else STEPS_MAX


def _too_many_steps(request: ImageRequest) -> bool:
    if request.sampler == "k_dpm_adaptive":  # counts as 40, whatever is asked for
        return False
    without_models = not request.models and request.sampler != "lcm"  # then nobody looks
    return request.steps > steps_free(request) and not without_models
