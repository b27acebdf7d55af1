"""Getting the bytes of a result. The link may come from a worker, so it is not trusted."""

import asyncio
import ipaddress
import socket

import aiohttp
from yarl import URL

from bot.errors import BackendDown, BadReply
from bot.horde.exchange import Reply, exchange

SIZE_MAX = 40 * 1024 * 1024  # bytes; a 3072 x 3072 picture upscaled four times is about 30 MB
SECONDS = 60.0
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
URL_MAX = 4096  # characters; a signed link has about 500
# No key, no Client-Agent: the storage is not the Horde. No compression: pictures have their own.
HEADERS = {"Accept-Encoding": "identity"}


class Downloads:
    """Downloads for the Horde at `api_url`.

    A worker can put any text where the server would put a link, so the private network is out of
    reach, unless the Horde itself is there (a local one, whose storage is local too).
    """

    def __init__(self, session: aiohttp.ClientSession, api_url: str) -> None:
        self._session = session
        self._home = _host(api_url)

    async def fetch(self, url: str) -> bytes:
        """The bytes, 40 MB at most; a broken connection is tried once more.

        Raises BackendDown when it may work later, BadReply when it will not.
        """
        host = _host(url)
        if not host:
            raise BadReply("The worker gave no link to a result.")
        if not await self._allowed(host):
            raise BadReply("The result's link leads to a private network.")
        try:
            reply = await self._get(url)
        except BackendDown:
            reply = await self._get(url)
        return _bytes(reply)

    async def _get(self, url: str) -> Reply:
        return await exchange(
            self._session, "GET", url, headers=HEADERS, seconds=SECONDS, cap=SIZE_MAX
        )

    async def _allowed(self, host: str) -> bool:
        return host == self._home or await _public(host) or not await _public(self._home)


def _host(url: str) -> str:
    """Where that leads, "" when it is no plain web address."""
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= URL_MAX
    try:
        link = URL(url, encoded=True)
        usable = plain and link.scheme in {"http", "https"} and link.port and not link.user
        host = link.host or ""
    except ValueError:
        return ""
    return host if usable else ""


async def _public(host: str) -> bool:
    """Does every address of that name lie in the open internet. A name without one says yes:
    then there is a proxy, or nothing to be reached.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return all(_global(str(item[4][0])) for item in found)


def _global(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])  # after it: an IPv6 zone
    return (_inner(parsed) or parsed).is_global


def _inner(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address only wraps; None for one that stands for itself."""
    if not isinstance(address, ipaddress.IPv6Address):
        return None
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _bytes(reply: Reply) -> bytes:
    if reply.status in {408, 429} or reply.status >= 500:
        text = f"The storage of results answered with an error ({reply.status})."
        raise BackendDown(text, status=reply.status)
    if reply.status != 200:
        raise BadReply("The result is not there: it was lost or has expired.", status=reply.status)
    if reply.raw is None:
        raise BadReply("The result is larger than 40 MB.", status=reply.status)
    if not reply.raw:
        raise BadReply("The result is empty.", status=reply.status)
    return reply.raw
