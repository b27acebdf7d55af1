"""Sliding windows against the Horde's fixed ones."""

from hypothesis import given
from hypothesis import strategies as st

from bot.pace import MARGIN, Pace

HORDE = ((2, 1.0), (90, 60.0))


def departures(pace: Pace, count: int, start: float = 0.0) -> list[float]:
    times: list[float] = []
    now = start
    for _ in range(count):
        now = max(now, pace.ready_at())
        pace.sent(now)
        times.append(now)
    return times


def test_a_hundred_leave_in_the_time_that_the_limits_allow() -> None:
    times = departures(Pace(HORDE), 100)
    assert times[1] == 0.0
    assert times[-1] <= 66.4  # 2/s and 90/min allow 64.5


@given(st.floats(0, 1000), st.floats(0, 60))
def test_no_fixed_window_of_any_alignment_is_overrun(start: float, offset: float) -> None:
    times = departures(Pace(HORDE), 200, start)
    for count, seconds in HORDE:
        windows: dict[int, int] = {}
        for at in times:
            number = int((at - offset) // seconds)
            windows[number] = windows.get(number, 0) + 1
        assert max(windows.values()) <= count


def test_a_429_is_obeyed() -> None:
    pace = Pace(HORDE)
    pace.refused(5.0, retry_after=15.0)
    assert pace.ready_at() == 20.0
    pace.refused(5.0, retry_after=None)
    assert pace.ready_at() == 20.0


def test_lifted_limits_apply_at_once() -> None:
    pace = Pace(HORDE)
    departures(pace, 2)
    pace.learn(((10, 1.0), (300, 60.0)))
    assert pace.ready_at() <= 0.0
    times = departures(pace, 290)
    assert times[-1] <= 31.0


def test_the_margin_is_small() -> None:
    assert MARGIN * 45 < 1.9  # 64.5 s of the limits and what the bench allows: 66.4
