"""A dry run may use a submit's slot only when no request waits for it."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import pytest

from bot.backends.values import Limits, for_all_kinds
from bot.domain.requests import Kind
from bot.errors import RateLimited
from bot.pipeline.dispatch.kind_queue import KindQueue
from tests.support import builders


def queue_of(
    *windows: tuple[int, float], available: bool = True, kind: Kind = Kind.IMAGE
) -> KindQueue:
    backend = SimpleNamespace(
        name="horde", limits=for_all_kinds(Limits(windows=windows)), seen_rate={}
    )
    outage_monitor = SimpleNamespace(accepts=lambda _kind: available)  # pyright: ignore[reportUnknownLambdaType]
    return KindQueue(
        kind,
        backend=cast("Any", backend),
        outage_monitor=cast("Any", outage_monitor),
        submitter=MagicMock(),
        poller=MagicMock(),
    )


async def is_call_spare(queue: KindQueue) -> bool:
    async with queue.spare_call() as free:
        return free


async def test_with_nobody_waiting_it_is_free() -> None:
    queue = queue_of((2, 1.0), (90, 60.0))
    assert await is_call_spare(queue)
    assert await is_call_spare(queue)


async def test_a_question_counts_as_a_submit() -> None:
    queue = queue_of((1, 30.0))
    assert await is_call_spare(queue)
    assert not await is_call_spare(queue)


async def test_a_slot_that_is_near_is_waited_for() -> None:
    queue = queue_of((1, 0.1))
    assert await is_call_spare(queue)
    assert await is_call_spare(queue)


async def test_whoever_waits_comes_first() -> None:
    queue = queue_of((2, 1.0))
    queue.add(builders.record())
    assert len(queue) == 1
    assert not await is_call_spare(queue)
    assert await is_call_spare(
        queue_of((2, 1.0), kind=Kind.TEXT)
    )  # another limit, where no request waits


async def test_nothing_is_asked_during_an_outage() -> None:
    assert not await is_call_spare(queue_of((2, 1.0), available=False))


async def test_nothing_is_asked_while_it_closes() -> None:
    queue = queue_of((2, 1.0))
    await queue.drain(0.0)
    assert not await is_call_spare(queue)


async def test_a_refused_question_holds_the_rest_back() -> None:
    queue = queue_of((5, 1.0))
    with pytest.raises(RateLimited):
        async with queue.spare_call():
            raise RateLimited("429", retry_after=30.0)
    assert not await is_call_spare(queue)
