"""Sliding windows against the Horde's fixed ones."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aio.rate_limiter import MARGIN, MARGIN_MAX, REFUSED_MAX, RateLimiter
from tests.support.fakes.backend import LIFTED

HORDE = ((2, 1.0), (90, 60.0))


class Limiter:
    """The server's side: fixed windows that open with their first call."""

    def __init__(self, windows: tuple[tuple[int, float], ...]) -> None:
        self.windows = windows
        self.used: dict[tuple[int, float], tuple[int, float]] = {}

    def takes(self, at: float) -> bool:
        for window in self.windows:
            used, end = self.used.get(window, (0, 0.0))
            used, end = (0, at + window[1]) if end <= at else (used, end)
            self.used[window] = (used + 1, end)
            if used + 1 > window[0]:
                return False
        return True


def over_the_net(
    count: int, windows: tuple[tuple[int, float], ...], dice: random.Random
) -> tuple[float, float]:
    """(when the last one left, the share refused) with 60-250 ms each way."""
    pace, limiter = RateLimiter(windows), Limiter(windows)
    arrivals: list[float] = []
    answers: list[tuple[float, float]] = []
    now = 0.0
    for _ in range(count):
        while pace.ready_at() > now:
            now = pace.ready_at()
            for at, seconds in [a for a in answers if a[0] <= now]:
                pace.answered(seconds)
                answers.remove((at, seconds))
        pace.sent(now)
        there, back = dice.uniform(0.06, 0.25), dice.uniform(0.06, 0.25)
        arrivals.append(now + there)
        answers.append((now + there + back, there + back))
    refused = sum(not limiter.takes(at) for at in sorted(arrivals))
    return now, refused / count


def departures(pace: RateLimiter, count: int, start: float = 0.0) -> list[float]:
    times: list[float] = []
    now = start
    for _ in range(count):
        now = max(now, pace.ready_at())
        pace.sent(now)
        times.append(now)
    return times


def test_a_hundred_leave_in_the_time_that_the_limits_allow() -> None:
    times = departures(RateLimiter(HORDE), 100)
    assert times[1] == 0.0
    assert times[-1] <= 66.4  # 2/s and 90/min allow 64.5


@given(st.floats(0, 1000), st.floats(0, 60))
def test_no_fixed_window_of_any_alignment_is_overrun(start: float, offset: float) -> None:
    times = departures(RateLimiter(HORDE), 200, start)
    for count, seconds in HORDE:
        windows: dict[int, int] = {}
        for at in times:
            number = int((at - offset) // seconds)
            windows[number] = windows.get(number, 0) + 1
        assert max(windows.values()) <= count


def test_a_429_is_obeyed() -> None:
    pace = RateLimiter(HORDE)
    pace.refused(5.0, retry_after=15.0)
    assert pace.ready_at() == 20.0
    pace.refused(5.0, retry_after=None)
    assert pace.ready_at() == 20.0


def test_a_429_that_asks_for_a_day_is_asked_again_in_minutes() -> None:
    pace = RateLimiter(HORDE)
    pace.refused(5.0, retry_after=86_400.0)
    assert pace.ready_at() <= 5.0 + REFUSED_MAX
    assert max(seconds for _, seconds in HORDE) < REFUSED_MAX


def test_lifted_limits_apply_at_once() -> None:
    pace = RateLimiter(HORDE)
    departures(pace, 2)
    pace.learn(((10, 1.0), (300, 60.0)))
    assert pace.ready_at() <= 0.0
    times = departures(pace, 290)
    assert times[-1] <= 31.0


@pytest.mark.parametrize("seed", range(20))
def test_over_the_net_nearly_nothing_is_refused_and_no_time_is_lost(seed: int) -> None:
    last, refused = over_the_net(100, HORDE, random.Random(seed))
    assert refused <= 0.03
    assert last <= 66.4  # 97 % of what the limits allow


def test_a_thousand_with_lifted_limits() -> None:
    last, refused = over_the_net(1000, LIFTED, random.Random(1))
    assert refused <= 0.03
    assert last <= 196


def test_the_margin_follows_the_answers() -> None:
    pace = RateLimiter(HORDE)
    assert pace.margin == MARGIN
    pace.answered(0.15)
    assert pace.margin == 0.15  # one answer does not say how much they differ
    for seconds in (0.15, 0.2, 0.21, 0.17):
        pace.answered(seconds)
    assert pace.margin == pytest.approx(0.06)  # pyright: ignore[reportUnknownMemberType]
    pace.answered(9.0)
    assert pace.margin == MARGIN_MAX
    for _ in range(20):
        pace.answered(0.3)
    assert pace.margin == MARGIN


@given(st.integers(0, 120), st.integers(1, 200))
def test_the_forecast_is_what_happens(before: int, count: int) -> None:
    pace = RateLimiter(HORDE)
    now = departures(pace, before)[-1] if before else 0.0
    foreseen = pace.forecast(count, now)
    assert foreseen == departures(pace, count, now)
    assert all(a <= b for a, b in pairwise(foreseen))


def test_pace_of_a_short_while_counts_from_the_first_call() -> None:
    limiter = RateLimiter(HORDE)
    assert limiter.pace(60.0, 100.0) == 0.0
    for at in (81.0, 91.0, 101.0):
        limiter.sent(at)
    assert limiter.pace(60.0, 111.0) == 3 / 30
    assert limiter.pace(15.0, 111.0) == 1 / 10
