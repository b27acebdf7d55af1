"""Measures the duration of Discord API calls with aiohttp trace hooks.

Only the form of an address is used; its tokens and ids are not recorded.
"""

import re
import time
from collections.abc import Callable
from types import SimpleNamespace

import aiohttp
from cachetools import LRUCache

from bot.monitoring.metrics import Metrics

REMEMBERED = 5_000  # unanswered interactions; Discord gives up on each after 3 s

_ACK = re.compile(r"/interactions/(\d{1,20})/[^/]+/callback$")
_EDIT = re.compile(r"/(?:webhooks/\d+/[^/]+|channels/\d+)/messages/[^/]+$")
_POST = re.compile(r"/(?:webhooks/\d+/[^/]+|channels/\d+/messages)$")


class DiscordTracing:
    """Reports every call of the traced session to the metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self.on_answered: Callable[[int], None] = lambda _interaction_id: None
        self._arrived: LRUCache[int, tuple[float, str]] = LRUCache(REMEMBERED)

    def arrived(self, interaction_id: int, type_: str) -> None:
        """Record the arrival of an interaction: Discord waits 3 seconds for its answer."""
        self._arrived[interaction_id] = (time.perf_counter(), type_)

    def trace(self) -> aiohttp.TraceConfig:
        """Trace hooks for the session that calls Discord."""
        trace = aiohttp.TraceConfig()
        trace.on_request_start.append(self._started)
        trace.on_request_end.append(self._ended)
        trace.on_request_exception.append(self._failed)
        return trace

    async def _started(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        _params: aiohttp.TraceRequestStartParams,
    ) -> None:
        context.started = time.perf_counter()

    async def _ended(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        status, path = params.response.status, params.url.path
        if status < 200:  # the gateway's own connection begins as a call
            return
        answer = "429" if status == 429 else f"{status // 100}xx"
        self._count(call_of(params.method, path), answer, context.started)
        if 200 <= status < 300 and (found := _ACK.search(path)):
            self._acked(int(found[1]))
            self.on_answered(int(found[1]))

    async def _failed(
        self,
        _session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        self._count(call_of(params.method, params.url.path), "lost", context.started)

    def _count(self, call: str, answer: str, started: float) -> None:
        self._metrics.discord.labels(call).observe(time.perf_counter() - started)
        self._metrics.discord_answers.labels(call, answer).inc()

    def _acked(self, interaction_id: int) -> None:
        arrived = self._arrived.pop(interaction_id, None)
        if arrived is not None:
            self._metrics.acks.labels(arrived[1]).observe(time.perf_counter() - arrived[0])


def call_of(method: str, path: str) -> str:
    """Purpose of a call: ack, edit, post or other."""
    if method == "POST" and _ACK.search(path):
        return "ack"
    if method == "PATCH" and _EDIT.search(path):
        return "edit"
    return "post" if method == "POST" and _POST.search(path) else "other"
