"""Repeated calls: which errors, how long the pauses are, which reports."""

import asyncio
from itertools import pairwise

import pytest

from bot.aio.retry import doubling, one_of, retry
from tests.support.virtual_clock import virtual


@virtual
async def test_pauses_transient_error_double_up_to_the_limit() -> None:
    loop, times = asyncio.get_running_loop(), list[float]()

    async def call() -> str:
        times.append(loop.time())
        if len(times) < 6:
            raise ConnectionError
        return "done"

    assert await retry(call, doubling(1.0, 4.0), when=one_of(OSError)) == "done"
    pauses = [round(after - before) for before, after in pairwise(times)]
    assert pauses == [1, 2, 4, 4, 4]


@virtual
async def test_error_other_class_is_raised_unchanged() -> None:
    reported: list[BaseException] = []
    errors = iter([ConnectionError("first"), ValueError("second")])

    async def call() -> None:
        raise next(errors)

    with pytest.raises(ValueError, match="second"):
        await retry(
            call,
            doubling(1.0, 4.0),
            when=one_of(OSError),
            report=lambda error, _state: reported.append(error),
        )
    assert [str(error) for error in reported] == ["first"]


@virtual
async def test_retry_cancelled_in_a_pause_stops() -> None:
    async def call() -> None:
        raise ConnectionError

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(10):
            await retry(call, doubling(1.0, 4.0), when=one_of(OSError))
