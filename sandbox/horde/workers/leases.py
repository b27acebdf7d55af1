"""How long a worker holds a job, and what it must be able to do for it."""

from typing import Any

from sandbox.horde.newer import control_types, lease
from sandbox.horde.newer.samplers import LEGACY_SAMPLERS
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import GenerationRequest
from sandbox.horde.validation.image_rules import baseline

_EXTENDED = ("scheduler", "sampler_solver_type", "flow_shift", "control_strength")


def lease_seconds(horde: HordeState, request: GenerationRequest, model: str) -> float:
    """The limit of one job in seconds, shortened by the setting `lease_factor`."""
    seconds = lease.SHORTEST
    if request.kind == "image":
        seconds = lease.image_seconds(
            request.width,
            request.height,
            request.steps,
            sampler=request.payload.get("sampler_name", "k_euler_a"),
            control="control_type" in request.payload,
            baseline=baseline(model),
            by_work=horde.settings.newer,
        )
    return seconds * horde.settings.lease_factor


def needs_extended(payload: dict[str, Any]) -> bool:
    """Whether the request needs a worker of the releases that know the newer parameters."""
    return (
        payload.get("sampler_name", "k_euler_a") not in LEGACY_SAMPLERS
        or payload.get("control_type", "canny") not in control_types.LEGACY
        or any(name in payload for name in _EXTENDED)
        or any(name.startswith("sampler_") and name != "sampler_name" for name in payload)
    )
