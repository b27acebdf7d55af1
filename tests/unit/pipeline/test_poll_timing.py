"""When to look again: simulated against a Horde whose estimate is off by up to 30 %."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.requests import Kind
from bot.domain.results import Phase, Status
from bot.pipeline.tracking.poll_timing import (
    CACHE,
    FIRST_POLL,
    LOOK_MAX,
    POLL_MAX,
    SECOND_POLL,
    poll_delay,
    worth_showing,
)


def processing_status(wait: int = 0, **more: object) -> Status:
    values: dict[str, object] = {"phase": Phase.PROCESSING, "processing": 1, "wait_time": wait}
    return Status.model_validate(values | more)


def simulated_polls(seconds: float, rng: random.Random) -> tuple[int, float]:
    """(checks until done, seconds from ready to seen) of a job of that length.

    The Horde compares a worker's usual speed with the clock: an estimate that is 30 % too long at
    first is still too long by as many seconds at the end.
    """
    believed, now, count = seconds * rng.uniform(0.7, 1.3), 1.5, 1
    while now < seconds:
        wait = round(max(0.0, believed - now))
        now += poll_delay(processing_status(wait), Kind.IMAGE, now + 30.0, now)
        count += 1
    return count, now - seconds


def test_few_looks_and_a_short_delay() -> None:
    rng = random.Random(7)
    jobs = [simulated_polls(rng.uniform(8, 16), rng) for _ in range(2_000)]
    counts = sorted(count for count, _ in jobs)
    delays = sorted(delay for _, delay in jobs)
    assert counts[1_000] <= 6  # with submit, status and picture: 9 calls
    assert counts[1_900] <= 9  # ... and 12
    assert delays[1_000] <= 0.55
    assert delays[1_900] <= 1.05


@given(st.integers(0, 100_000), st.floats(0, 1e4), st.floats(0, 1e4), st.sampled_from(list(Kind)))
def test_never_faster_than_the_cache_nor_very_slow(
    wait: int, age: float, worked: float, kind: Kind
) -> None:
    assert CACHE <= poll_delay(processing_status(wait), kind, age, worked) <= POLL_MAX


def test_poll_delay_while_a_worker_is_at_work_is_three_seconds_at_most() -> None:
    for wait in (0, 5, 60, 600):
        for worked in (0.0, 10.0, 60.0, 600.0):
            for kind in Kind:
                delay = poll_delay(processing_status(wait), kind, worked, worked)
                assert delay <= LOOK_MAX == 3.0


def test_poll_delay_of_a_worker_that_never_returns_grows_to_three_seconds() -> None:
    now, count = FIRST_POLL, 1
    while now < 540.0:  # as long as a real worker held one
        now += poll_delay(processing_status(max(0, round(8 - now))), Kind.IMAGE, now, now)
        count += 1
    assert count <= 200  # 472 once
    assert poll_delay(processing_status(0), Kind.IMAGE, 100.0, 100.0) == LOOK_MAX


def test_poll_delay_of_the_next_in_line_is_short_whatever_the_estimate() -> None:
    first, far = (
        processing_status(300, phase=Phase.WAITING, processing=0, queue_position=place)
        for place in (1, 40)
    )
    assert poll_delay(first, Kind.IMAGE, 20.0, 0.0) <= LOOK_MAX
    assert poll_delay(far, Kind.IMAGE, 20.0, 0.0) == POLL_MAX


def test_poll_delay_without_a_worker_that_can_take_it_grows() -> None:
    nobody = processing_status(8, phase=Phase.WAITING, processing=0, is_possible=False)
    assert poll_delay(nobody, Kind.IMAGE, 10.0, 0.0) == LOOK_MAX
    assert poll_delay(nobody, Kind.IMAGE, 600.0, 0.0) == POLL_MAX


def test_an_end_that_needs_a_second_look() -> None:
    assert poll_delay(processing_status(settled=False), Kind.IMAGE, 10.0, 10.0) == SECOND_POLL


def test_the_first_look_and_the_start_are_shown() -> None:
    assert worth_showing(None, processing_status(), since_shown=0.0)
    waiting = processing_status(20, phase=Phase.WAITING, processing=0)
    assert worth_showing(waiting, processing_status(20), since_shown=5.0)


@pytest.mark.parametrize("moved", [0, 5])
def test_a_card_that_would_say_the_same_is_left_alone(moved: int) -> None:
    assert not worth_showing(processing_status(60), processing_status(60 - moved), since_shown=5.0)


def test_an_end_that_stays_where_it_is_is_no_news_however_long_that_takes() -> None:
    waits = {"phase": Phase.WAITING, "processing": 0}
    assert not worth_showing(
        processing_status(1_000, **waits), processing_status(400, **waits), since_shown=600.0
    )
    assert worth_showing(
        processing_status(1_000, **waits), processing_status(430, **waits), since_shown=600.0
    )


def test_a_place_that_moves_and_a_bar_are_drawn_anew_now_and_then() -> None:
    far, near = (
        processing_status(60, phase=Phase.WAITING, processing=0, queue_position=place)
        for place in (9, 8)
    )
    assert worth_showing(far, near, since_shown=16.0)
    assert not worth_showing(far, near, since_shown=14.0)
    assert worth_showing(processing_status(300), processing_status(269), since_shown=31.0)
    assert not worth_showing(processing_status(300), processing_status(271), since_shown=29.0)


@pytest.mark.parametrize(("seconds", "least", "most"), [(12, 2, 3), (90, 5, 8), (600, 20, 28)])
def test_the_bar_moves_during_short_and_long_work(seconds: int, least: int, most: int) -> None:
    shown, edits = 0, 0
    for now in range(3, seconds, 3):
        old, new = processing_status(seconds - shown), processing_status(seconds - now)
        if worth_showing(old, new, since_shown=float(now - shown)):
            shown, edits = now, edits + 1
    assert least <= edits <= most


def test_an_end_that_moved_far_is_shown() -> None:
    assert worth_showing(processing_status(20), processing_status(90), since_shown=5.0)
