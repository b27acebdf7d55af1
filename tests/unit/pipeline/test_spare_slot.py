"""A question may use a submit's slot only when nobody waits for it."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import MagicMock

import pytest

from bot.backends.base import Limits
from bot.domain.requests import Kind
from bot.errors import RateLimited
from bot.pipeline.dispatch.dispatcher import Dispatcher
from tests.support.fakes.submission import FOX, record_of


def dispatcher_of(*windows: tuple[int, float], fine: bool = True) -> Dispatcher:
    backend = SimpleNamespace(name="horde", limits=Limits(windows=windows), seen_rate={})
    weather = SimpleNamespace(fine=fine, reason="")
    return Dispatcher(
        backend=cast("Any", backend),
        weather=cast("Any", weather),
        sender=MagicMock(),
        tracker=MagicMock(),
    )


async def asked(dispatcher: Dispatcher) -> bool:
    async with dispatcher.spare_slot(Kind.IMAGE) as free:
        return free


async def test_with_nobody_waiting_it_is_free() -> None:
    dispatcher = dispatcher_of((2, 1.0), (90, 60.0))
    assert await asked(dispatcher)
    assert await asked(dispatcher)


async def test_a_question_counts_as_a_submit() -> None:
    dispatcher = dispatcher_of((1, 30.0))
    assert await asked(dispatcher)
    assert not await asked(dispatcher)


async def test_a_slot_that_is_near_is_waited_for() -> None:
    dispatcher = dispatcher_of((1, 0.1))
    assert await asked(dispatcher)
    assert await asked(dispatcher)


async def test_whoever_waits_comes_first() -> None:
    dispatcher = dispatcher_of((2, 1.0))
    dispatcher.add(record_of(FOX))
    assert dispatcher.depth(Kind.IMAGE) == 1
    assert dispatcher.depth(Kind.TEXT) == 0
    assert not await asked(dispatcher)
    async with dispatcher.spare_slot(Kind.TEXT) as free:
        assert free  # another limit, and nobody waits for that


async def test_nothing_is_asked_during_an_outage() -> None:
    assert not await asked(dispatcher_of((2, 1.0), fine=False))


async def test_nothing_is_asked_while_it_closes() -> None:
    dispatcher = dispatcher_of((2, 1.0))
    await dispatcher.drain(0.0)
    assert not await asked(dispatcher)


async def test_a_refused_question_holds_the_rest_back() -> None:
    dispatcher = dispatcher_of((5, 1.0))
    with pytest.raises(RateLimited):
        async with dispatcher.spare_slot(Kind.IMAGE):
            raise RateLimited("429", retry_after=30.0)
    assert not await asked(dispatcher)
