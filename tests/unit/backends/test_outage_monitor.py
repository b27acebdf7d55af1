"""One failing request is its own trouble; an outage is everybody's, and is said once."""

import asyncio
import logging
from typing import Any

import pytest

from bot.backends.base import Health
from bot.backends.outage_monitor import OutageMonitor
from bot.errors import BackendDown, BackendPaused


class Heart:
    """Only what Weather asks of a backend."""

    name = "horde"

    def __init__(self, *beats: bool) -> None:
        self.beats = list(beats)
        self.asked = 0

    async def health(self) -> Health:
        self.asked += 1
        ok = self.beats.pop(0) if len(self.beats) > 1 else self.beats[0]
        if not ok:
            raise BackendDown("no answer")
        return Health(ok=True, message="")


def weather_of(heart: Any) -> OutageMonitor:
    return OutageMonitor(heart)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.backends.outage_monitor.RETRY_FIRST", 0.01)
    monkeypatch.setattr("bot.backends.outage_monitor.RETRY_MAX", 0.05)


async def test_a_beating_heart_means_the_request_is_at_fault() -> None:
    weather = weather_of(Heart(True))
    assert not await weather.is_outage(BackendDown("500", status=500))
    assert weather.fine


async def test_an_outage_and_its_end_are_said_once(caplog: pytest.LogCaptureFixture) -> None:
    weather = weather_of(Heart(False, False, False, True))
    with caplog.at_level(logging.WARNING, "bot.backends.outage_monitor"):
        assert await weather.is_outage(BackendDown("refused"))
        assert await weather.is_outage(BackendDown("refused"))
        assert not weather.fine
        await asyncio.wait_for(weather.wait(), 2)
    assert [r.getMessage().split()[1] for r in caplog.records] == ["cannot", "can"]
    assert weather.since is None
    await weather.close()


async def test_maintenance_pauses_without_asking_the_heart() -> None:
    heart = Heart(True)
    weather = weather_of(heart)
    assert await weather.is_outage(BackendPaused("maintenance", retry_after=0.05))
    assert heart.asked == 0
    assert not weather.fine
    await asyncio.wait_for(weather.wait(), 2)
    await weather.close()


async def test_many_that_fail_at_once_ask_once() -> None:
    class Slow(Heart):
        async def health(self) -> Health:
            await asyncio.sleep(0.01)
            return await super().health()

    heart = Slow(True)
    weather = weather_of(heart)
    errors = (BackendDown("500", status=500) for _ in range(50))
    assert not any(await asyncio.gather(*(weather.is_outage(error) for error in errors)))
    assert heart.asked <= 2


async def test_a_relapse_is_not_looked_at_every_second() -> None:
    weather = weather_of(Heart(True))
    for _ in range(4):
        await weather.is_outage(BackendPaused("time-out without saying how long"))
        await asyncio.wait_for(weather.wait(), 2)
    assert weather._delay == 0.05  # as long as it gets, and not the first
    assert weather.outages == 4


async def test_a_bug_in_asking_is_no_answer_and_the_asking_goes_on() -> None:
    class Buggy(Heart):
        async def health(self) -> Health:
            if self.asked < 3:
                self.asked += 1
                raise KeyError("oops")
            return await super().health()

    weather = weather_of(Buggy(True))
    assert await weather.is_outage(BackendDown("refused"))
    await asyncio.wait_for(weather.wait(), 2)
    assert not weather.down


async def test_closing_during_an_outage_leaves_no_task() -> None:
    weather = weather_of(Heart(False))
    await weather.is_outage(BackendDown("refused"))
    await weather.close()
    assert not [t for t in asyncio.all_tasks() if t.get_name() == "weather"]
