"""One HTTP exchange: bounded request and response, failures as typed errors."""

import asyncio
import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import aiohttp
from yarl import URL

from bot.errors import BackendDown, BadReply
from bot.http.public_addresses import PrivateAddress

log = logging.getLogger(__name__)

CONNECT = 5.0  # seconds until connected: pool, DNS, TCP and TLS
TOTAL = 15.0  # seconds for a whole call
UPLOAD = 60.0  # seconds for a call with a picture
# Of the body of an answer that is no success: its status alone tells enough.
ERROR_SECONDS, ERROR_MAX = 10.0, 256 * 1024  # bytes
PIECE = 256 * 1024  # bytes that are written to a file at once

# Raised before a byte of the call was sent.
UNSENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.NonHttpUrlClientError,
    ValueError,  # an invalid address: some are noticed only when their parts are read
)


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. `raw` is None when it was larger than allowed, or a slow body of an error."""

    status: int
    headers: Mapping[str, str]
    raw: bytes | None


async def exchange(
    session: aiohttp.ClientSession,
    verb: str,
    url: str,
    *,
    headers: Mapping[str, str],
    data: bytes | None = None,
    seconds: float,
    cap: int,
    into: BinaryIO | None = None,
) -> Reply:
    """One call within that many seconds; at most `cap` bytes of the answer are read.

    `into`: where the body of a success is written while it arrives; `raw` is then empty.
    Redirections are not followed: they would carry the headers elsewhere.

    Raises BackendDown without a whole answer, BadReply when the session reaches public addresses
    only and there was none. Not chained to its cause: aiohttp's texts quote the URL, which holds
    request ids and signatures that must not be logged.
    """
    try:
        async with session.request(
            verb,
            URL(url, encoded=True),  # unchanged: a signed link must not be encoded again
            headers=headers,
            data=None if data is None else io.BytesIO(data),
            timeout=aiohttp.ClientTimeout(total=seconds, connect=CONNECT),
            allow_redirects=False,
        ) as response:
            raw = await body_of(response, cap, into)
            return Reply(response.status, response.headers, raw)
    except UNSENT as error:
        if isinstance(error, aiohttp.ClientConnectorError) and _is_private(error):
            raise BadReply("The link leads to a private network.") from None
        log.debug("%s was not sent: %s", verb, type(error).__name__)
        raise BackendDown("The Horde cannot be reached.") from None
    except TimeoutError:
        raise BackendDown("The Horde did not answer in time.", in_doubt=True) from None
    except (aiohttp.ClientError, OSError) as error:
        log.debug("%s was interrupted: %s", verb, type(error).__name__)
        raise BackendDown("The connection to the Horde broke.", in_doubt=True) from None


def _is_private(error: aiohttp.ClientConnectorError) -> bool:
    return isinstance(error.os_error, PrivateAddress)


async def body_of(
    response: aiohttp.ClientResponse, cap: int, into: BinaryIO | None = None
) -> bytes | None:
    """The body of an answer; None when it is larger than `cap` bytes, b"" when it is in `into`.

    None also for an error whose body is large or does not end soon: such a call can take an hour.
    """
    if 200 <= response.status < 300:
        return await (_read(response, cap) if into is None else _write(response, cap, into))
    try:
        async with asyncio.timeout(ERROR_SECONDS):
            return await _read(response, min(cap, ERROR_MAX))
    except TimeoutError:
        response.close()
        return None


async def _read(response: aiohttp.ClientResponse, cap: int) -> bytes | None:
    if response.content_length is not None and response.content_length > cap:
        response.close()
        return None
    read = io.BytesIO()  # returns its bytes without a copy
    async for chunk in response.content.iter_chunked(64 * 1024):
        if read.tell() + len(chunk) > cap:
            response.close()
            return None
        read.write(chunk)
    return read.getvalue()


async def _write(response: aiohttp.ClientResponse, cap: int, into: BinaryIO) -> bytes | None:
    """b"" when the body is in the file, None when it is larger than `cap` bytes."""
    if response.content_length is not None and response.content_length > cap:
        response.close()
        return None
    left = cap
    async for chunk in response.content.iter_chunked(PIECE):
        left -= len(chunk)
        if left < 0:
            response.close()
            return None
        await asyncio.to_thread(into.write, chunk)
    return b""
