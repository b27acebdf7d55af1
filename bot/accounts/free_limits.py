"""What needs no kudos in advance at a backend now: it changes with the load of the backend."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

from bot.backends.base import Backend
from bot.domain.requests import AlchemyRequest, ImageRequest, Request, TextRequest, VideoRequest
from bot.errors import BackendError
from bot.parameters.upfront_kudos import FREE_MIN, TOKENS_MIN, AboutModel, needs

log = logging.getLogger(__name__)
WAIT = 1.0  # seconds that a request waits for the load
KEPT_FOR = 60.0  # seconds; the Horde counts its own load once a minute


class FreeLimits:
    """The free limits of one backend, asked for at most once a minute."""

    def __init__(self, backend: Backend) -> None:
        self._side = _Limit(backend.free_side)
        self._tokens = _Limit(backend.free_tokens)

    async def side(self) -> int:
        """The side of the free square; the smallest where that is unknown."""
        return await self.known_side() or FREE_MIN

    async def known_side(self) -> int | None:
        """The side of the free square, None when the backend does not tell in time."""
        return await self._side.get()

    async def tokens(self) -> int:
        """The free length of a text; the smallest where that is unknown."""
        return await self.known_tokens() or TOKENS_MIN

    async def known_tokens(self) -> int | None:
        """The free length of a text, None when the backend does not tell in time."""
        return await self._tokens.get()

    async def covers(self, request: Request, about: AboutModel) -> bool:
        """Whether the request needs no kudos in advance; asks for the load where that matters."""
        match request:
            case TextRequest():
                return request.max_length <= await self.tokens()
            case ImageRequest():
                if not needs(request, FREE_MIN, about):
                    return True
                return not needs(request, await self.side(), about)
            case AlchemyRequest() | VideoRequest():
                return True


class _Limit:
    """One figure. An answer that is too late, or none, leaves the one before."""

    def __init__(self, ask: Callable[[], Awaitable[int]]) -> None:
        self._ask = ask
        self._value: int | None = None
        self._asked_at = float("-inf")

    async def get(self) -> int | None:
        if time.monotonic() - self._asked_at > KEPT_FOR:
            try:
                async with asyncio.timeout(WAIT):
                    self._value = await self._ask()
                self._asked_at = time.monotonic()
            except (BackendError, TimeoutError) as error:
                log.info("the load is unknown: %s", error or type(error).__name__)
        return self._value
