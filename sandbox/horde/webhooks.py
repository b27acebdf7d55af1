"""Sends webhooks, as unreliably as the real server."""

import asyncio
import logging
from collections import deque
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

log = logging.getLogger(__name__)

ATTEMPTS = 3
TIMEOUT = aiohttp.ClientTimeout(total=3)
QUEUE = 256  # further webhooks are dropped
LOOPBACK = ("127.0.0.1", "localhost", "::1")
USER_AGENT = "python-requests/2.34.2"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The outcome of one webhook."""

    url: str
    attempts: int
    ok: bool


class WebhookSender:
    """Sends webhooks one after the other; a slow receiver delays all others.

    Requests name public https addresses. `hosts` maps such a host to an http address on the
    loopback interface ("bot.example" to "http://127.0.0.1:9000"); other hosts are never called.
    """

    def __init__(self) -> None:
        self.hosts: dict[str, str] = {}
        self.deliveries: deque[Delivery] = deque(maxlen=1000)
        self._queue: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue(QUEUE)

    def enqueue(self, url: str, body: dict[str, Any]) -> None:
        """Queue a webhook; it is dropped when the queue is full."""
        try:
            self._queue.put_nowait((url, body))
        except asyncio.QueueFull:
            log.warning("a webhook was dropped: %d are waiting already", QUEUE)

    async def run(self) -> None:
        """Send the queued webhooks, one after the other."""
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                url, body = await self._queue.get()
                await self.send(session, url, body)

    async def send(self, session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> None:
        """Try up to three times, without a pause."""
        ok, attempt = False, 0
        while not ok and attempt < ATTEMPTS:
            attempt += 1
            ok = await self._post(session, url, body)
        self.deliveries.append(Delivery(url, attempt, ok))

    async def _post(self, session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> bool:
        headers = {"User-Agent": USER_AGENT}
        for _ in range(5):  # redirects that keep the body
            target = self.local_url(url)
            if target is None:
                log.info("a webhook points to a host that is not mapped to this machine")
                return False
            try:
                async with session.post(
                    target, json=body, headers=headers, allow_redirects=False
                ) as answer:
                    if answer.status not in (307, 308) or "Location" not in answer.headers:
                        return answer.status < 400
                    url = answer.headers["Location"]
            except (aiohttp.ClientError, TimeoutError) as error:
                log.info("a webhook failed: %s", type(error).__name__)
                return False
        return False

    def local_url(self, url: str) -> str | None:
        """The loopback URL of a public URL; None for an unknown host."""
        parts = urlsplit(url)
        if parts.hostname in LOOPBACK and parts.scheme == "http":
            return url
        base = self.hosts.get(parts.hostname or "")
        if base is None or urlsplit(base).hostname not in LOOPBACK:
            return None
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return base.rstrip("/") + path
