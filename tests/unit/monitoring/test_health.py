"""One look at everything: for Prometheus, for the health check, for the operator."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.backends.values import Health
from bot.domain.people import Report
from bot.domain.requests import Kind
from bot.domain.results import Phase
from bot.errors import BackendDown, SpoolError, StoreBusy
from bot.monitoring import health as module
from bot.monitoring.health import HealthMonitor, memory
from bot.monitoring.metrics import Metrics
from tests.support.metrics import sample_value

REPORT = Report(12, 1_000.0, 1, guild_id=2, channel_id=3, message_id=4)


class MonitoredBot:
    """What Watch looks at, all well until a test says otherwise."""

    def __init__(self) -> None:
        self.metrics = Metrics()
        self.phases: Any = {Phase.WAITING: 3}
        self.read: Any = None
        self.bytes: Any = 1000
        self.reported: Any = 3
        self.beat: Any = Health(ok=True, message="")
        self.beats = 0
        self.outage_monitor = SimpleNamespace(available=True, outages=0, since=None)
        self.service = SimpleNamespace(draining=False)
        self.gateway, self.guilds = True, 7
        store = SimpleNamespace(
            requests=SimpleNamespace(count_phases=lambda: _answer_later(self.phases)),
            reports=SimpleNamespace(
                count=lambda: _answer_later(self.reported), newest=self._reports
            ),
            notes=SimpleNamespace(write=self._meta),
        )
        counts: dict[Kind, range] = {kind: range(0) for kind in Kind}
        queue = SimpleNamespace(queues=counts | {Kind.IMAGE: range(5)})
        backend = SimpleNamespace(health=self._health)
        self.watch = HealthMonitor(
            metrics=self.metrics,
            store=cast("Any", store),
            spool=cast("Any", SimpleNamespace(size=lambda: _answer_later(self.bytes), quota=4000)),
            backends=cast("Any", {"horde": (backend, self.outage_monitor, queue)}),
            submission=cast("Any", self.service),
            gateway=lambda: self.gateway,
            guilds=lambda: self.guilds,
        )

    async def _reports(self, limit: int) -> list[Report]:
        return [REPORT][:limit]

    async def _meta(self, _key: str, _value: str) -> str | None:
        return await _answer_later(self.read)

    async def _health(self) -> Health:
        self.beats += 1
        return await _answer_later(self.beat)


async def _answer_later(answer: Any) -> Any:
    if isinstance(answer, Exception):
        raise answer
    if answer is ...:  # hangs
        await asyncio.Event().wait()
    return answer


@pytest.fixture(autouse=True)
def quick_health(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEALTH_WAIT", 0.05)


async def test_all_is_well() -> None:
    bot = MonitoredBot()
    assert await bot.watch.health() == {"gateway": True, "database": True, "horde": True}


async def test_the_gateway_is_down() -> None:
    bot = MonitoredBot()
    bot.gateway = False
    health = await bot.watch.health()
    assert not health["gateway"]
    assert health["database"]


@pytest.mark.parametrize("trouble", [StoreBusy("locked"), ...])
async def test_the_database_cannot_be_read(trouble: Any) -> None:
    bot = MonitoredBot()
    bot.read = trouble
    assert await bot.watch.health() == {"gateway": True, "database": False, "horde": True}


@pytest.mark.parametrize(
    "trouble",
    [
        BackendDown("refused"),
        Health(ok=False, message=""),
        Health(ok=True, message="", maintenance=True),
        ...,
    ],
)
async def test_a_backend_is_down(trouble: Any) -> None:
    bot = MonitoredBot()
    bot.beat = trouble
    assert not (await bot.watch.health())["horde"]


async def test_an_outage_is_believed_without_asking() -> None:
    bot = MonitoredBot()
    bot.outage_monitor.available = False
    assert not (await bot.watch.health())["horde"]
    assert bot.beats == 0


async def test_a_backend_is_not_asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = MonitoredBot()
    for _ in range(3):
        assert (await bot.watch.health())["horde"]
    assert bot.beats == 1
    monkeypatch.setattr(module, "HEALTH_FOR", 0.0)
    bot.beat = BackendDown("refused")
    assert not (await bot.watch.health())["horde"]


async def test_how_things_stand_is_in_the_text() -> None:
    bot = MonitoredBot()
    bot.outage_monitor.outages, bot.outage_monitor.since = 2, 1_790_000_000.0
    bot.service.draining = True
    text = (await bot.watch.text()).decode()
    assert 'hordecord_queue_depth{backend="horde",kind="image"} 5.0' in text
    assert 'hordecord_queue_depth{backend="horde",kind="text"} 0.0' in text
    assert 'hordecord_open_requests{phase="waiting"} 3.0' in text
    assert 'hordecord_open_requests{phase="held"} 0.0' in text
    assert 'hordecord_backend_outage{backend="horde"} 1.0' in text
    assert 'hordecord_backend_outages{backend="horde"} 2.0' in text
    for line in ("spool_bytes 1000.0", "spool_quota_bytes 4000.0", "guilds 7.0", "draining 1.0"):
        assert f"\nhordecord_{line}\n" in text


async def test_what_is_over_goes_back_to_nothing() -> None:
    bot = MonitoredBot()
    await bot.watch.text()
    bot.phases = {}
    await bot.watch.text()
    assert sample_value(bot.metrics, "open_requests", phase="waiting") == 0


async def test_a_database_or_a_disk_that_fails_does_not_take_the_rest_along() -> None:
    bot = MonitoredBot()
    bot.phases, bot.bytes = StoreBusy("locked"), SpoolError("gone")
    facts = await bot.watch.look()
    assert facts.open == {}
    assert facts.spool is None
    assert facts.queued["horde", Kind.IMAGE] == 5
    assert b"hordecord_guilds 7.0" in await bot.watch.text()


def test_memory_is_told_in_bytes(tmp_path: Path) -> None:
    assert 10_000_000 < (memory() or 0) < 10_000_000_000
    peak = memory(tmp_path / "no-such-file")
    assert peak is not None
    assert 10_000_000 < peak < 10_000_000_000


async def test_reports_of_moderators_are_counted_and_the_newest_named() -> None:
    bot = MonitoredBot()
    found = await bot.watch.look()
    assert (found.reported, found.reports) == (3, (REPORT,))
    bot.reported = StoreBusy("locked")
    assert (await bot.watch.look()).reported == 0
