"""What a shared key does right now, for its owner."""

import time
from typing import Any

from sandbox.horde.state.accounts import SharedKey
from sandbox.horde.state.horde_state import HordeState
from sandbox.horde.state.requests import GenerationRequest


def active_usage(horde: HordeState, key: SharedKey) -> dict[str, Any]:
    """Counts of requests with queued or processing work, for images and texts."""
    busy = [
        request
        for request in horde.requests.values()
        if request.shared_key is key and request.active and not _ended(request)
    ]
    return {
        kind: _counts([request for request in busy if request.kind == kind])
        for kind in ("image", "text")
    }


def _ended(request: GenerationRequest) -> bool:
    return request.done or request.cancelled or not (request.waiting or request.running)


def _counts(requests: list[GenerationRequest]) -> dict[str, int]:
    oldest = min((each.created_at for each in requests if each.waiting), default=time.time())
    return {
        "requests": len(requests),
        "queued": sum(each.waiting for each in requests),
        "processing": sum(each.running for each in requests),
        "finished": sum(len(each.generations) for each in requests),
        "oldest_queued_age": int(time.time() - oldest),
    }
