"""The queue of the local Horde."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from sandbox.horde.endpoints.image_endpoints import seed_of
from sandbox.horde.state.job_queue import JobQueue


@dataclass(eq=False)
class Item:
    id: str
    queue_order: float


@given(st.lists(st.floats(-1e9, 1e9)), st.data())
def test_positions_are_those_of_a_sorted_list(orders: list[float], data: st.DataObject) -> None:
    line: JobQueue[Item] = JobQueue()
    items = [Item(str(index), order) for index, order in enumerate(orders)]
    for item in items:
        line.add(item)
        line.add(item)
    gone: set[Item] = data.draw(st.sets(st.sampled_from(items))) if items else set()
    for item in gone:
        line.discard(item)
        line.discard(item)
    kept = sorted((i for i in items if i not in gone), key=lambda i: (i.queue_order, i.id))
    assert list(line) == kept
    assert len(line) == len(kept)
    for place, item in enumerate(kept, 1):
        assert line.position(item) == place
        assert item in line
    for item in gone:
        assert line.position(item) == 0


def test_seeds_are_folded_as_the_real_server_folds_them() -> None:
    assert seed_of("hello world") == 6581362
    assert seed_of("-5") == 13613
    assert seed_of("42") == 42
    assert seed_of("") is None


@given(st.text(min_size=1))
def test_every_text_is_a_seed_of_32_bits(text: str) -> None:
    seed = seed_of(text)
    assert seed is not None
    assert 0 <= seed < 2**32
