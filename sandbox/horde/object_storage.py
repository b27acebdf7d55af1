"""The object storage of the results, with signed download links.

An object is stored as a function that renders it at the first download, so that thousands of open
requests need little memory and no rendering. Rendered objects stay in a small cache.
"""

import asyncio
import contextlib
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from aiohttp import web

URL_SECONDS = 1800.0  # how long a link is valid, as on the real Horde
CACHE_BYTES = 64 * 1024**2
CHUNK = b"\0" * 65536


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object: its render function, its expiry, and the number of zero bytes that follow it."""

    render: Callable[[], bytes]
    expires_at: float
    padding: int = 0


class ObjectStorage:
    """Objects by name, with signed links that expire."""

    def __init__(self) -> None:
        self.base = ""  # http://127.0.0.1:Q/r2, set when the server listens
        self.url_seconds = URL_SECONDS
        self._secret = secrets.token_bytes(16)
        self._objects: dict[str, StoredObject] = {}
        self._rendered: OrderedDict[str, bytes] = OrderedDict()
        self._rendered_bytes = 0
        self._render_slots = asyncio.Semaphore(2)  # images rendered at the same time

    def __len__(self) -> int:
        return len(self._objects)

    def put(self, name: str, stored: StoredObject) -> None:
        self._objects[name] = stored

    def extend(self, name: str, moment: float) -> None:
        """Keep the object at least until `moment`, when a new link to it expires."""
        stored = self._objects.get(name)
        if stored is not None and stored.expires_at < moment:
            self._objects[name] = StoredObject(stored.render, moment, stored.padding)

    def url(self, name: str) -> str:
        """A new link, valid for `url_seconds`. The object need not exist."""
        expires = int(time.time() + self.url_seconds)
        self.extend(name, expires)
        query = urlencode(
            {
                "AWSAccessKeyId": "sandbox",
                "Signature": self._signature(name, expires),
                "Expires": expires,
            }
        )
        return f"{self.base}/{name}?{query}"

    async def read(self, name: str) -> bytes | None:
        """The object without padding, rendered if necessary; None for an unknown one."""
        if (made := self._rendered.get(name)) is not None:
            self._rendered.move_to_end(name)
            return made
        stored = self._objects.get(name)
        if stored is None:
            return None
        async with self._render_slots:
            made = await asyncio.to_thread(stored.render)
        self._cache(name, made)
        return made

    async def download(self, request: web.Request) -> web.StreamResponse:
        """GET /r2/{object}: needs no API key; the query has a signature."""
        name = request.match_info["object"]
        if (refusal := self._refusal(request)) is not None:
            return refusal
        body = await self.read(name)
        if body is None:
            return _xml(404, "NoSuchKey", "The specified key does not exist.")
        # The content type of an upload without one.
        headers = {"Content-Type": "binary/octet-stream", "Accept-Ranges": "bytes"}
        stored = self._objects.get(name)
        if stored is None or not stored.padding:
            return web.Response(body=body, headers=headers)
        return await _padded(request, body, stored.padding, headers)

    async def upload(self, request: web.Request) -> web.Response:
        """PUT /r2/{object}: a worker uploads its result."""
        if (refusal := self._refusal(request)) is not None:
            return refusal
        data = await request.read()
        expires_at = time.time() + 2 * self.url_seconds
        self.put(request.match_info["object"], StoredObject(lambda: data, expires_at))
        return web.Response()

    def _refusal(self, request: web.Request) -> web.Response | None:
        """The answer to a link whose signature is wrong or which has expired."""
        name = request.match_info["object"]
        expires, given = request.query.get("Expires", ""), request.query.get("Signature", "")
        number = int(expires) if expires.isascii() and expires.isdigit() else 0
        if not hmac.compare_digest(self._signature(name, number).encode(), given.encode()):
            return _xml(403, "SignatureDoesNotMatch", "The signature does not match.")
        if number < time.time():
            return _xml(403, "AccessDenied", "Request has expired")
        return None

    def remove_expired(self, now: float) -> None:
        """Remove expired objects."""
        for name in [name for name, each in self._objects.items() if each.expires_at < now]:
            del self._objects[name]
            self._rendered_bytes -= len(self._rendered.pop(name, b""))

    def _cache(self, name: str, made: bytes) -> None:
        if name in self._rendered or len(made) > CACHE_BYTES // 8:
            return
        self._rendered[name] = made
        self._rendered_bytes += len(made)
        while self._rendered_bytes > CACHE_BYTES:
            self._rendered_bytes -= len(self._rendered.popitem(last=False)[1])

    def _signature(self, name: str, expires: int) -> str:
        digest = hmac.digest(self._secret, f"{name}/{expires}".encode(), hashlib.sha256)
        return digest.hex()[:32]


async def _padded(
    request: web.Request, body: bytes, padding: int, headers: dict[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = len(body) + padding
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the client has read enough
        await response.write(body)
        while padding > 0:
            await response.write(CHUNK[:padding])
            padding -= len(CHUNK)
    return response


def _xml(status: int, code: str, message: str) -> web.Response:
    text = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>{message}</Message></Error>'
    return web.Response(status=status, text=text, content_type="application/xml")
