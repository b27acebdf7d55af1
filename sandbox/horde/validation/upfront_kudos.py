"""Kudos in advance for images, and downgrades without them.

As AI Horde 5.1.5 does it: docs/horde-api.md#kudos-in-advance. The two limits differ, and a
downgrade always applies all of its own: docs/horde-api.md#downgrades.
"""

from dataclasses import dataclass
from typing import Any

from sandbox.horde.errors import ApiError, internal_error
from sandbox.horde.newer.samplers import ADAPTIVE, SAMPLERS
from sandbox.horde.state.models_and_workers import CASCADE, FLUX, IMAGE_MODELS, XL
from sandbox.horde.validation.image_rules import baseline

Json = dict[str, Any]
FREE_STEPS = 40  # of a model without a limit of its own
DOWNGRADED_STEPS = 30  # the same after a downgrade
CONTROL_STEPS, LCM_STEPS = 20, 10
FEWEST_STEPS = 4  # a downgrade stops there
LEAST_SIDE, MOST_SIDE = 576, 1024
SMALLEST_AREA = 512 * 512
LCM_LORAS = ("195519", "216190", "324115")
LCM_LORA_VERSIONS = ("246747", "247778", "268475", "243643", "225222", "219782", "363353")


@dataclass(frozen=True, slots=True)
class FreeSize:
    """The side of the square that needs no kudos; `unlimited`: the same before it is limited."""

    side: int
    unlimited: int


def free_size(models: list[str], threads: int, queued: int) -> FreeSize:
    """The free square for these models at this load."""
    unlimited = 1024 + 10 * threads - round(0.9 * queued)
    side = min(MOST_SIDE, max(LEAST_SIDE, unlimited))
    if any(baseline(name) in (XL, CASCADE, FLUX) for name in models):
        side = MOST_SIDE
    return FreeSize(side, unlimited)


def needs_upfront_kudos(body: Json, params: Json, models: list[str], free: FreeSize) -> bool:
    """Whether the account needs the kudos beforehand."""
    steps = effective_steps(params)
    return (
        not body.get("slow_workers", True)
        or (_uses_lcm(params) and steps > LCM_STEPS)
        or any(_max_steps(name, FREE_STEPS) < steps for name in models)
        or int(params["width"]) * int(params["height"]) > free.side**2
        or ("control_type" in params and steps > CONTROL_STEPS)
    )


def effective_steps(params: Json) -> int:
    """The steps as the server counts them."""
    return SAMPLERS[params.get("sampler_name", "k_euler_a")].work(int(params["steps"]))


def downgrade(body: Json, params: Json, models: list[str], free: FreeSize) -> None:
    """Reduce size and steps as the server does for an account without the kudos.

    A wish for fast workers is dropped; the size is then measured by the unlimited side. Raises
    ApiError (a 500) without models, as the server does.
    """
    if not models:
        raise internal_error()
    _shrink(params, free.side if body.get("slow_workers", True) else free.unlimited)
    body["slow_workers"] = True
    most = min(_max_steps(name, DOWNGRADED_STEPS) for name in models)
    most = CONTROL_STEPS if "control_type" in params else most
    most = LCM_STEPS if _uses_lcm(params) else most
    while effective_steps(params) > most and int(params["steps"]) > FEWEST_STEPS:
        params["steps"] = int(params["steps"]) - 1


def _shrink(params: Json, side: int) -> None:
    width, height, most = int(params["width"]), int(params["height"]), side**2
    if width * height <= most:
        return
    scale = (most / (width * height)) ** 0.5
    width, height = int(width * scale) // 64 * 64, int(height * scale) // 64 * 64
    if width * height < SMALLEST_AREA:
        width = height = 512
    params["width"], params["height"] = width, height


def _max_steps(name: str, default: int) -> int:
    model = IMAGE_MODELS.get(name)
    return model.steps[1] if model is not None and model.steps else default


def _uses_lcm(params: Json) -> bool:
    return params.get("sampler_name") == "lcm" or any(
        lora["name"] in (LCM_LORA_VERSIONS if lora.get("is_version") else LCM_LORAS)
        for lora in params.get("loras", ())
    )


def kudos_upfront_error(free: FreeSize, needed: float) -> ApiError:
    """The refusal, which holds the exact price."""
    return ApiError(
        403,
        "KudosUpfront",
        f"Due to heavy demand, for requests over {free.side}x{free.side} or over 50 steps (10 "
        "steps for LCM work, 30 steps for Stable Cascade, and half those steps for k_heun, "
        "dpmpp_sde, and dpm_2*) the client needs to already have the required kudos. "
        f"This request requires {needed:.2f} kudos to fulfil.",
    )


def can_shrink(params: Json) -> bool:
    """Whether fewer steps are less work; the newer server refuses a downgrade otherwise."""
    return params.get("sampler_name") != ADAPTIVE
