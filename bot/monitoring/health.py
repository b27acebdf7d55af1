"""Health of the bot, for /metrics, /healthz and /operator stats."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.backends.base import Backend
from bot.backends.outage_monitor import OutageMonitor
from bot.domain.people import Report
from bot.domain.requests import Kind
from bot.domain.results import OPEN, Phase
from bot.errors import BackendError, SpoolError, StoreError
from bot.monitoring.metrics import Metrics
from bot.pipeline.dispatch.dispatcher import Dispatcher
from bot.services.submission import Submission
from bot.storage import Store
from bot.storage.files import ResultFiles

HEALTH_FOR = 10.0  # seconds for which the health of a backend is cached
HEALTH_WAIT = 2.0  # seconds for each part of a health check; probes wait about five
REPORTS_SHOWN = 5
SHOWN_PHASES = (*sorted(OPEN), Phase.HELD)


@dataclass(frozen=True, slots=True)
class HealthFigures:
    """Figures of one moment. Bytes and UTC seconds; unknown figures are None or left out.

    `queued` by backend and kind; `outages` by backend: their number and the current start.
    """

    at: float
    started_at: float
    queued: Mapping[tuple[str, Kind], int]
    open: Mapping[Phase, int]
    outages: Mapping[str, tuple[int, float | None]]
    delivered: Mapping[Kind, int]
    spool: int | None
    quota: int
    gateway: bool
    guilds: int
    memory: int | None
    draining: bool
    reported: int = 0
    reports: tuple[Report, ...] = ()  # the newest of them


class HealthMonitor:
    """Collects the figures. `gateway`: Discord's gateway is up; `guilds`: number of servers."""

    def __init__(
        self,
        *,
        metrics: Metrics,
        store: Store,
        spool: ResultFiles,
        backends: Mapping[str, tuple[Backend, OutageMonitor, Dispatcher]],
        submission: Submission,
        gateway: Callable[[], bool],
        guilds: Callable[[], int],
    ) -> None:
        self.started_at = time.time()
        self._metrics = metrics
        self._store = store
        self._spool = spool
        self._backends = backends
        self._submission = submission
        self._gateway = gateway
        self._guilds = guilds
        self._health: dict[str, tuple[bool, float]] = {}

    async def look(self) -> HealthFigures:
        """All figures that need no network."""
        backends = self._backends.items()
        reported, reports = await self._reported()
        return HealthFigures(
            at=time.time(),
            started_at=self.started_at,
            queued={
                (n, kind): len(dispatcher.queues[kind])
                for n, (_, _, dispatcher) in backends
                for kind in Kind
            },
            open=await self._open(),
            outages={n: (monitor.outages, monitor.since) for n, (_, monitor, _) in backends},
            delivered=dict(self._metrics.delivered),
            spool=await self._spooled(),
            quota=self._spool.quota,
            gateway=self._gateway(),
            guilds=self._guilds(),
            memory=memory(),
            draining=self._submission.draining,
            reported=reported,
            reports=reports,
        )

    async def health(self) -> dict[str, bool]:
        """State by name: the gateway, the database, each backend. Takes at most 2 seconds."""
        names = ["database", *self._backends]
        checks = [self._database(), *(self._backend(name) for name in self._backends)]
        found = await asyncio.gather(*checks)
        return {"gateway": self._gateway()} | dict(zip(names, found, strict=True))

    async def text(self) -> bytes:
        """All metrics with the current levels, for Prometheus."""
        facts, to = await self.look(), self._metrics
        for labels, depth in facts.queued.items():
            to.queue.labels(*labels).set(depth)
        for phase in SHOWN_PHASES if facts.open else ():
            to.open.labels(phase).set(facts.open.get(phase, 0))
        for name, (outages, since) in facts.outages.items():
            to.outages.labels(name).set(outages)
            to.outage.labels(name).set(since is not None)
        levels = ((to.spool, facts.spool), (to.quota, facts.quota), (to.gateway, facts.gateway))
        more = ((to.guilds, facts.guilds), (to.memory, facts.memory), (to.draining, facts.draining))
        for level, value in (*levels, *more, (to.started, facts.started_at)):
            if value is not None:
                level.set(value)
        return to.text()

    async def _open(self) -> dict[Phase, int]:
        try:
            async with asyncio.timeout(HEALTH_WAIT):
                return dict.fromkeys(SHOWN_PHASES, 0) | await self._store.requests.count_phases()
        except (StoreError, TimeoutError):
            return {}

    async def _reported(self) -> tuple[int, tuple[Report, ...]]:
        try:
            async with asyncio.timeout(HEALTH_WAIT):
                newest = await self._store.reports.newest(REPORTS_SHOWN)
                return await self._store.reports.count(), tuple(newest)
        except (StoreError, TimeoutError):
            return 0, ()

    async def _spooled(self) -> int | None:
        try:
            return await self._spool.size()
        except SpoolError:
            return None

    async def _database(self) -> bool:
        try:
            async with asyncio.timeout(HEALTH_WAIT):
                # A write: with a full disk or a read-only file, reads still work.
                await self._store.notes.write("health", str(int(time.time())))
        except (StoreError, TimeoutError):
            return False
        return True

    async def _backend(self, name: str) -> bool:
        backend, outage_monitor, _ = self._backends[name]
        if not outage_monitor.available:
            return False
        said, at = self._health.get(name, (False, float("-inf")))
        if time.monotonic() - at > HEALTH_FOR:
            said = await _answers(backend)
            self._health[name] = said, time.monotonic()
        return said


async def _answers(backend: Backend) -> bool:
    try:
        async with asyncio.timeout(HEALTH_WAIT):
            health = await backend.health()
    except (BackendError, TimeoutError):
        return False
    return health.ok and not health.maintenance


def memory(statm: Path = Path("/proc/self/statm")) -> int | None:
    """Resident bytes of this process; the maximum where Linux's file does not exist.

    None where neither is known.
    """
    try:
        return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return _peak()


def _peak() -> int | None:
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - Windows has no such module

    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return highest if sys.platform == "darwin" else highest * 1024
