"""The routes of workers."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.horde.job_endpoints.alchemy_jobs import AlchemyJobs
from sandbox.horde.job_endpoints.generation_jobs import GenerationJobs
from sandbox.horde.state.horde_state import HordeState


def job_routes(
    horde: HordeState,
) -> dict[str, Callable[[web.Request], Awaitable[web.StreamResponse]]]:
    """Handlers by method and path."""
    images, texts = GenerationJobs(horde, "image"), GenerationJobs(horde, "text")
    alchemy = AlchemyJobs(horde)
    return {
        "POST /generate/pop": images.pop,
        "POST /generate/submit": images.submit,
        "POST /generate/text/pop": texts.pop,
        "POST /generate/text/submit": texts.submit,
        "POST /interrogate/pop": alchemy.pop,
        "POST /interrogate/submit": alchemy.submit,
    }
