"""Samples of the load of a Horde: bounded, and at a distance from each other."""

from bot.horde.load_samples import GAP, KEPT, LoadSamples
from bot.horde.server_info import Performance


class Clock:
    def __init__(self) -> None:
        self.time = 1_000.0

    def __call__(self) -> float:
        return self.time


def test_newest_sample_replaces_one_that_is_hardly_older() -> None:
    clock = Clock()
    samples = LoadSamples(clock)
    for queued in range(5):
        samples.add(Performance(queued_requests=queued))
        clock.time += 1
    assert [each.images_queued for each in samples.newest(60)] == [0, 4]
    clock.time += GAP
    samples.add(Performance(queued_requests=5))
    clock.time += GAP
    samples.add(Performance(queued_requests=6))
    assert [each.images_queued for each in samples.newest(600)] == [0, 5, 6]


def test_samples_are_bounded_and_the_oldest_leave_first() -> None:
    clock = Clock()
    samples = LoadSamples(clock)
    for queued in range(KEPT + 10):
        samples.add(Performance(queued_requests=queued))
        clock.time += GAP
    kept = samples.newest(1e9)
    assert (len(kept), kept[0].images_queued) == (KEPT, 10)
    assert len(samples.newest(10 * GAP)) == 10
