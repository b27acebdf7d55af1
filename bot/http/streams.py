"""An HTTP answer that is read while it arrives."""

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

from bot.errors import BackendDown
from bot.http.client import CONNECT, UNSENT, body_of

log = logging.getLogger(__name__)
CHUNK = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class StreamedReply:
    """An answer whose body has not been read yet."""

    response: aiohttp.ClientResponse

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.response.status

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the answer."""
        return self.response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body in pieces as they arrive. Raises BackendDown when the connection breaks."""
        try:
            async for chunk in self.response.content.iter_any():
                yield chunk
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise _broken(error) from None

    async def whole(self, cap: int) -> bytes | None:
        """The body; None when it is too large, or that of an error is slow. Raises BackendDown."""
        try:
            return await body_of(self.response, cap)
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            raise _broken(error) from None


@asynccontextmanager
async def streamed(
    session: aiohttp.ClientSession,
    url: str,
    *,
    headers: Mapping[str, str],
    data: bytes,
    silence: float,
    seconds: float,
) -> AsyncGenerator[StreamedReply]:
    """A POST whose answer is a stream; the connection is closed at the end.

    `silence`: seconds without a byte, `seconds`: of the whole call, after which it is given up.
    Redirections are not followed. Raises BackendDown, not chained to its cause, which quotes the
    URL.
    """
    timeout = aiohttp.ClientTimeout(total=seconds, connect=CONNECT, sock_read=silence)
    try:
        response = await session.post(
            URL(url, encoded=True),
            headers=headers,
            data=data,
            timeout=timeout,
            allow_redirects=False,
        )
    except UNSENT as error:
        log.debug("a call was not sent: %s", type(error).__name__)
        raise BackendDown("The server cannot be reached.") from None
    except (TimeoutError, aiohttp.ClientError, OSError) as error:
        raise _broken(error) from None
    try:
        yield StreamedReply(response)
    finally:
        response.close()


def _broken(error: Exception) -> BackendDown:
    log.debug("a stream was interrupted: %s", type(error).__name__)
    return BackendDown("The connection to the server broke.", in_doubt=True)
