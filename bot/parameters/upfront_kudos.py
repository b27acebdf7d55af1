"""When the Horde needs kudos in advance, and how it downgrades a request without them. Pure.

docs/horde-api.md#kudos-in-advance, docs/horde-api.md#downgrades.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from math import sqrt

from bot.catalog import ModelFacts, guessed_facts
from bot.domain.kudos.kudos_rules import (
    CONTROL_STEPS,
    CUT_MODEL_STEPS,
    LCM,
    LCM_LORA_VERSIONS,
    LCM_LORAS,
    LCM_STEPS,
    counted_steps,
    cut_steps,
    free_steps,
)
from bot.domain.requests import SIDE_STEP, ImageRequest, TextRequest
from bot.domain.results import Cut

FREE_MIN, FREE_MAX = 576, 1024  # the side of the free square varies between these with the load
TOKENS_MIN, TOKENS_MAX = 256, 512  # of a text, likewise
SMALLEST = 512  # pixels: a downgrade leaves at least this square
AboutModel = Callable[[str], ModelFacts]  # facts about the model of that name
_FLOOR = frozenset({"sdxl", "cascade", "flux"})  # baselines with FREE_MAX under any load


class Need(StrEnum):
    """Why a picture needs kudos in advance."""

    SIZE = "size"
    STEPS = "steps"
    WORKERS = "workers"


def needs(request: ImageRequest, side: int, about: AboutModel = guessed_facts) -> tuple[Need, ...]:
    """The reasons; empty for none. `side`: of the square that is free now."""
    size = request.width * request.height
    found = [Need.SIZE] if size > largest_free(request, side, about) ** 2 else []
    if counted_steps(request.sampler, request.steps) > _counted_free(request, about):
        found.append(Need.STEPS)
    if not request.slow_workers:
        found.append(Need.WORKERS)
    return tuple(found)


def largest_free(request: ImageRequest, side: int, about: AboutModel = guessed_facts) -> int:
    """Side of the largest square that needs no kudos with its models, in pixels."""
    return free_square(request.models, side, about)


def free_square(models: Iterable[str], side: int, about: AboutModel = guessed_facts) -> int:
    """The same for those models. `side`: of the square that is free now."""
    return FREE_MAX if any(about(name).base in _FLOOR for name in models) else side


def steps_free(request: ImageRequest, about: AboutModel = guessed_facts) -> int:
    """The most steps that need no kudos with its sampler and models; 0 for none."""
    return free_steps(request.sampler, _counted_free(request, about))


def usual_steps(request: ImageRequest, about: AboutModel = guessed_facts) -> int:
    """Its default steps, lowered to those that need no kudos if possible.

    A chosen sampler, control type or LoRA may count them twice or limit them.
    """
    return min(request.steps, steps_free(request, about) or request.steps)


def cut_of(request: ImageRequest, side: int, about: AboutModel = guessed_facts) -> Cut:
    """The downgrade of a picture without kudos. `side`: of the square that is free now.

    All limits apply, whatever needed the kudos. A request without slow workers is measured by
    another square, which only the Horde knows: its size stays.
    """
    most = min(
        (about(name).steps_max or CUT_MODEL_STEPS for name in request.models),
        default=CUT_MODEL_STEPS,
    )
    most = CONTROL_STEPS if request.control else most
    most = LCM_STEPS if _uses_lcm(request) else most
    width, height = request.width, request.height
    if request.slow_workers:
        width, height = _within(width, height, largest_free(request, side, about))
    steps = cut_steps(request.sampler, request.steps, most)
    return Cut(width=width, height=height, steps=steps, slow_workers=not request.slow_workers)


def tokens_cut(request: TextRequest, most: int) -> Cut | None:
    """The downgrade of a text: `most` tokens need no kudos now. None without one."""
    return Cut(max_length=most) if request.max_length > most else None


def _counted_free(request: ImageRequest, about: AboutModel) -> int:
    """Counted steps that need no kudos."""
    limits = [about(name).steps_free for name in request.models]
    limits += [LCM_STEPS] if _uses_lcm(request) else []
    limits += [CONTROL_STEPS] if request.control else []
    return min(limits, default=1_000)


def _uses_lcm(request: ImageRequest) -> bool:
    return request.sampler == LCM or any(
        lora.name in (LCM_LORA_VERSIONS if lora.is_version else LCM_LORAS) for lora in request.loras
    )


def _within(width: int, height: int, side: int) -> tuple[int, int]:
    """The sides, scaled down to a square's area as the Horde does it."""
    if width * height <= side**2:
        return width, height
    scale = sqrt(side**2 / (width * height))
    width = int(width * scale) // SIDE_STEP * SIDE_STEP
    height = int(height * scale) // SIDE_STEP * SIDE_STEP
    return (width, height) if width * height >= SMALLEST**2 else (SMALLEST, SMALLEST)
