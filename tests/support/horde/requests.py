"""Requests to try, and how to follow them until they are over."""

import asyncio

from bot.backends.base import Backend
from bot.domain.request_images import Pictures
from bot.domain.requests import (
    AlchemyRequest,
    ImageRequest,
    Kind,
    Request,
    Source,
    TextRequest,
    build,
)
from bot.domain.results import Phase, Status
from tests.support.builders import png
from tests.support.credentials import RICH


def image(prompt: str = "a lighthouse", n: int = 1) -> ImageRequest:
    return build(ImageRequest, prompt=prompt, n=n, width=256, height=256, steps=10)


def text(prompt: str = "Once upon a time", n: int = 1) -> TextRequest:
    return build(TextRequest, prompt=prompt, max_length=60, n=n)


def alchemy(*forms: str) -> AlchemyRequest:
    return build(AlchemyRequest, source=Source(url="https://x.test/"), forms=forms, withhold=False)


async def outcome_of(backend: Backend, remote_id: str, request: Request) -> Status:
    """Look until it is over; an end that is only likely must be seen twice."""
    twice = False
    async with asyncio.timeout(20):
        while True:
            kind = Kind(request.kind)
            status = await backend.status(remote_id, kind, n=request.count)
            if not status.phase.is_open and (status.settled or twice):
                return status
            twice = not status.phase.is_open
            await asyncio.sleep(0.02)


async def begun(backend: Backend, remote_id: str) -> None:
    """Look until a worker has taken it."""
    async with asyncio.timeout(20):
        while True:
            status = await backend.status(remote_id, Kind.IMAGE, n=1)
            if status.phase is Phase.PROCESSING:
                return
            await asyncio.sleep(0.02)


async def finished_request(backend: Backend, request: Request) -> Status:
    receipt = await backend.submit(request, RICH, pictures=Pictures(png(64, 48)))
    return await outcome_of(backend, receipt.remote_id, request)


LIGHTHOUSE_REQUEST = build(ImageRequest, prompt="a lighthouse")
ONCE_REQUEST = build(TextRequest, prompt="Once")
LINKED_CAPTION_REQUEST = build(
    AlchemyRequest, source=Source(url="https://cdn.example.net/x"), forms=("caption",)
)
