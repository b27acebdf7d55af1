"""The live numbers of models: workers, queue and past uses."""

import time
from collections.abc import Callable
from typing import Any

from sandbox.horde.state.horde_state import HordeState
from sandbox.reference.model_host.records import bare_name
from sandbox.reference.model_host.search import InvalidQuery

Json = dict[str, Any]
PERIODS = ("day", "month", "total")
METRICS = ("worker_count", *(f"usage_{period}" for period in PERIODS))


def live_stats(horde: HordeState, kind: str) -> Callable[[str], Json]:
    """A function from the name of a model to its numbers; a text model without its backend."""
    pool = horde.worker_pools[kind]
    served = [(bare_name(model), worker) for worker in pool.workers for model in worker.models]
    queued = [bare_name(model) for request in pool.queue for model in request.models]
    results = {bare_name(name): count for name, count in horde.results_by_model.items()}

    def stats(name: str) -> Json:
        used = results.get(name, 0)
        return {
            "worker_count": sum(model == name for model, _ in served),
            "queued_jobs": queued.count(name),
            "performance": 1.0,
            "eta": 0,
            "queued": queued.count(name),
            "usage_stats": {"day": used, "month": used, "total": used},
            "observed_at": int(time.time()),
        }

    return stats


def popularity(stats: Json, metric: str) -> int:
    """The number by which models are ranked. Raises InvalidQuery for another metric."""
    if metric not in METRICS:
        raise InvalidQuery(f"sort_by must be one of {', '.join(METRICS)}")
    if metric == "worker_count":
        return stats["worker_count"]
    return stats["usage_stats"][metric.removeprefix("usage_")]
