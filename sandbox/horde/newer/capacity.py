"""What the newer server adds to a status: eligible workers, and whether the request might stall."""

import time
from typing import Any

from sandbox.horde.state.requests import GenerationRequest


def fields(request: GenerationRequest, position: int, window: float) -> dict[str, Any]:
    """The three fields. `window`: seconds in which the request is observed."""
    workers, threads = request.eligible
    return {
        "eligible_workers": workers,
        "eligible_worker_threads": threads,
        "might_stall": _might_stall(request, position, window),
    }


def _might_stall(request: GenerationRequest, position: int, window: float) -> bool:
    """Whether later requests passed it in both halves of the window, and nothing of it runs."""
    if not request.waiting or request.running or not request.possible:
        request.positions.clear()
        return False
    if request.behaviour is not None and request.behaviour.name == "stall":
        return True
    now = time.time()
    request.positions.append((now, position))
    while len(request.positions) > 1 and request.positions[1][0] <= now - window:
        del request.positions[0]
    start, first = request.positions[0]
    if now - start < window:
        return False
    middle = next(at for moment, at in request.positions if moment >= now - window / 2)
    return first < middle < position
