"""One failed request is not an outage; an outage stops all and is logged once."""

import asyncio
import logging
import math
from typing import Any

import pytest

from bot.backends.outage_monitor import OutageMonitor
from bot.backends.values import Health
from bot.domain.capabilities import HORDE, Capabilities, PriceUnit
from bot.domain.requests import Kind
from bot.errors import AddressBlocked, BackendDown, BackendPaused


class Heart:
    """The parts of a backend that the outage monitor uses."""

    name = "horde"
    capabilities = HORDE

    def __init__(self, *beats: bool) -> None:
        self.beats = list(beats)
        self.asked = 0

    async def health(self) -> Health:
        self.asked += 1
        ok = self.beats.pop(0) if len(self.beats) > 1 else self.beats[0]
        if not ok:
            raise BackendDown("no answer")
        return Health(ok=True, message="")


def monitor_of(heart: Any) -> OutageMonitor:
    return OutageMonitor(heart)


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.backends.outage_monitor.RETRY_FIRST", 0.01)
    monkeypatch.setattr("bot.backends.outage_monitor.RETRY_MAX", 0.05)


async def test_a_beating_heart_means_the_request_is_at_fault() -> None:
    outage_monitor = monitor_of(Heart(True))
    assert not await outage_monitor.is_outage(BackendDown("500", status=500))
    assert outage_monitor.available


async def test_an_outage_and_its_end_are_said_once(caplog: pytest.LogCaptureFixture) -> None:
    outage_monitor = monitor_of(Heart(False, False, False, True))
    with caplog.at_level(logging.WARNING, "bot.backends.outage_monitor"):
        assert await outage_monitor.is_outage(BackendDown("refused"))
        assert await outage_monitor.is_outage(BackendDown("refused"))
        assert not outage_monitor.available
        await asyncio.wait_for(outage_monitor.wait_until_accepted(Kind.IMAGE), 2)
    assert [r.getMessage().split()[3] for r in caplog.records] == ["down:", "up"]
    assert outage_monitor.since is None
    await outage_monitor.close()


async def test_pause_of_another_backend_is_told_with_its_title() -> None:
    heart = Heart(True)
    heart.capabilities = Capabilities(title="own-gpu", unit=PriceUnit.NONE)
    outage_monitor = monitor_of(heart)
    assert await outage_monitor.is_outage(BackendPaused("maintenance", retry_after=0.05))
    said = "own-gpu does not accept requests at the moment."
    assert outage_monitor.reason_of(Kind.IMAGE) == said
    await outage_monitor.close()


async def test_maintenance_pauses_without_asking_the_heart() -> None:
    heart = Heart(True)
    outage_monitor = monitor_of(heart)
    assert await outage_monitor.is_outage(BackendPaused("maintenance", retry_after=0.05))
    assert heart.asked == 0
    assert not outage_monitor.available
    await asyncio.wait_for(outage_monitor.wait_until_accepted(Kind.IMAGE), 2)
    await outage_monitor.close()


async def test_many_that_fail_at_once_ask_once() -> None:
    class Slow(Heart):
        async def health(self) -> Health:
            await asyncio.sleep(0.01)
            return await super().health()

    heart = Slow(True)
    outage_monitor = monitor_of(heart)
    errors = (BackendDown("500", status=500) for _ in range(50))
    assert not any(await asyncio.gather(*(outage_monitor.is_outage(error) for error in errors)))
    assert heart.asked <= 2


async def test_a_relapse_is_not_looked_at_every_second() -> None:
    outage_monitor = monitor_of(Heart(True))
    for _ in range(4):
        await outage_monitor.is_outage(BackendPaused("time-out without saying how long"))
        await asyncio.wait_for(outage_monitor.wait_until_accepted(Kind.IMAGE), 2)
    assert outage_monitor._delay == 0.05  # as long as it gets, and not the first
    assert outage_monitor.outages == 4


async def test_a_bug_in_asking_is_no_answer_and_the_asking_goes_on() -> None:
    class Buggy(Heart):
        async def health(self) -> Health:
            if self.asked < 3:
                self.asked += 1
                raise KeyError("oops")
            return await super().health()

    outage_monitor = monitor_of(Buggy(True))
    assert await outage_monitor.is_outage(BackendDown("refused"))
    await asyncio.wait_for(outage_monitor.wait_until_accepted(Kind.IMAGE), 2)
    assert not outage_monitor.down


async def test_closing_during_an_outage_leaves_no_task() -> None:
    outage_monitor = monitor_of(Heart(False))
    await outage_monitor.is_outage(BackendDown("refused"))
    await outage_monitor.close()
    assert not [t for t in asyncio.all_tasks() if t.get_name() == "outage"]


async def test_how_long_nothing_is_accepted_counts_from_the_outage_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("bot.backends.outage_monitor.ticks", lambda: now)
    outage_monitor = monitor_of(Heart(False))
    assert outage_monitor.refuses_for(Kind.IMAGE) == 0
    assert await outage_monitor.is_outage(BackendDown("refused"))
    now = 107.0
    assert outage_monitor.refuses_for(Kind.IMAGE) == 7
    await outage_monitor.close()


async def test_a_time_out_of_the_address_has_no_known_end() -> None:
    outage_monitor = monitor_of(Heart(True))
    assert await outage_monitor.is_outage(AddressBlocked("in time-out", retry_after=30.0))
    assert outage_monitor.refuses_for(Kind.TEXT) == math.inf
    assert outage_monitor.refuses_for(Kind.ALCHEMY) == 0
