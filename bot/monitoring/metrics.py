"""Prometheus metrics: figures by kind and phase, never a user, a content or a key.

One `Metrics` belongs to one application and has its own registry. Counters and times are fed as
events happen; levels (queues, open requests ...) are set by health.py for each scrape.
"""

import asyncio
import sys
import time
from collections import Counter as Tally
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE

from bot.domain.records import Record
from bot.domain.requests import Kind
from bot.domain.results import Status
from bot.errors import BackendError, RateLimited, TooManyPrompts, Undeliverable
from bot.version import __version__

__all__ = ["CONTENT_TYPE", "Metrics"]

PREFIX = "hordecord_"
LAG_EVERY = 0.5  # seconds between measurements of the lag of the event loop

# Seconds. A call of the Horde has 15 s, one with a picture 60; Discord waits 3 s for an answer.
CALL = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 60.0)
ACK = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 5.0)
SHOWN = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 20.0, 60.0, 300.0, 1800.0)
WHOLE = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0, 1280.0, 3600.0)
LAG = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0)


class Metrics:
    """The instruments of one application. Label values are enum values and class names."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.delivered = Tally[Kind]()  # outcomes with something in them, for /operator stats
        self._name_times()
        self._name_counts()
        self._name_levels()
        python = ".".join(map(str, sys.version_info[:3]))
        self._gauge("info", "Always 1", "version", "python").labels(__version__, python).set(1)

    def _name_times(self) -> None:
        times = self._histogram
        self._calls = times(
            "backend_call_seconds",
            "How long a backend takes to answer: submit, status, cancel, fetch ...",
            CALL,
            *("backend", "kind", "call"),
        )
        self._shown = times(
            "outcome_shown_seconds", "From an outcome being known to its card", SHOWN, "kind"
        )
        self._whole = times(
            "request_seconds", "From the command to the outcome's card", WHOLE, "kind", "phase"
        )
        self._cards = times(
            "card_seconds",
            "How long it takes to put a state on a card, tries and waits of Discord included",
            SHOWN,
            *("kind", "end"),
        )
        self.acks = times(
            "ack_seconds", "From an interaction arriving to Discord having our answer", ACK, "type"
        )
        self.discord = times(
            "discord_call_seconds",
            "How long Discord takes to answer: ack, edit, post, other",
            CALL,
            "call",
        )
        self.lag = times("loop_lag_seconds", "How late the event loop wakes up", LAG)

    def _name_counts(self) -> None:
        count = self._counter
        self._errors = count(
            "backend_errors",
            "Calls to a backend that failed, by the class of the error",
            *("backend", "kind", "call", "error"),
        )
        self._refusals = count(
            "backend_429",
            "Calls that a limit put off: rate, or the account's waiting places",
            *("backend", "kind", "limit"),
        )
        self._delivered = count("delivered", "Outcomes put before people", "kind", "phase")
        self._undelivered = count(
            "undelivered", "States that could not be put on a card then", "kind", "end", "gone"
        )
        self.discord_answers = count(
            "discord_calls",
            "Calls to Discord by what came of them: 2xx, 4xx, 429, 5xx, lost",
            *("call", "answer"),
        )

    def _name_levels(self) -> None:
        level = self._gauge
        self.queue = level("queue_depth", "Requests waiting in our own queue", "backend", "kind")
        self.open = level("open_requests", "Open and held requests by phase", "phase")
        self.outage = level("backend_outage", "1 while a backend is out", "backend")
        self.outages = level("backend_outages", "Outages since the start", "backend")
        self.spool = level("spool_bytes", "Results on disk")
        self.quota = level("spool_quota_bytes", "Room for results on disk")
        self.gateway = level("gateway_up", "1 while Discord's gateway answers")
        self.guilds = level("guilds", "Servers with the bot")
        self.draining = level("draining", "1 while no new requests are taken")
        self.memory = level("memory_bytes", "Resident memory")
        self.started = level("start_time_seconds", "When the bot started, UTC")

    @contextmanager
    def call(self, backend: str, call: str, kind: str = "") -> Generator[None]:
        """Times one call of a backend and counts its error."""
        started = time.perf_counter()
        try:
            yield
        except BackendError as error:
            self._errors.labels(backend, kind, call, type(error).__name__).inc()
            if isinstance(error, RateLimited | TooManyPrompts):
                limit = "rate" if isinstance(error, RateLimited) else "places"
                self._refusals.labels(backend, kind, limit).inc()
            raise
        finally:
            self._calls.labels(backend, kind, call).observe(time.perf_counter() - started)

    @contextmanager
    def card(self, record: Record, status: Status) -> Generator[None]:
        """Times the display of a status on a card; counts shown outcomes as delivered."""
        over, started = not status.phase.is_open, time.perf_counter()
        end = "yes" if over else "no"
        try:
            yield
        except Undeliverable as error:
            self._undelivered.labels(record.kind, end, "yes" if error.gone else "no").inc()
            raise
        finally:
            self._cards.labels(record.kind, end).observe(time.perf_counter() - started)
        if over:
            self._deliver(record, status)

    def _deliver(self, record: Record, status: Status) -> None:
        now = time.time()
        self.delivered[record.kind] += status.arrived > 0
        self._delivered.labels(record.kind, status.phase).inc()
        self._whole.labels(record.kind, status.phase).observe(max(0.0, now - record.created_at))
        if record.outcome_at is not None:
            self._shown.labels(record.kind).observe(max(0.0, now - record.outcome_at))

    async def watch_loop(self) -> None:
        """Measure the lag of the event loop until cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(LAG_EVERY)
            self.lag.observe(max(0.0, time.perf_counter() - before - LAG_EVERY))

    def text(self) -> bytes:
        """All metrics in the text format of Prometheus."""
        return generate_latest(self.registry)

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(PREFIX + name, meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(PREFIX + name, meaning, labels, registry=self.registry)

    def _histogram(
        self, name: str, meaning: str, buckets: Sequence[float], *labels: str
    ) -> Histogram:
        return Histogram(PREFIX + name, meaning, labels, buckets=buckets, registry=self.registry)
