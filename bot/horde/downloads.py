"""Downloads of results. The link may come from a worker, so it is not trusted."""

import asyncio
import ipaddress
import socket
from typing import BinaryIO

import aiohttp
from yarl import URL

from bot.errors import BackendDown, BadReply, ResultTooLarge
from bot.http.client import Reply, exchange
from bot.http.proxies import proxy_for
from bot.http.public_addresses import is_public
from bot.i18n import N_, _

SIZE_MAX = 40 * 1024 * 1024  # bytes; a 3072 x 3072 picture upscaled four times is about 30 MB
SECONDS = 60.0
URL_MAX = 4096  # characters; a signed link has about 500
# No key, no Client-Agent: the storage is not the Horde. No compression: images are compressed
# already.
HEADERS = {"Accept-Encoding": "identity"}
EMPTY = N_("The result is empty.")


class Downloads:
    """Downloads for the Horde at `api_url`.

    A worker can put any text in the place of a link, so links are loaded with `links`, a session
    that reaches public addresses only (`public_addresses.open_links`). Only links to the Horde
    itself, or from a local Horde to a local storage, use the Horde's own `session`; without `links`
    nothing else is downloaded. `user_agent`: for storages that refuse an unknown one.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        links: aiohttp.ClientSession | None = None,
        *,
        user_agent: str = "",
    ) -> None:
        self._session = session
        self._links = links
        self._home = _host(api_url)
        self._headers = HEADERS | ({"User-Agent": user_agent} if user_agent else {})

    def is_home(self, url: str) -> bool:
        """Whether that is an address of the Horde itself."""
        return _host(url) == self._home != ""

    async def fetch(self, url: str, limit: int = SIZE_MAX) -> bytes:
        """The bytes, at most `limit` of them; a broken connection is tried once more.

        Raises BackendDown when it may work later, ResultTooLarge for more than `limit` bytes,
        BadReply when it will not work.
        """
        raw = _checked(await self._found(url, min(limit, SIZE_MAX), None))
        if not raw:
            raise BadReply(_(EMPTY))
        return raw

    async def save(self, url: str, into: BinaryIO, limit: int) -> None:
        """Write the bytes to an empty file while they arrive. Raises as `fetch`."""
        _checked(await self._found(url, min(limit, SIZE_MAX), into))
        if not into.tell():
            raise BadReply(_(EMPTY))

    async def _found(self, url: str, cap: int, into: BinaryIO | None) -> Reply:
        host = _host(url)
        if not host:
            raise BadReply(_("The worker sent no link to the result."))
        if host == self._home:
            return await self._twice(self._session, url, cap, into)
        if self._links is None:
            raise BadReply(_("The result is not stored at the Horde."))
        if proxy_for(url) is not None:
            # The proxy connects, so only what the name leads to from here can be judged.
            if not await _is_public(host) and await _is_public(self._home):
                raise BadReply(_("The link to the result leads to a private network."))
            return await self._twice(self._session, url, cap, into)
        try:
            return await self._twice(self._links, url, cap, into)
        except BadReply:  # a private address
            if await _is_public(self._home):
                raise
        return await self._twice(self._session, url, cap, into)

    async def _twice(
        self, session: aiohttp.ClientSession, url: str, cap: int, into: BinaryIO | None
    ) -> Reply:
        try:
            return await self._get(session, url, cap, into)
        except BackendDown:
            if into is not None:
                into.seek(0)
                into.truncate()
            return await self._get(session, url, cap, into)

    async def _get(
        self, session: aiohttp.ClientSession, url: str, cap: int, into: BinaryIO | None
    ) -> Reply:
        headers = self._headers
        return await exchange(
            session, "GET", url, headers=headers, seconds=SECONDS, cap=cap, into=into
        )


def _host(url: str) -> str:
    """The host of that address; "" when it is no plain web address."""
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= URL_MAX
    try:
        link = URL(url, encoded=True)
        usable = plain and link.scheme in {"http", "https"} and link.port and not link.user
        host = link.host or ""
        if host.replace(".", "").isdigit():  # 127.1 and 2130706433 are addresses too
            ipaddress.IPv4Address(host)
    except ValueError:
        return ""
    return host if usable else ""


async def _is_public(host: str) -> bool:
    """Whether every address of that name is public. True for a name without any: then a proxy
    resolves it, or nothing is reached.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return True
    return all(is_public(str(item[4][0])) for item in found)


def _checked(reply: Reply) -> bytes:
    """The body of a success; b"" for one that was written to a file."""
    if reply.status in {408, 429} or reply.status >= 500:
        text = _("The storage of the results failed with an error ({status}).")
        raise BackendDown(text.format(status=reply.status), status=reply.status)
    if reply.status != 200:
        raise BadReply(_("The result was lost or has expired."), status=reply.status)
    if reply.raw is None:
        raise ResultTooLarge(_("The result is larger than 40 MB."), status=reply.status)
    return reply.raw
